// What goes to the simulator's server and comes back from it.

const token = document.querySelector('meta[name="simulator-token"]').content;

/** Post `body` as JSON; the answer's JSON, or an Error whose message may be shown. */
export async function post(path, body = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Simulator-Token": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("シミュレーターにつながりません。ターミナルで動いているか確かめてください。");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message ?? `うまくいきませんでした（${answer.status}）。`);
  return said;
}

/**
 * Listen to everything that happens to one person. `onUpdate` hears each change, `onState` how
 * the line is: "open", "retrying" (the browser tries again by itself) or "closed" (for good).
 */
export function listen(person, onUpdate, onState) {
  let stream;
  const open = () => {
    stream = new EventSource(`/people/${encodeURIComponent(person)}/stream`);
    stream.addEventListener("open", () => onState("open"));
    stream.addEventListener("update", (event) => onUpdate(JSON.parse(event.data)));
    stream.addEventListener("error", () => {
      onState(stream.readyState === EventSource.CLOSED ? "closed" : "retrying");
    });
  };
  // A browser keeps six connections to one server: tabs nobody looks at must not hold them.
  const openWhenSeen = () => {
    stream?.close();
    if (document.visibilityState === "visible") open();
  };
  document.addEventListener("visibilitychange", openWhenSeen);
  openWhenSeen();
}
