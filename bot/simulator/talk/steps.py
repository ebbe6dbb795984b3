"""The steps a talk is made of, and how each is written."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from bot.simulator.happenings import SENDABLE
from bot.simulator.troubles import WORDS, Trouble, trouble
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

BARE = frozenset(
    {"follow", "unfollow", "unsend", "duplicate", "redeliver", "arrive", "join", "leave"}
)
"""Deeds that are written without a value: ``follow:``."""

_SENDABLE = {"type": "string", "enum": list(SENDABLE)}
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


_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), WithJsonSchema(_TEXTS)]
Period = Annotated[
    timedelta,
    BeforeValidator(period),
    WithJsonSchema({"type": "string", "pattern": f"^{_PERIOD.pattern}$"}),
]
Times = Annotated[int, BeforeValidator(_number), WithJsonSchema({"type": "integer", "minimum": 1})]


class Tap(Strict):
    """A tap on ``label``: of an older message (``of``), or ``times`` before any answer.

    Where several buttons read alike, as on cards in a row, ``nth`` says which from the top. On a
    date picker ``picks`` is chosen.
    """

    label: Text = Field(description="ボタンに書いてある言葉")
    of: Text | None = Field(
        None, description="前のメッセージのボタンを押すとき、そのメッセージのid"
    )
    times: Times = Field(1, description="返事が来る前に、続けて押す回数")
    nth: Times | None = Field(None, description="同じ言葉のボタンが並ぶとき、上から何番目か")
    picks: Text | None = Field(
        None, description="日時を選ぶボタンで選ぶもの（2026-04-01、09:30、2026-04-01T09:30）"
    )

    def __str__(self) -> str:
        where = f"（{self.of}）" if self.of else ""
        which = f"（{self.nth}番目）" if self.nth else ""
        picks = f" → {self.picks}" if self.picks else ""
        return f"{self.label}{where}{which}{picks}" + (f" ×{self.times}" if self.times > 1 else "")


_KIND = {"type": "string", "enum": list(WORDS)}
Kind = Annotated[Trouble, PlainValidator(lambda word: trouble(str(word))), WithJsonSchema(_KIND)]


class Break(Strict):
    """What happens to the next ``times`` calls of LINE's API, or webhooks of people."""

    kind: Kind = Field(description="何が起きるか。-after は、LINEには届いているもの")
    times: Times = Field(1, description="続けて何回起きるか")

    def __str__(self) -> str:
        return f"{self.kind} ×{self.times}"


def _tap(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


def _break(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class Step(Strict):
    """One step: exactly one of the deeds or ``bot``, whose other keys go with it."""

    follow: None = Field(None, description="友だち追加（ブロック中なら解除）")
    unfollow: None = Field(None, description="ブロック")
    say: Text | None = Field(None, description="この言葉を送る")
    tap: Annotated[Tap, BeforeValidator(_tap)] | None = Field(
        None, description="ボタンを押す。ボタンの言葉、または {label: …, of: …}"
    )
    send: Annotated[Text, AfterValidator(_sendable), WithJsonSchema(_SENDABLE)] | None = Field(
        None, description="文字ではないものを送る"
    )
    postback: str | None = Field(None, description="ボタンにはないデータを、押したことにして送る")
    meet: Literal["beacon", "account_link", "unheard_of"] | None = Field(
        None, description="メッセージではない出来事"
    )
    aside: Text | None = Field(None, description="ほかのボットが話している間に、この言葉を送る")
    unsend: None = Field(None, description="最後のメッセージの送信を取り消す")
    duplicate: None = Field(None, description="同じ出来事が、断りなくもう一度届く")
    redeliver: None = Field(None, description="同じ出来事が、再送としてもう一度届く")
    arrive: None = Field(None, description="届く途中のもの（いちばん前のもの）が、いま届く")
    join: None = Field(None, description="グループにボットを招く")
    leave: None = Field(None, description="グループからボットを外す")
    say_in_group: Text | None = Field(None, description="グループでこの言葉を送る")
    user: Text | None = Field(None, description="ここからは、この名前の人")
    wait: Period | None = Field(None, description="時計を進める（30s・5m・24h・3d）")
    fault: Annotated[Break, BeforeValidator(_break)] | None = Field(
        None,
        description="次の返信、または次に送るもののとちゅうで起きる故障。"
        "種類、または {kind: …, times: …}",
    )
    copied: Texts | None = Field(None, description="コピーされた文に、この言葉がある")
    opened: Text | None = Field(None, description="最後に開いたリンク")

    bot: Texts | None = Field(
        None, description="返ってくるメッセージのid、順番どおりに全部。何も返らないなら nothing"
    )
    state: Text | None = Field(None, description="そのあとの状態（忘れられたなら nothing）")
    service: Text | None = Field(None, description="そのあとのサービス（なければ nothing）")
    buttons: Texts = Field((), description="返事の中で押せるはずのボタン")
    no_buttons: Texts = Field((), description="返事にあってはいけないボタン")
    says: Texts = Field((), description="返事にあるはずの言葉。意味のあるところだけに")
    says_not: Texts = Field((), description="返事にあってはいけない言葉")
    facts: Texts = Field((), description="伝えたはずの事実のid（例：yakukyari.points_vanish）")
    no_facts: Texts = Field((), description="伝えてはいけない事実のid")
    fields: Texts | None = Field(None, description="返事の文面にある空欄の名前を全部")

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
