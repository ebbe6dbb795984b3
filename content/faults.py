"""What validation found, in the words of somebody who edits YAML and does not program."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from content.evidence import KEY, LINES, MONTH, SLUG
from content.problems import Problem
from content.reader import Document, Place
from content.service import CLOCK

_FORMS = {
    KEY: "英小文字で始め、英小文字・数字・_ だけで書いてください",
    SLUG: "英小文字で始め、英小文字・数字・- だけで書いてください",
    MONTH: "2025-09 の形か null で書いてください",
    LINES: '"19" や "20-23, 30" の形で書いてください',
    CLOCK: '"9:00" の形で書いてください',
}
_DATE = "2026-11-22 の形か null で書いてください"
_LIST = "[ ] の中に並べるか、一行に一つ「- 」を付けて書いてください"
_MAPPING = "「名前: 値」の形で書いてください"
_KINDS = {
    "string_type": "文を一つ書いてください",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "too_short": "一つ以上書いてください",
    "bool_type": "true か false で書いてください",
    "bool_parsing": "true か false で書いてください",
    "int_type": "数字で書いてください",
    "int_parsing": "数字で書いてください",
}
"""Kind of fault → how to mend it, where the kind says enough."""

_ORIGINS = (
    "lines（記事の行）・outside（外部の出典）・ours（自分たちの助言である理由）の"
    "どれか一つを書いてください"
)
_MENDS = {
    "出典がありません": _ORIGINS,
    "出典が二つ以上": _ORIGINS,
    "空の文です": "文を書くか、項目ごと消してください",
    "行の範囲": "小さい行から大きい行の順に、1 から数えて書いてください",
    "business_days_of だけ": "business_days に日数を書くか、business_days_of を消してください",
    "sources に article": "article: に title と as_of を書き足してください",
}
"""Beginning of what a validator of ours says → how to mend it."""


def explained(document: Document, fault: ErrorDetails) -> Problem:
    """*fault* as a problem at its place in *document*."""
    place: Place = tuple(part for part in fault["loc"] if part != "[key]")
    name = _named(place)
    given = str(fault["input"])[:40]
    match fault["type"]:
        case "extra_forbidden":
            what, mend = f"「{name}」という項目はありません", "つづりを直すか、消してください"
        case "missing":
            what, mend = f"「{name}」がありません", f"「{name}」を書き足してください"
        case "value_error":
            what = fault["msg"].removeprefix("Value error, ")
            mend = next(mend for start, mend in _MENDS.items() if what.startswith(start))
        case "string_pattern_mismatch" if "[key]" in fault["loc"]:
            what, mend = f"「{given}」は名前に使えません", _FORMS[fault["ctx"]["pattern"]]
        case "string_pattern_mismatch":
            what, mend = f"「{name}」の {given} が読めません", _FORMS[fault["ctx"]["pattern"]]
        case "literal_error":
            what = f"「{name}」に {given} は使えません"
            mend = f"{fault['ctx']['expected'].replace(' or ', ', ')} のどれかにしてください"
        case "greater_than_equal" | "less_than_equal":
            least, most = fault["ctx"].get("ge"), fault["ctx"].get("le")
            limit = f"{least} 以上" if least is not None else f"{most} 以下"
            what, mend = f"「{name}」の {given} が範囲の外です", f"{limit}にしてください"
        case kind:
            what = (
                f"「{name}」の値が空です" if fault["input"] is None else f"「{name}」の形が違います"
            )
            mend = _KINDS.get(kind, fault["msg"])
    return document.problem(place, what, mend)


def _named(place: Place) -> str:
    """The last part of *place* as people call it; an item of a list by its number."""
    if not place:
        return "ファイル"
    if isinstance(place[-1], int):
        return f"{place[-2] if len(place) > 1 else 'ファイル'} の {place[-1] + 1} 番目"
    return place[-1]
