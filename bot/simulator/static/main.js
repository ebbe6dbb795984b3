// Starts the page. Who is shown stands in the address: ?user=…, or ?service=…&state=… for
// somebody new who is brought to that place.

import * as desk from "./desk.js";
import * as diagram from "./diagram.js";
import { byId } from "./dom.js";
import * as faults from "./faults.js";
import * as place from "./place.js";
import { Phones } from "./phones.js";
import * as reload from "./reload.js";
import * as script from "./script.js";
import * as states from "./states.js";
import { tell } from "./toast.js";
import * as turns from "./turns.js";

let version; // of the content that names, services and the diagram were asked for

const phones = new Phones((phone, update) => {
  if (update.version && version !== update.version) {
    if (version) takeUpContent();
    version = update.version;
  }
  desk.show(phone, update);
  turns.show(phone);
  diagram.show(phone);
  place.show(phone);
  faults.show(update);
  reload.show(update);
});

/** The content has changed: what it names is asked for again. */
function takeUpContent() {
  states.forget();
  place.refresh();
  turns.refresh();
  diagram.forget();
}

async function begin() {
  for (const part of [desk, turns, diagram, place, faults, script]) part.wire(phones);
  byId("fresh").addEventListener("click", async () => {
    await phones.welcome().catch((error) => tell(error.message));
    phones.focus();
  });
  const asked = new URL(location.href).searchParams;
  if (asked.has("user")) {
    phones.turnTo(asked.get("user"), asked.get("beside"));
  } else {
    await phones.welcome(place.asked(asked));
  }
}

begin().catch((error) => {
  byId("lost").hidden = false;
  byId("lost").textContent = error.message;
});
