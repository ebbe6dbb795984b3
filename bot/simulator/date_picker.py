"""LINE's date picker: what can be chosen on it, and what a choice adds to the postback.

Modes, forms and ends: LINE's reference, "Datetime picker action" (#datetime-picker-action).
It knows neither seconds nor time zones, so texts of one mode compare as the moments they name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

FORMS: Mapping[str, str] = MappingProxyType(
    {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}
)
"""How each mode writes what is chosen, as `datetime.strptime` reads it."""

ENDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "date": ("1900-01-01", "2100-12-31"),
        "time": ("00:00", "23:59"),
        "datetime": ("1900-01-01T00:00", "2100-12-31T23:59"),
    }
)
"""The first and the last that can be chosen in each mode where the button names no others."""

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {"date": "2026-04-01", "time": "09:30", "datetime": "2026-04-01T09:30"}
)


def params(action: Mapping[str, Any], picked: str) -> dict[str, str]:
    """What the postback of a ``datetimepicker`` *action* carries when *picked* is chosen.

    ``{"date": "2026-04-01"}``: the mode, and the choice in the mode's form. Raises ValueError, in
    words for who chose, for what the picker would not let anybody choose, and for an action LINE
    would not have taken.
    """
    mode = str(action.get("mode"))
    if mode not in FORMS:
        raise ValueError(f"日時を選ぶボタンの mode は {'・'.join(FORMS)} のどれかです（{mode}）")
    first, last = (
        _moment(mode, str(action.get(end, default)))
        for end, default in zip(("min", "max"), ENDS[mode], strict=True)
    )
    chosen = _moment(mode, picked)
    if not first <= chosen <= last:
        raise ValueError(f"{chosen} は選べません。選べるのは {first} から {last} までです")
    return {mode: chosen}


def _moment(mode: str, text: str) -> str:
    """*text* as LINE writes it in *mode*; LINE takes a small "t" between date and time as well."""
    moment = text.replace("t", "T")
    try:
        read = datetime.strptime(moment, FORMS[mode]).replace(tzinfo=UTC)  # any zone: none is meant
        written = read.strftime(FORMS[mode])
    except ValueError:
        written = ""
    if not written or written != moment:  # strptime lets 2026-4-1 pass
        raise ValueError(f"「{text}」は読めません。{EXAMPLES[mode]} のように書いてください")
    return moment
