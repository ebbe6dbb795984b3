"""The steps a talk is made of, and how each is written."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from bot.simulator.faults import Fault
from bot.simulator.happenings import SENDABLE
from content.evidence import Strict, Text

NOTHING = "nothing"
"""Stands for no message, no state, no service."""

EXPECTED = frozenset(
    {"state", "service", "buttons", "no_buttons", "says", "says_not", "facts", "no_facts", "fields"}
)
"""Keys that go with ``bot``.

``state`` and ``service`` say where the person stands afterwards. ``buttons`` are labels that
can be tapped on the answer, ``says`` words in it, ``facts`` ids of facts it told; with
``no_``/``_not`` they must not be there. ``fields`` are all the blanks it asks to fill in.
"""

BARE = frozenset({"follow", "unfollow", "unsend", "duplicate", "redeliver", "join", "leave"})
"""Deeds that are written without a value: ``follow:``."""

_PERIOD = re.compile(r"(\d{1,4})(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def period(value: object) -> timedelta:
    """The time that 30s, 5m, 24h or 3d means. Raises ValueError for anything else."""
    found = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("30s・5m・24h・3d の形で書いてください")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _sendable(kind: str) -> str:
    if kind not in SENDABLE:
        raise ValueError(f"送れるのは {'・'.join(SENDABLE)} です")
    return kind


Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Period = Annotated[timedelta, BeforeValidator(period)]


class Tap(Strict):
    """A tap on ``label``: of an older message (``of``), or ``times`` before any answer.

    Where several buttons read alike, as on cards in a row, ``nth`` says which from the top.
    """

    label: Text
    of: Text | None = None
    times: Annotated[int, BeforeValidator(_number)] = 1
    nth: Annotated[int, BeforeValidator(_number)] | None = None

    def __str__(self) -> str:
        where = f"（{self.of}）" if self.of else ""
        which = f"（{self.nth}番目）" if self.nth else ""
        return f"{self.label}{where}{which}" + (f" ×{self.times}" if self.times > 1 else "")


class Break(Strict):
    """What the next ``times`` calls of LINE's API end in."""

    kind: Fault
    times: Annotated[int, BeforeValidator(_number)] = 1

    def __str__(self) -> str:
        return f"{self.kind} ×{self.times}"


def _tap(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


def _break(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class Step(Strict):
    """One step: exactly one of the deeds or ``bot``, whose other keys go with it."""

    follow: None = None
    unfollow: None = None
    say: Text | None = None
    tap: Annotated[Tap, BeforeValidator(_tap)] | None = None
    send: Annotated[Text, AfterValidator(_sendable)] | None = None
    postback: str | None = None
    meet: Literal["beacon", "account_link", "unheard_of"] | None = None
    aside: Text | None = None
    unsend: None = None
    duplicate: None = None
    redeliver: None = None
    join: None = None
    leave: None = None
    say_in_group: Text | None = None
    user: Text | None = None
    wait: Period | None = None
    fault: Annotated[Break, BeforeValidator(_break)] | None = None
    copied: Texts | None = None
    opened: Text | None = None

    bot: Texts | None = None
    state: Text | None = None
    service: Text | None = None
    buttons: Texts = ()
    no_buttons: Texts = ()
    says: Texts = ()
    says_not: Texts = ()
    facts: Texts = ()
    no_facts: Texts = ()
    fields: Texts | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        given = sorted(self.model_fields_set)
        for key in given:
            if key not in BARE and getattr(self, key) is None:
                raise ValueError(f"「{key}」に値がありません")
        deeds = [key for key in given if key not in EXPECTED]
        if len(deeds) != 1:
            raise ValueError("一つの手順には、することを一つだけ書いてください")
        if deeds != ["bot"] and len(given) > 1:
            alone = "・".join(key for key in given if key in EXPECTED)
            raise ValueError(f"{alone} は bot: の手順に書いてください")
        return self

    @property
    def deed(self) -> str:
        """The key that says what is done."""
        return next(key for key in self.model_fields_set if key not in EXPECTED)
