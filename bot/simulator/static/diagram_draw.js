// The diagram as SVG: dagre says where things stand, the rest is ours.

import { Graph, layout } from "./vendor/dagre.esm.js";

const SVG = "http://www.w3.org/2000/svg";
const NODE = { width: 164, height: 50 };
const MARGIN = 16;
const LOOP = 34;

/**
 * Draw `states` ({id, name}) and `edges` ({row, source, dest, label}); `onChoose` hears the id of
 * a state that was chosen. The result holds the `svg`, its size, and the nodes by state and by
 * edge, so that what changes is painted without laying out anew.
 */
export function draw(states, edges, final, onChoose) {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 22, ranksep: 46, edgesep: 12 });
  for (const { id } of states) graph.setNode(id, { ...NODE });
  for (const { source, dest, row, guards } of edges) {
    if (source === dest) continue; // drawn by ourselves: dagre's loops do not close
    // What happens when no guard says otherwise is drawn straight; it shortens the lines by a sixth.
    graph.setEdge(source, dest, { weight: guards.length ? 1 : 2 }, String(row));
  }
  layout(graph);
  const { left, top, width, height } = bounds(graph);
  const svg = make("svg", { viewBox: `${left} ${top} ${width} ${height}`, class: "diagram" });
  svg.append(arrowhead());
  const byEdge = new Map();
  for (const edge of edges) {
    const { source, dest, row } = edge;
    const line = graph.edge(source, dest, String(row));
    const path = line ? curve(line.points) : loop(graph.node(source));
    const drawn = arrow(edge, path);
    svg.append(drawn);
    byEdge.set(edge, drawn);
  }
  const byState = new Map();
  for (const state of states) {
    const drawn = box(state, graph.node(state.id), final.includes(state.id), onChoose);
    svg.append(drawn);
    byState.set(state.id, drawn);
  }
  const at = (id) => ({ x: graph.node(id).x - left, y: graph.node(id).y - top });
  return { svg, width, height, byEdge, byState, at };
}

/** The room everything takes: dagre's own size leaves out lines that run outside the boxes. */
function bounds(graph) {
  const points = graph.edges().flatMap((edge) => graph.edge(edge).points);
  const corners = graph.nodes().flatMap((id) => {
    const { x, y } = graph.node(id);
    return [
      { x: x - NODE.width / 2, y: y - NODE.height / 2 - MARGIN },
      { x: x + NODE.width / 2 + LOOP, y: y + NODE.height / 2 },
    ];
  });
  const [xs, ys] = [[...points, ...corners].map(({ x }) => x), [...points, ...corners].map(({ y }) => y)];
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  return { left, top, width: Math.max(...xs) + MARGIN - left, height: Math.max(...ys) + MARGIN - top };
}

/** An arrow back to where it came from, on the right of the box. */
function loop({ x, y }) {
  const right = x + NODE.width / 2;
  return `M${right} ${y - 10}C${right + LOOP} ${y - 26} ${right + LOOP} ${y + 26} ${right} ${y + 10}`;
}

function arrow({ label, guards }, line) {
  const path = make("path", { d: line, "marker-end": "url(#arrowhead)" });
  const middle = path.getPointAtLength(path.getTotalLength() / 2);
  const badge = make("g", { class: "edge-count", transform: `translate(${middle.x} ${middle.y})` });
  badge.append(make("rect", { x: -13, y: -9, width: 26, height: 18, rx: 9 }), make("text", { y: 4 }));
  const title = make("title");
  title.textContent = [label, ...guards.map(({ says }) => says)].join("／");
  const group = make("g", { class: "edge-line" });
  group.append(title, path, badge);
  return group;
}

/** A smooth line: each corner is the control point of a curve between the midpoints beside it. */
function curve(points) {
  const [first, ...rest] = points;
  let path = `M${first.x} ${first.y}`;
  for (let at = 0; at < rest.length - 1; at += 1) {
    const isLast = at === rest.length - 2;
    const end = isLast ? rest[at + 1] : middle(rest[at], rest[at + 1]);
    path += `Q${rest[at].x} ${rest[at].y} ${end.x} ${end.y}`;
  }
  return path;
}

function middle(one, other) {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function box({ id, name }, { x, y }, isFinal, onChoose) {
  const group = make("g", {
    class: `box${isFinal ? " is-final" : ""}`,
    role: "button",
    tabindex: 0,
    transform: `translate(${x - NODE.width / 2} ${y - NODE.height / 2})`,
  });
  group.dataset.state = id;
  const title = make("text", { x: NODE.width / 2, y: 21, class: "box-name" });
  title.textContent = name;
  const under = make("text", { x: NODE.width / 2, y: 38, class: "box-id" });
  under.textContent = id;
  const flag = make("g", { class: "box-flag", transform: `translate(${NODE.width / 2} 0)` });
  flag.append(make("rect", { x: -20, y: -14, width: 40, height: 18, rx: 9 }), make("text", { y: -1 }));
  group.append(make("rect", { ...NODE, rx: 10, class: "box-paper" }), title, under, flag);
  group.addEventListener("click", () => onChoose(id));
  group.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChoose(id);
  });
  return group;
}

function arrowhead() {
  const marker = make("marker", {
    id: "arrowhead",
    viewBox: "0 0 8 8",
    refX: 7,
    refY: 4,
    markerWidth: 8,
    markerHeight: 8,
    markerUnits: "userSpaceOnUse",
    orient: "auto-start-reverse",
  });
  marker.append(make("path", { d: "M0 0 8 4 0 8Z", class: "arrowhead" }));
  const definitions = make("defs");
  definitions.append(marker);
  return definitions;
}

function make(name, attributes = {}) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
