// Keeps the gallery as the content is: loaded anew when that changes, in place where it is wrong.

import { byId } from "./dom.js";
import { list } from "./problems.js";
import { follow } from "./stream.js";

const shown = byId("broken").dataset.version;

follow(
  "/content",
  ({ version, content }) => {
    list(content?.problems ?? []);
    if (version !== shown) location.reload();
  },
  () => {},
);
