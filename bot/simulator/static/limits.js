// How near a turn's messages came to LINE's limits.

import { make } from "./dom.js";

const FEW = 4; // shown at once; the rest opens
const LEVELS = { over: "（超えています）", near: "（残りわずか）" };

/** A meter a limit, the nearest first; null where nothing was measured. */
export function drawLimits(limits) {
  if (!limits?.length) return null;
  const meters = [...limits].sort((one, other) => other.share - one.share).map(meter);
  const list = make("ul", { class: "limits", "aria-label": "LINEの上限まで" }, ...meters.slice(0, FEW));
  if (meters.length <= FEW) return list;
  const rest = make(
    "details",
    { class: "raw" },
    make("summary", {}, `ほかの上限（${meters.length - FEW}）`),
    make("ul", { class: "limits" }, ...meters.slice(FEW)),
  );
  return make("div", {}, list, rest);
}

/** `says` is what is limited, in words; `what` the limit's name, for who looks it up. */
function meter({ what, says, used, most, unit, share, level }) {
  const told = `${used} / ${most}${unit}${LEVELS[level] ?? ""}`;
  const bar = make("meter", {
    min: 0,
    max: 1,
    low: 0.8,
    high: 0.95,
    optimum: 0,
    value: share,
    "aria-label": `${says}：${told}`,
  });
  return make(
    "li",
    { class: "limit", title: what, "data-limit": what },
    make("span", { class: "limit-what" }, says),
    bar,
    make("span", { class: "limit-used" }, told),
  );
}
