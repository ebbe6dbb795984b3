"""Why a file is no YAML at all, in the words of somebody who edits it."""

from __future__ import annotations

from yaml import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from content.events import NoCharacterError
from content.problems import Problem

_KNOWN = {
    "'\\t'": ("タブが使われています", "タブを空白に置きかえてください"),
    "mapping values are not allowed": (
        "「: 」の位置が読めません",
        "字下げを揃え、値の中に「: 」があれば値を引用符で囲んでください",
    ),
    "that cannot start any token": (
        "引用符なしでは使えない記号で始まっています",
        "値を引用符で囲んでください",
    ),
    "end of stream": ("引用符が閉じていません", "閉じる引用符を書き足してください"),
    "expected ',' or": (
        "かっこが閉じていないか、「,」がありません",
        "閉じるかっこや「,」を書き足してください",
    ),
    "undefined alias": (
        "別名（& や *）は使えません",
        "* で始まる値は引用符で囲み、別名は同じ内容をもう一度書いてください",
    ),
    "another document": ("区切り（---）があります", "一つのファイルに一つだけ書いてください"),
}
"""Part of what PyYAML or `content.events` says: what is wrong, how to mend it. The first wins."""


def explained(file: str, error: YAMLError, text: str) -> Problem:
    """What *error* found in *text*, the content of *file*."""
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        error = NoCharacterError(line, f"U+{ord(text[error.position]):04X}")
    if isinstance(error, NoCharacterError):
        what = f"使えない文字（{error.character}）があります"
        return Problem(file, error.line, what, "その文字を消してください")
    said, line = str(error), 0
    if isinstance(error, MarkedYAMLError):
        said = error.problem or error.context or ""
        # Where something was left open, the end of the file is found; its beginning is meant.
        left_open = "end of stream" in said or "expected ','" in said
        mark = (left_open and error.context_mark) or error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
    for part, (what, mend) in _KNOWN.items():
        if part in said:
            return Problem(file, line, what, mend)
    mend = "字下げ・「: 」の後の空白・引用符の閉じ忘れを確かめてください"
    return Problem(file, line, f"YAML として読めません（{said}）", mend)
