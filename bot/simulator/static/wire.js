// What goes to the simulator's server and comes back from it.

import { follow } from "./stream.js";

export const token = document.querySelector('meta[name="simulator-token"]').content;

/** Post `body` as JSON; the answer's JSON, or an Error whose message may be shown. */
export function post(path, body = {}) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Simulator-Token": token },
    body: JSON.stringify(body),
  });
}

/** Get JSON, or an Error whose message may be shown. */
export function get(path) {
  return ask(path, {});
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("シミュレーターにつながりません。ターミナルで動いているか確かめてください。");
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const error = new Error(said.message ?? `うまくいきませんでした（${answer.status}）。`);
  error.status = answer.status;
  throw error;
}

/** The address of one thing of a person's. */
export function of(person, what) {
  return `/people/${encodeURIComponent(person)}/${what}`;
}

/** Listen to everything that happens to one person; see `follow`. */
export function listen(person, onUpdate, onState) {
  return follow(of(person, "stream"), onUpdate, onState);
}
