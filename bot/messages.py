"""What shows only in the messages themselves: walked everywhere, held against LINE's limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.line.limits import broken
from bot.line.speak import Wording, speak
from content.catalog import Catalog
from content.problems import Problem
from content.reader import Document, Place
from flows.conversation import Conversation, Followed, Say
from flows.coverage import arrivals
from flows.step import step


@dataclass(frozen=True, slots=True)
class _Fault:
    """Something wrong with ``say``; ``words`` are the very ones, where they are known."""

    say: Say
    what: str
    mend: str
    words: str = ""


def problems(catalog: Catalog, now: datetime) -> Iterator[Problem]:
    """Every message that LINE would refuse, or that would show a hole nothing filled."""
    catalog = catalog.run_by("退会ナビ運営", "https://example.invalid/privacy")
    wording = Wording(alt_text=catalog.phrases["alt_text"])
    told = set()
    for says in every_reply(catalog, now):
        for fault in (*_refused(says, wording), *_left_open(says)):
            document, place = _written(catalog, fault)
            if (document.file, place, fault.say.id) not in told:
                told.add((document.file, place, fault.say.id))
                yield document.problem(place, fault.what, fault.mend)


def every_reply(catalog: Catalog, now: datetime) -> Iterator[Sequence[Say]]:
    """Every reply that pressing buttons can bring: the list of services, then each service."""
    yield step(Conversation(), Followed(), catalog, now)[1]
    for slug in catalog.services:
        for arrival in arrivals(catalog, slug, now):
            yield arrival.says


def _refused(says: Sequence[Say], wording: Wording) -> Iterator[_Fault]:
    for breach in broken(speak(says, wording)):
        number = re.match(r"messages\[(\d+)\]", breach)
        # What is wrong with the reply as a whole is blamed on its longest message.
        say = says[int(number[1])] if number else max(says, key=lambda say: len(_words(say)))
        what = f"メッセージ {say.id} がLINEの決まりに合いません（{breach}）"
        yield _Fault(say, what, "文を短くするか、項目を減らしてください")


def _left_open(says: Sequence[Say]) -> Iterator[_Fault]:
    for say in says:
        if hole := re.search(r"\{[^}]*\}?|\}", _words(say)):
            what = f"メッセージ {say.id} に {hole[0]} が残っています"
            yield _Fault(say, what, "つづりを直すか、{ } を消してください", hole[0])


def _words(say: Say) -> str:
    cards = [(card.title, card.text, *card.items, card.note) for card in say.cards]
    return "\n".join((say.text, *(text for card in cards for text in card)))


def _written(catalog: Catalog, fault: _Fault) -> tuple[Document, Place]:
    """Where the words at fault are written; where that is open, the longest text of the message."""
    document, places = _sources(catalog, fault.say)
    texts = [(place, text) for place, text in document.texts() if place[: len(places[0])] in places]
    found = [(place, text) for place, text in texts if fault.words in text]
    return document, max(found or texts, key=lambda it: len(it[1]), default=((), ""))[0]


def _sources(catalog: Catalog, say: Say) -> tuple[Document, list[Place]]:
    """The file that *say* comes from, and the parts of it (all as deep as the first)."""
    files = catalog.documents
    kind, _, name = say.id.partition(":")
    if kind in ("letter", "letter_head"):
        return files[f"letters/{name}.yaml"], [("text",)] if kind == "letter" else [()]
    facts = [fact.split(".", 1) for fact in say.facts if ".contacts." not in fact]
    if facts:
        return files[f"services/{facts[0][0]}.yaml"], [("facts", key) for _, key in facts]
    for document in files.values():
        if document.file.startswith("texts/") and say.id in (document.names() or ()):
            return document, [(say.id,)]
    return files["phrases.yaml"], [(say.id,)]
