// The banner that says what is wrong with the content, where, and how to mend it.

import { byId, make } from "./dom.js";

/** Show `problems`; without any the banner goes. */
export function list(problems) {
  byId("broken").hidden = problems.length === 0;
  byId("broken-list").replaceChildren(
    ...problems.map(({ place, what, mend }) =>
      make("li", {}, make("code", {}, place), `：${what}`, mend ? ` → ${mend}` : ""),
    ),
  );
}
