"""What one file in ``services/`` may say. Order here is the order in which people meet it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from content.evidence import Evidence, Fact, Key, Slug, Source, Strict, Text

FactKeys = tuple[Key, ...]
"""Names of entries of the same file's ``facts``, in the order they are told."""

LetterNames = tuple[Slug, ...]
"""Names of files in ``letters/``; the first is the one to offer first."""


class Names(Strict):
    """What people call it. ``names`` tolerate a typo, ``romaji`` must match whole,
    ``misspelt`` are known mistakes, ``not_names`` are other services that look alike."""

    names: tuple[Text, ...]
    romaji: tuple[Text, ...] = ()
    misspelt: tuple[Text, ...] = ()
    not_names: tuple[Text, ...] = ()


class Onward(Strict):
    """A way on from a look-alike. ``to``: ``service`` (this one), ``other`` (the path for any
    service), ``list`` (all services), or the key of another look-alike in this file.
    ``methods`` are put first when this service is started from here."""

    label: Text
    to: str
    methods: tuple[Key, ...] = ()


class Lookalike(Names):
    """Another name that is easily taken for this service: recognised, explained, sent onward."""

    name: Text
    facts: FactKeys
    onward: tuple[Onward, ...] = Field(min_length=1)


CLOCK = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"
Clock = Annotated[str, StringConstraints(pattern=CLOCK)]


class Hours(Strict):
    """When a line answers: on ``weekdays``, 平日 as sources write it, from "9:00" to "18:00".

    They seldom say whether 平日 includes a national holiday: nobody is expected to answer then.
    """

    days: Literal["weekdays"]
    open: Clock
    close: Clock


class Contact(Evidence):
    """An address or number of this service, and what alone it may be used for."""

    kind: Literal["mail", "phone"]
    value: Text
    purpose: Text
    hours: Hours | None = None


class Guidance(Strict):
    """Something to be told, with letters that may help."""

    facts: FactKeys = ()
    letters: LetterNames = ()


class Selection(Strict):
    """For people with a running selection (選考). ``unsure``: how to find out; ``soon``: an
    interview is days away; ``advice``: for everybody with one."""

    unsure: FactKeys = ()
    soon: FactKeys
    advice: FactKeys
    letters: LetterNames = ()


class Reward(Strict):
    """What is lost for good by leaving unless it is taken first.

    ``kind`` ``balance``: something saved up ("is any left?"); ``job_found``: a gift for having
    found the job through the service (decided? through it? claimed?). ``act`` names what there
    is to do about it before leaving, as a noun: 確認と交換. ``again`` is told once more right
    before the step that loses it.
    """

    name: Text
    act: Text
    kind: Literal["balance", "job_found"]
    question: FactKeys = ()
    stop: FactKeys
    where: FactKeys
    not_eligible: FactKeys = ()
    again: FactKeys
    letters: LetterNames = ()


class ReasonAdvice(Strict):
    """What a reason changes: a ``remark``, ``alternatives``, ``methods`` to put first."""

    remark: FactKeys = ()
    alternatives: tuple[Key, ...] = ()
    methods: tuple[Key, ...] = ()


class Step(Strict):
    """One thing to do. ``warning`` stands right before it, ``help`` is for who gets stuck here."""

    do: Key
    warning: FactKeys = ()
    help: FactKeys = ()


class Alternative(Guidance):
    """Something short of leaving: why (``facts``), its own ``steps`` and ``letters``."""

    name: Text
    steps: tuple[Step, ...] = ()
    contact: Key | None = None


class Method(Guidance):
    """One way to leave. ``facts``: when it is best; ``needs``: fields asked for there;
    ``notes``: told on the steps screen; ``contact``: where it goes."""

    name: Text
    needs: tuple[Key, ...] = ()
    contact: Key | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    notes: FactKeys = ()
    letters: LetterNames = Field(min_length=1)


class Topic(Strict):
    """Something to read on demand."""

    name: Text
    facts: FactKeys


class Chase(Guidance):
    """What to do when no answer comes; ``contact``: where it may be asked by voice or mail.

    ``business_days`` only where a source gives a number; ``business_days_of`` are the methods it
    gives the number for, all of them where none is named.
    """

    contact: Key | None = None
    business_days: Annotated[int, Field(ge=1, le=30)] | None = None
    business_days_of: tuple[Key, ...] = ()

    # How to mend it is in content/faults.py.
    @model_validator(mode="after")
    def _counts_what_it_limits(self) -> Self:
        if self.business_days_of and self.business_days is None:
            raise ValueError("business_days_of だけがあり、business_days がありません")
        return self

    def days_after(self, method: str) -> int | None:
        """Business days after which to ask who left by *method*; None where nobody gives any."""
        counted = not self.business_days_of or method in self.business_days_of
        return self.business_days if counted else None


class Aftercare(Strict):
    """After sending: what happens ``next``, when to ``chase``, what still ``arrives``, and what
    coming back (``rejoin``) means. ``letters`` are for what still arrives; ``rejoin_letters``,
    for coming back, are offered only once the leaving is done."""

    next: FactKeys
    chase: Chase
    arrives: FactKeys = ()
    rejoin: FactKeys = ()
    letters: LetterNames = ()
    rejoin_letters: LetterNames = ()


class Service(Names):
    """One job service, whole. The file's name is its slug and never changes."""

    name: Text
    about: Text
    status: Literal["active", "reported_closed", "unconfirmed", "general"]
    sources: dict[Key, Source]
    notice: FactKeys
    prepare: FactKeys = ()
    login_help: Guidance | None = None
    selection: Selection
    reward: Reward | None = None
    reasons: dict[Key, ReasonAdvice] = Field(min_length=1)
    alternatives: dict[Key, Alternative] = Field(default_factory=dict)
    methods: dict[Key, Method] = Field(min_length=1)
    method_notes: FactKeys = ()
    losses: FactKeys
    stays: FactKeys = ()
    saves: FactKeys = ()
    aftercare: Aftercare
    topics: dict[Key, Topic] = Field(default_factory=dict)
    unknown: FactKeys
    lookalikes: dict[Key, Lookalike] = Field(default_factory=dict)
    contacts: dict[Key, Contact] = Field(default_factory=dict)
    facts: dict[Key, Fact]
    must_not_say: tuple[str, ...] = ()

    @field_validator("sources")
    @classmethod
    def _names_its_article(cls, sources: dict[Key, Source]) -> dict[Key, Source]:
        if "article" not in sources:
            raise ValueError("sources に article（元の記事）がありません")
        return sources
