// One turn as staff read it: what came, how it was read, why it moved, what it answered.

import { copy } from "./copy.js";
import { fork } from "./desk.js";
import { button, make } from "./dom.js";
import { drawLimits } from "./limits.js";
import { nameOf, stateMark } from "./states.js";
import { tell } from "./toast.js";

const clock = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", timeStyle: "medium" });
const SIGNS = { added: ["＋", "増えた"], gone: ["−", "消えた"], kept: ["　", "そのまま"] };

/** The node of one record. */
export function drawTurn(record, phones) {
  const details = make("details", { class: "turn" }, summary(record), body(record, phones));
  details.querySelector("summary").addEventListener("click", () => {
    details.dataset.touched = "true";
  });
  return make("li", { "data-turn": record.n }, details);
}

/** What was done, in the person's own words where there are any. */
function deed({ heard, event, understood }) {
  if (event?.message?.text) return `「${event.message.text}」`;
  return event?.type === "postback" && understood ? understood : heard;
}

function summary(record) {
  const { n, at, before, after, webhook } = record;
  const moved =
    before.state === after.state
      ? nameOf(after.state)
      : `${nameOf(before.state) || "はじめ"} → ${nameOf(after.state) || "（消えた）"}`;
  return make(
    "summary",
    { class: "turn-head" },
    make("span", { class: "turn-n" }, `${n}`),
    make("span", { class: "turn-heard" }, deed(record)),
    make("span", { class: "turn-moved" }, moved),
    outcome(webhook),
    make("time", { class: "turn-at", datetime: at }, clock.format(new Date(at))),
  );
}

function body(record, phones) {
  const steps = [
    ["届いたもの", [make("p", {}, record.heard), raw("イベント（JSON）", record.event ?? record.events)]],
    ["読みとり", [make("p", { class: "understood" }, record.understood || "—")]],
    ["条件", guards(record.tries)],
    ["遷移", transition(record)],
    ["回答", changed(record)],
    ["返した言葉", said(record)],
    ["LINEへの呼び出し", calls(record.calls)],
  ];
  return make(
    "div",
    { class: "turn-body" },
    make(
      "ol",
      { class: "steps" },
      ...steps.map(([title, parts]) =>
        make(
          "li",
          { class: "step" },
          make("h3", { class: "step-title" }, title),
          make("div", { class: "step-told" }, ...parts),
        ),
      ),
    ),
    deeds(record, phones),
  );
}

function guards(tries) {
  if (!tries.length) return [none("見た条件はありません。")];
  const line = ({ row, guard, guard_says: says, passed }) =>
    make(
      "li",
      { class: "try" },
      make("span", { class: passed ? "good" : "no" }, passed ? "✓ 成り立つ" : "✗ ちがう"),
      make("span", { class: "try-says" }, says || "（条件なし）"),
      guard ? make("code", { class: "key" }, guard) : null,
      make("span", { class: "faint" }, `行${row}`),
    );
  return [make("ul", { class: "tries" }, ...tries.map(line))];
}

function transition({ before, after, row }) {
  const to = make("span", { role: "img", "aria-label": "から" }, "→");
  const arrow = make("p", { class: "arrow" }, stateMark(before.state), to, stateMark(after.state));
  if (!row) return [arrow, none("表の行は使っていません。")];
  const code = (kind, text) => make("code", { class: kind }, text);
  return [
    arrow,
    make("p", {}, code("key", row.trigger), " ", code("place", `行${row.number}　${row.place}`)),
  ];
}

function changed({ before, after, diff }) {
  const line = ({ kind, state, trigger, argument }) =>
    make(
      "li",
      { class: `diff is-${kind}` },
      make("span", { class: "diff-sign", role: "img", "aria-label": SIGNS[kind][1] }, SIGNS[kind][0]),
      `${nameOf(state)}：`,
      make("code", { class: "key" }, [trigger, argument].filter(Boolean).join(" ")),
    );
  const parts = diff.length
    ? [make("ul", { class: "diffs" }, ...diff.map(line))]
    : [none("回答はまだありません。")];
  if (before.service === after.service) return parts;
  const mark = (slug) => (slug ? make("code", { class: "key" }, slug) : "なし");
  return [make("p", {}, "サービス：", mark(before.service), " → ", mark(after.service)), ...parts];
}

function said({ says, messages, limits }) {
  if (!says.length && !messages.length) return [none("何も返していません。")];
  const line = ({ id, facts, place }) =>
    make(
      "li",
      {},
      make("code", { class: "key" }, id),
      " ",
      make("code", { class: "place" }, place ?? ""),
      facts?.length ? make("p", { class: "faint" }, `事実：${facts.join("、")}`) : null,
    );
  return [
    make("ul", { class: "says" }, ...says.map(line)),
    drawLimits(limits),
    raw("メッセージ（JSON）", messages),
  ].filter(Boolean);
}

function calls(given) {
  if (!given.length) return [none("ありません。")];
  const line = (call) =>
    make(
      "li",
      { class: "call" },
      make(
        "p",
        {},
        make("code", {}, `${call.method} ${call.path}`),
        " ",
        outcome(call),
        call.ms === undefined ? null : make("span", { class: "faint" }, ` ${Math.round(call.ms)} ms`),
      ),
      raw("要求と応答（JSON）", { request: call.request, response: call.response }),
    );
  return [make("ul", { class: "calls" }, ...given.map(line))];
}

function deeds(record, phones) {
  const take = (what, text) => async () =>
    tell((await copy(text)) ? `${what}をコピーしました` : "このブラウザではコピーできませんでした。");
  return make(
    "div",
    { class: "turn-deeds", role: "group", "aria-label": `${record.n}回目のやりとりから` },
    button("JSONをコピー", take("JSON", JSON.stringify(record, null, 2))),
    button("curlをコピー", take("curl", record.curl)),
    button("台本の行をコピー", take("台本の行", record.step)),
    button("この前からやり直す", () => phones.active.do("restart", { n: record.n })),
    button("ここで分ける", () => fork(phones, record.n)),
  );
}

function outcome({ status, note, mishap }) {
  const isGood = status >= 200 && status < 300;
  const told = status || (mishap ? "届いていません" : "応答なし");
  const beside = [note, mishap].filter(Boolean).join("、");
  return make("span", { class: isGood ? "good" : "bad" }, `${told}${beside ? `（${beside}）` : ""}`);
}

function raw(title, value) {
  const details = make("details", { class: "raw" }, make("summary", {}, title));
  details.addEventListener("toggle", () => {
    // Written when it is asked for: most are never looked at.
    if (details.open && details.children.length === 1)
      details.append(make("pre", { tabindex: "0" }, JSON.stringify(value, null, 2)));
  });
  return details;
}

function none(text) {
  return make("p", { class: "faint" }, text);
}
