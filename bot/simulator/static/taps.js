// What a tap on anything in the talk does. Old buttons do the same as new ones.

import { copy } from "./copy.js";
import { pick } from "./date.js";
import { ask } from "./sheet.js";
import { tell } from "./toast.js";

const FIRST = 24; // characters of a copied text that are shown
const MENU = "rich_menu"; // what the server calls the entry that is no message
const letters = new Intl.Segmenter("ja", { granularity: "grapheme" });

/**
 * Let everything in `root` that carries an action be tapped: `send` takes what goes to the bot,
 * `onChip` hears that a quick reply was tapped.
 */
export function watch(root, send, onChip) {
  root.addEventListener("click", (event) => tap(event.target, send, onChip));
  root.addEventListener("keydown", (event) => {
    const isKey = event.key === "Enter" || event.key === " ";
    if (!isKey || event.target.getAttribute("role") !== "button") return;
    event.preventDefault();
    tap(event.target, send, onChip);
  });
}

async function tap(target, send, onChip) {
  const part = target.closest("[data-action]");
  if (!part) return;
  const action = JSON.parse(part.dataset.action);
  const { n: entry } = part.closest("[data-n]").dataset;
  const n = entry === MENU ? MENU : Number(entry);
  const isButton = !part.classList.contains("link"); // an address in a text is no button of ours
  const leave = () => part.classList.contains("chip") && onChip();
  switch (action.type) {
    case "uri":
      leave();
      ask(action.uri ?? action.linkUri ?? "", () => isButton && send({ n, action }));
      break;
    case "clipboard":
      leave();
      if (await offerCopy(action.clipboardText ?? "")) await send({ n, action });
      break;
    case "datetimepicker":
      pick(action, (params) => {
        leave();
        send({ n, action, picked: params[action.mode] });
      });
      break;
    case "postback":
    case "message":
    case "camera": // LINE opens the camera, the pictures or a map; what is sent then is sent here
    case "cameraRoll":
    case "location":
    case "richmenuswitch":
      leave();
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
