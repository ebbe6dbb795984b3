// Going to a place: a service and a state, by the shortest way there is.

import { byId, make } from "./dom.js";
import { nameOf } from "./states.js";
import { tell } from "./toast.js";
import { get, of, post } from "./wire.js";

const service = byId("place-service");
const state = byId("place-state");
let asking;
let services = [];
let phones;
let stood = "";

/** Every service with the states one can be in: fetched once. */
export function servicesOnce() {
  asking ??= get("/services");
  return asking;
}

/** The place that an address asks for, as `POST /people` takes it. */
export function asked(query) {
  const named = ["service", "state"].filter((name) => query.get(name));
  return Object.fromEntries(named.map((name) => [name, query.get(name)]));
}

/** Ask for the services again: the content has changed. */
export function refresh() {
  asking = undefined;
  return offerServices();
}

export function wire(given) {
  phones = given;
  service.addEventListener("change", offerStates);
  state.addEventListener("change", link);
  byId("place").addEventListener("submit", (event) => {
    event.preventDefault();
    jump(phones, state.value, service.value);
  });
  byId("force-close").addEventListener("click", () => byId("force").close());
  offerServices();
}

async function offerServices() {
  const before = service.value;
  try {
    services = await servicesOnce();
    service.replaceChildren(...services.map(({ slug, name }) => make("option", { value: slug }, name)));
    if (services.some(({ slug }) => slug === before)) service.value = before;
    if (phones.active) show(phones.active);
    offerStates();
  } catch (error) {
    tell(error.message);
  }
}

/** Begin with the service the person is in. */
export function show(phone) {
  const here = phone.records.at(-1)?.after.service ?? "";
  if (here === stood || !services.some(({ slug }) => slug === here)) return;
  stood = here;
  service.value = here;
  offerStates();
}

/** Bring the active person to a state; where no way leads there, ask whether to force it. */
export async function jump(given, id, slug = given.active.records.at(-1)?.after.service || service.value) {
  const { person } = given.active;
  try {
    await post(of(person, "jump"), { state: id, service: slug });
    tell(`${nameOf(id)}へ移りました`);
  } catch (error) {
    if (error.status === 409) offerForce(person, id, slug, error.message);
    else tell(error.message);
  }
}

function offerForce(person, id, slug, why) {
  const dialog = byId("force");
  byId("force-text").textContent = why;
  byId("force-go").onclick = () => {
    dialog.close();
    post(of(person, "jump"), { state: id, service: slug, force: true }).catch((error) => tell(error.message));
  };
  dialog.showModal();
}

function offerStates() {
  const states = services.find(({ slug }) => slug === service.value)?.states ?? [];
  const before = state.value;
  state.replaceChildren(...states.map(({ id, name }) => make("option", { value: id }, `${name}（${id}）`)));
  if (states.some(({ id }) => id === before)) state.value = before;
  link();
}

function link() {
  byId("place-link").href = `/?${new URLSearchParams({ service: service.value, state: state.value })}`;
}
