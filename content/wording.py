"""What the bot says: texts under a state's name, phrases, and the words it understands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from content.evidence import Key, Month, Strict, Text


class StateText(Strict):
    """What is said in one state of the flow.

    ``name`` stands for the state in 状況 and in "we go on from …" lines. ``say`` is the question,
    ``again`` the same question in other words for who was not understood. ``buttons`` maps a
    trigger of the flow to its label; ``lines`` are further sentences the flow chooses from.
    """

    name: Text
    say: Text
    again: Text
    buttons: dict[Key, Text] = Field(default_factory=dict)
    lines: dict[Key, Text] = Field(default_factory=dict)


class Desk(Strict):
    """A public desk anybody may turn to; no service's contact.

    ``purpose`` says who is sent there: people in ``distress``, or with a complaint about the
    handling of ``personal_data``.
    ``grade`` is ``official`` for a number read on the desk's own page, ``outside`` for any other
    page; ``as_of`` is the month that page gives, ``verified_on`` the day a person called or looked.
    """

    name: Text
    phone: Text
    hours: Text
    about: Text
    purpose: Literal["distress", "personal_data"]
    grade: Literal["outside", "official"]
    source: Text
    as_of: Month | None
    verified_on: date | None


def _buttons_of_a_state(value: Any) -> Any:
    """A list under a heading nobody knows is a misspelt list of words, no state."""
    if not isinstance(value, dict):
        raise PydanticKnownError("extra_forbidden")
    return value


class Words(Strict):
    """Words the bot understands wherever it is, besides labels, numbers and service names.

    Read as people write them: width, case, kana and punctuation make no difference, and neither
    does anything in ``endings`` at the end of a message (`flows.understanding`).

    ``back`` … ``erase`` work everywhere, when they are the whole message. ``greet`` as a whole
    message and ``withdraw`` anywhere in one mean "let us begin"; ``stay`` anywhere means that
    nobody wants to leave. ``negation`` right after a service's name takes that name back,
    ``after_name`` may be written on to a name without a space. ``other_service`` says "one that
    is not listed", ``other_services`` are names of such. A word of ``erasing`` shortly after one
    of ``service_data`` means the data a service keeps, not ours. ``yes`` … ``finish`` answer the
    question asked, ``hedge`` after an answer makes it unsure; a label with a word of
    ``giving_up`` is never chosen by a vague word. ``distress`` counts anywhere,
    ``distress_alone`` as the whole message, and neither inside a phrase of ``not_distress``.
    ``beginnings`` may come before an answer: 「もう」, 「いまは」.

    Every other heading is a state of the flow, or ``everywhere``, and says for its buttons what
    people write instead of their labels (`said_for`). A button goes by what it picks (a reason,
    a method, a topic, …) or else by its trigger. Plain forms are enough, 「応募していない」 is
    also 「応募していません」. Another company's name is read as 「他社」, the one of the service
    in hand as 「このサービス」. ``about`` is no button: what the question is about, and so what
    an answer to it may begin with, 「応募は」 before 「ありません」.
    """

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)
    __pydantic_extra__: dict[
        Key, Annotated[dict[Key, tuple[Text, ...]], BeforeValidator(_buttons_of_a_state)]
    ]

    back: tuple[Text, ...]
    restart: tuple[Text, ...]
    review: tuple[Text, ...]
    help: tuple[Text, ...]
    erase: tuple[Text, ...]
    greet: tuple[Text, ...]
    withdraw: tuple[Text, ...]
    stay: tuple[Text, ...]
    negation: tuple[Text, ...]
    after_name: tuple[Text, ...]
    endings: tuple[Text, ...]
    other_service: tuple[Text, ...]
    other_services: tuple[Text, ...]
    service_data: tuple[Text, ...]
    erasing: tuple[Text, ...]
    yes: tuple[Text, ...]
    no: tuple[Text, ...]
    unsure: tuple[Text, ...]
    hedge: tuple[Text, ...]
    proceed: tuple[Text, ...]
    finish: tuple[Text, ...]
    giving_up: tuple[Text, ...]
    beginnings: tuple[Text, ...]
    distress: tuple[Text, ...]
    distress_alone: tuple[Text, ...]
    not_distress: tuple[Text, ...]

    @property
    def said_for(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """By state, or ``everywhere``, and there by button: what people write for it."""
        return self.__pydantic_extra__
