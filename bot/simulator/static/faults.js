// What goes wrong at the next calls to LINE.

import { byId, make } from "./dom.js";
import { tell } from "./toast.js";
import { post } from "./wire.js";

const KINDS = new Map([
  ["500", "500 エラー"],
  ["500-after", "500 エラー（じつは送れている）"],
  ["429", "429 呼びすぎ"],
  ["429-monthly", "429 月の上限"],
  ["401", "401 鍵がちがう"],
  ["timeout", "返事が来ない"],
  ["timeout-after", "返事が来ない（じつは送れている）"],
  ["reset", "接続が切れる"],
  ["reset-after", "接続が切れる（じつは送れている）"],
]);

export function wire() {
  const kinds = [...KINDS].map(([value, name]) => make("option", { value }, name));
  byId("fault-kind").replaceChildren(...kinds);
  byId("faults").addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { kind: byId("fault-kind").value, times: byId("fault-times").valueAsNumber };
    post("/faults", body).catch((error) => tell(error.message));
  });
  byId("faults-clear").addEventListener("click", () =>
    post("/faults/clear").catch((error) => tell(error.message)),
  );
}

/** List what is still to happen. */
export function show({ faults }) {
  if (!faults) return;
  byId("faults-none").hidden = faults.length > 0;
  byId("faults-left").replaceChildren(
    ...faults.map(({ kind, left }) =>
      make("li", {}, make("code", { class: "key" }, kind), ` ${KINDS.get(kind) ?? kind}：あと${left}回`),
    ),
  );
}
