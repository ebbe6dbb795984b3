// Listening to the simulator's server, for as long as the page is looked at.

/**
 * Follow what is told at `address` until the result is called. `onUpdate` hears each change,
 * `onState` how the line is: "open", "retrying" (the browser tries again by itself) or "closed"
 * (for good).
 */
export function follow(address, onUpdate, onState) {
  let stream;
  const open = () => {
    stream = new EventSource(address);
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
  return () => {
    document.removeEventListener("visibilitychange", openWhenSeen);
    stream?.close();
  };
}
