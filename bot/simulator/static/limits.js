// How near a turn's messages came to LINE's limits.

import { make } from "./dom.js";

const FEW = 4; // shown at once; the rest opens
const UNITS = { utf16: "字（UTF-16）", graphemes: "字", bytes: "バイト", items: "個" };

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

function meter({ what, used, most, unit, share }) {
  const told = `${used} / ${most}${UNITS[unit] ?? unit}`;
  const bar = make("meter", {
    min: 0,
    max: 1,
    low: 0.8,
    high: 0.95,
    optimum: 0,
    value: share,
    "aria-label": `${what}：${told}`,
  });
  return make(
    "li",
    { class: "limit" },
    make("code", { class: "limit-what" }, what),
    bar,
    make("span", { class: "limit-used" }, told),
  );
}
