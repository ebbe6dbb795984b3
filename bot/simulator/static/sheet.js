// The sheet that says where a link leads before it is followed.

const sheet = document.getElementById("sheet");
const title = document.getElementById("sheet-title");
const text = document.getElementById("sheet-text");
const address = document.getElementById("sheet-address");
const open = document.getElementById("sheet-open");
let whenOpened = () => {};

/**
 * Ask before following `uri`; `onOpen` hears of a yes. LINE allows http, https, line and tel:
 * anything else stays shut.
 */
export function ask(uri, onOpen) {
  whenOpened = onOpen;
  const scheme = uri.slice(0, uri.indexOf(":")).toLowerCase();
  const isPhone = scheme === "tel";
  const isAllowed = ["http", "https", "line", "tel"].includes(scheme);
  title.textContent = isPhone ? "この番号に電話をかけますか？" : "この先のページを開きますか？";
  text.textContent = isPhone
    ? "この端末に電話の機能がある場合だけ、つながります。"
    : "シミュレーターの外のページです。";
  if (!isAllowed) {
    title.textContent = "この行き先は開けません";
    text.textContent = "LINEが許しているのは http・https・line・tel だけです。";
  }
  address.textContent = isPhone ? uri.slice(4) : uri;
  address.dataset.kind = scheme;
  open.hidden = !isAllowed;
  open.textContent = isPhone ? "電話をかける" : "開く";
  if (isAllowed) open.href = uri;
  else open.removeAttribute("href");
  sheet.showModal();
}

document.getElementById("sheet-close").addEventListener("click", () => sheet.close());
open.addEventListener("click", () => {
  sheet.close();
  whenOpened();
});
sheet.addEventListener("click", (event) => {
  if (event.target === sheet) sheet.close(); // a tap beside it
});
