// The live diagram: where the active person is and was, which arrows were taken how often.

import { draw } from "./diagram_draw.js";
import { byId, make } from "./dom.js";
import { jump, servicesOnce } from "./place.js";
import { nameOf, table } from "./states.js";
import { tell } from "./toast.js";

const view = byId("diagram-view");
const LEAST = 0.3;
const MOST = 2;
const READABLE = 0.85;

let phones;
let drawn = null; // what diagram_draw gave
let drawnFor = null; // which states it shows
let scale = READABLE; // 0: the whole, as large as there is room
let stood = "";

export function wire(given) {
  phones = given;
  byId("diagram-all").addEventListener("change", () => refresh());
  byId("pane-diagram").addEventListener("shown", async () => {
    await refresh();
    if (drawn?.byState.has(stood)) bringIntoSight(stood);
  });
  byId("diagram-fit").addEventListener("click", () => zoom(0));
  byId("diagram-larger").addEventListener("click", () => zoom(Math.min(MOST, size() * 1.25)));
  byId("diagram-smaller").addEventListener("click", () => zoom(Math.max(LEAST, size() / 1.25)));
  new ResizeObserver(() => {
    if (!drawn || !view.clientWidth) return;
    zoom(scale);
    if (drawn.byState.has(stood)) bringIntoSight(stood);
  }).observe(view);
}

/** Paint what the turns of `phone`, and of everybody else on this page, say. */
export function show() {
  if (!byId("pane-diagram").hidden) refresh();
}

/** Draw anew: the content has changed. */
export function forget() {
  drawnFor = null;
  show();
}

async function refresh() {
  try {
    const [all, services] = await Promise.all([table(), servicesOnce()]);
    const service = services.find(({ slug }) => slug === phones.active.records.at(-1)?.after.service);
    const isWhole = byId("diagram-all").checked || !service;
    const states = isWhole ? all.states : all.states.filter(({ id }) => isIn(service, id));
    const ids = states.map(({ id }) => id);
    const edges = all.edges.filter(({ source, dest }) => ids.includes(source) && ids.includes(dest));
    if (String(ids) !== drawnFor) {
      drawn = draw(states, edges, all.final, (state) => jump(phones, state));
      drawnFor = String(ids);
      view.replaceChildren(drawn.svg);
      stood = "";
      zoom(scale);
    }
    const counts = countRows(phones.records);
    const uncovered = paint(edges, counts);
    const beside = [...all.stays.filter(({ source }) => ids.includes(source)), ...all.anywhere];
    tellOf(
      isWhole ? "すべてのサービス" : service.name,
      edges,
      uncovered,
      beside.filter((row) => !sum(row, counts)),
    );
  } catch (error) {
    tell(error.message);
  }
}

/** A service's own states, and those before one has chosen it. */
function isIn(service, id) {
  return (
    service.states.some((state) => state.id === id) || ["choosing_service", "telling_apart"].includes(id)
  );
}

/** How often each row of the table was taken. */
function countRows(records) {
  const counts = new Map();
  for (const { row } of records) if (row) counts.set(row.number, (counts.get(row.number) ?? 0) + 1);
  return counts;
}

function sum({ row }, counts) {
  return row.reduce((total, number) => total + (counts.get(number) ?? 0), 0);
}

/** Paint counts, and where one is and was; the result is the edges nobody took. */
function paint(edges, counts) {
  for (const edge of edges) paintEdge(drawn.byEdge.get(edge), sum(edge, counts));
  const last = phones.active.records.at(-1);
  const [now, before] = [last?.after.state, last?.before.state];
  for (const [id, node] of drawn.byState) paintState(id, node, now, before);
  if (now !== stood && drawn.byState.has(now)) bringIntoSight(now);
  stood = now;
  return edges.filter((edge) => !sum(edge, counts));
}

function tellOf(what, edges, uncovered, beside) {
  const taken = edges.length - uncovered.length;
  byId("diagram-told").textContent =
    `${what}：矢印${edges.length}本のうち${taken}本を通りました。状態を押すと、そこへ行きます。`;
  byId("uncovered-title").textContent = `まだ通っていない行（${uncovered.length + beside.length}）`;
  byId("uncovered").replaceChildren(...[...uncovered, ...beside].map(line));
}

function paintEdge(node, count) {
  node.classList.toggle("is-visited", count > 0);
  node.querySelector(".edge-count text").textContent = `×${count}`;
}

function paintState(id, node, now, before) {
  const flag = id === now ? "いま" : id === before ? "前" : "";
  node.classList.toggle("is-current", id === now);
  node.classList.toggle("is-previous", id === before && id !== now);
  node.querySelector(".box-flag text").textContent = flag;
  node.setAttribute("aria-label", `${nameOf(id)}（${id}）${flag && `：${flag}`}。押すと、ここへ行きます`);
}

/** One row or arrow in words; a row without a source starts anywhere, one without an end stays. */
function line({ source, dest, label }) {
  const from = source ? nameOf(source) : "いつでも";
  return make(
    "li",
    {},
    `${from} → ${dest ? nameOf(dest) : "同じ場面で話す"}　`,
    make("code", { class: "key" }, label),
  );
}

function size() {
  return scale || Math.min(view.clientWidth / drawn.width, view.clientHeight / drawn.height);
}

function zoom(wanted) {
  if (!drawn) return;
  scale = wanted;
  drawn.svg.style.width = `${drawn.width * size()}px`;
  drawn.svg.style.height = `${drawn.height * size()}px`;
}

function bringIntoSight(id) {
  const { x, y } = drawn.at(id);
  view.scrollTo({ left: x * size() - view.clientWidth / 2, top: y * size() - view.clientHeight / 2 });
}
