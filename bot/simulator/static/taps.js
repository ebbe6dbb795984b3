// What a tap on anything in the talk does. Old buttons do the same as new ones.

import { copy } from "./copy.js";
import { ask } from "./sheet.js";
import { clearQuickReplies } from "./talk.js";
import { tell } from "./toast.js";

const FIRST = 24; // characters of a copied text that are shown
const letters = new Intl.Segmenter("ja", { granularity: "grapheme" });

/** Let everything in `root` that carries an action be tapped; `send` takes what goes to the bot. */
export function watch(root, send) {
  root.addEventListener("click", (event) => tap(event.target, send));
  root.addEventListener("keydown", (event) => {
    const isKey = event.key === "Enter" || event.key === " ";
    if (!isKey || event.target.getAttribute("role") !== "button") return;
    event.preventDefault();
    tap(event.target, send);
  });
}

async function tap(target, send) {
  const part = target.closest("[data-action]");
  if (!part) return;
  const action = JSON.parse(part.dataset.action);
  const n = Number(part.closest("[data-n]").dataset.n);
  const isButton = !part.classList.contains("link"); // an address in a text is no button of ours
  if (part.classList.contains("chip")) clearQuickReplies();
  switch (action.type) {
    case "uri":
      ask(action.uri ?? "", () => isButton && send({ n, action }));
      break;
    case "clipboard":
      if (await offerCopy(action.clipboardText ?? "")) await send({ n, action });
      break;
    case "postback":
    case "message":
      await send({ n, action });
      break;
    default:
      tell(`「${action.type}」のボタンは、このシミュレーターでは動きません。`);
  }
}

/** Copy, and say what was copied; false when the browser does not let us. */
async function offerCopy(text) {
  if (!(await copy(text))) {
    tell("このブラウザではコピーできませんでした。文面を長押しして選んでください。");
    return false;
  }
  const all = [...letters.segment(text.replace(/\s+/g, " ").trim())].map((part) => part.segment);
  const first = all.slice(0, FIRST).join("");
  tell(`コピーしました\n「${first}${all.length > FIRST ? "…" : ""}」`);
  return true;
}
