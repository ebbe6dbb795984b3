// What became of a change to the content while the simulator runs.

import { list } from "./problems.js";
import { tell } from "./toast.js";

let seen = "";
let isFirst = true;

/** Show the problems where there are any; say once that the new content is in use. */
export function show({ content }) {
  if (content === undefined) return;
  const problems = content?.problems ?? [];
  const now = JSON.stringify(content);
  if (now === seen) return;
  seen = now;
  list(problems);
  if (!isFirst && content && !problems.length) tell("内容を読み直しました。会話はそのまま続きます。");
  isFirst = false;
}
