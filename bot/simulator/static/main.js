// Starts the page: one tab is one person, named in the address (?user=…).

import { write } from "./composer.js";
import { record } from "./panel.js";
import { clearQuickReplies, show } from "./talk.js";
import { watch } from "./taps.js";
import { tell } from "./toast.js";
import { listen, post } from "./wire.js";

const byId = (id) => document.getElementById(id);
const phone = byId("phone");
const lost = byId("lost");
const PRESENCE = { friend: "公式アカウント", stranger: "まだ友だちではありません", blocked: "ブロック中" };

async function begin() {
  const person = new URL(location.href).searchParams.get("user") ?? (await somebodyNew());
  const doIt = (what, body) => post(`/people/${encodeURIComponent(person)}/${what}`, body).catch(complain);

  listen(person, take, (state) => {
    lost.hidden = state === "open";
    if (state === "retrying") lost.textContent = "シミュレーターにつながりません。つながるまで待っています。";
    if (state === "closed") lost.replaceChildren("この人はもういません。", freshLink());
  });
  watch(phone, (tapped) => doIt("tap", tapped));
  write((text) => {
    clearQuickReplies();
    doIt("say", { text });
  });
  const buttons = {
    "send-sticker": () => doIt("send", { kind: "sticker" }),
    "send-image": () => doIt("send", { kind: "image" }),
    follow: () => doIt("follow"),
    block: () => doIt(phone.dataset.face === "blocked" ? "follow" : "block"),
    "refused-unblock": () => doIt("follow"),
    "next-day": () => post("/clock", { days: 1 }).catch(complain),
    fresh: () => location.assign("/"),
  };
  for (const [id, act] of Object.entries(buttons)) byId(id).addEventListener("click", act);
}

async function somebodyNew() {
  const { person } = await post("/people");
  history.replaceState(null, "", `?user=${encodeURIComponent(person)}`);
  return person;
}

function take(update) {
  phone.dataset.face = update.person.face;
  byId("presence").textContent = PRESENCE[update.person.face];
  show(update.entries, update.waiting);
  record(update);
}

function complain(error) {
  tell(error.message);
}

function freshLink() {
  const link = document.createElement("a");
  link.href = "/";
  link.textContent = "新しい人で始める";
  return link;
}

begin().catch((error) => {
  lost.hidden = false;
  lost.textContent = error.message;
});
