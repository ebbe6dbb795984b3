// The talk so far as a script: shown, copied, downloaded, and whether it holds.

import { copy } from "./copy.js";
import { byId } from "./dom.js";
import { tell } from "./toast.js";
import { of, post } from "./wire.js";

const dialog = byId("script");
const yaml = byId("script-yaml");
const told = byId("script-told");
const save = byId("script-save");
let phones;
let address = "";

export function wire(given) {
  phones = given;
  byId("make-talk").addEventListener("click", begin);
  byId("script-close").addEventListener("click", () => dialog.close());
  byId("script-copy").addEventListener("click", async () => {
    const isCopied = await copy(yaml.textContent, dialog);
    told.textContent = isCopied ? "コピーしました。" : "このブラウザではコピーできませんでした。";
  });
  byId("script-form").addEventListener("submit", (event) => {
    event.preventDefault();
    make();
  });
}

function begin() {
  if (!phones.active.turns.size) {
    tell("まだ会話がありません。");
    return;
  }
  told.textContent = "";
  told.dataset.holds = "";
  for (const part of [yaml, save, byId("script-copy")]) part.hidden = true;
  dialog.showModal();
  byId("script-name").focus();
}

async function make() {
  const button = byId("script-make");
  button.disabled = true;
  told.dataset.holds = "";
  told.textContent = "新しい人でやり直しています…";
  try {
    show(await post(of(phones.active.person, "talk"), { title: byId("script-name").value.trim() }));
  } catch (error) {
    told.dataset.holds = "no";
    told.textContent = error.message;
  }
  button.disabled = false;
}

function show({ yaml: text, name, replayed, problem }) {
  told.dataset.holds = replayed ? "yes" : "no";
  told.textContent = replayed
    ? "✓ 新しい人で一度やり直し、同じになりました。"
    : `✗ やり直すと同じになりません：${problem}`;
  yaml.textContent = text;
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  save.href = address;
  save.download = name ?? "talk.yaml";
  for (const part of [yaml, save, byId("script-copy")]) part.hidden = false;
}
