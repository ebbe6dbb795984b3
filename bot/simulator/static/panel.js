// The panel: who and when we are, and the record of the last turn.

const byId = (id) => document.getElementById(id);
const panel = byId("panel");
const opener = byId("panel-open");

const moment = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo",
  year: "numeric",
  month: "long",
  day: "numeric",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});

let ahead = 0; // milliseconds the simulated clock is ahead of this machine's

/** Write down what an update says. */
export function record({ person, now, turn }) {
  byId("who").textContent = person.name;
  ahead = new Date(now) - Date.now();
  tick();
  byId("block").textContent = person.face === "blocked" ? "ブロックを解除" : "ブロックする";
  byId("block").disabled = person.face === "stranger";
  byId("turn").hidden = !turn;
  byId("turn-none").hidden = Boolean(turn);
  if (turn) recordTurn(turn);
}

function tick() {
  const now = new Date(Date.now() + ahead);
  byId("clock").textContent = moment.format(now);
  byId("clock").dateTime = now.toISOString();
}

setInterval(tick, 5000);

function recordTurn(turn) {
  byId("turn-facts").replaceChildren(
    ...fact("届いたもの", turn.heard),
    ...fact("Webhook", outcome(turn.webhook)),
    ...fact("状態", key(turn.state)),
    ...fact("サービス", key(turn.service)),
    ...fact("返したもの", ...turn.says.map(key)),
  );
  fill("answers", turn.answers, (answer) => [
    key(answer.state),
    make("span", "", [answer.trigger, answer.argument].filter(Boolean).join(" ")),
  ]);
  fill("calls", turn.calls, (call) => [make("span", "", `${call.method} ${call.path}`), outcome(call)]);
  byId("raw-event").textContent = JSON.stringify(turn.event, null, 2);
  byId("raw-messages").textContent = JSON.stringify(turn.messages, null, 2);
}

function fact(name, ...values) {
  const told = values.filter((value) => value && (value.textContent ?? value));
  const dd = make("dd");
  dd.append(...(told.length ? told : ["—"]));
  return [make("dt", "", name), dd];
}

function fill(id, items, parts) {
  byId(id).replaceChildren(
    ...items.map((item) => {
      const li = make("li");
      li.append(...parts(item).flatMap((part) => [part, " "]));
      return li;
    }),
  );
  byId(`${id}-none`).hidden = items.length > 0;
}

function outcome({ status, note }) {
  const isGood = status >= 200 && status < 300;
  return make("span", isGood ? "good" : "bad", `${status || "応答なし"}${note && `（${note}）`}`);
}

function key(text) {
  return make("span", "key", text ?? "");
}

function make(name, className = "", text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

function turnPanel(isOpen) {
  panel.dataset.open = String(isOpen);
  opener.setAttribute("aria-expanded", String(isOpen));
  byId("phone").inert = isOpen;
  (isOpen ? byId("panel-close") : opener).focus();
}

opener.addEventListener("click", () => turnPanel(true));
byId("panel-close").addEventListener("click", () => turnPanel(false));
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.dataset.open === "true") turnPanel(false);
});
matchMedia("(min-width: 54rem)").addEventListener("change", ({ matches }) => {
  if (matches && panel.dataset.open === "true") turnPanel(false);
});
