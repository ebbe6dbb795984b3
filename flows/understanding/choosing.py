"""Which of the choices shown a text means.

From sure to vague: the very words of a button, its number, other words for it, an answer such
as 「はい」; and only once nothing else fits, a part of its words or a typo in them. Between two
choices nothing is guessed. A button that gives something up (「済ませずに進む」) is never
reached by a vague word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from content.catalog import Catalog
from flows.conversation import Choice
from flows.understanding.labels import (
    begins,
    inflects,
    is_part_of,
    label_of,
    may_mean,
    mistyped,
    only,
    shortens,
    spoken_label,
)
from flows.understanding.meanings import Meanings
from flows.understanding.numbers import number
from flows.understanding.phrases import Endings, Exactly, any_of
from flows.understanding.polite import plainly

Choices = Sequence[Choice]

# What 「はい」 and 「いいえ」 mean depends on the question, and so on the buttons under it: the
# first pair of triggers whose 「はい」 is shown. The stop for a reward has no plain 「いいえ」.
_YES_AND_NO: Final = (
    ("confirm", "deny"),
    ("agree", "back"),
    ("settle", "proceed"),
    ("receive", ""),
    ("resume", "change_method"),
)
_ON_THE_SIDE: Final = frozenset({"back", "take_letter", "read_topic", "lose_login"})
"""Triggers that look at something and come back: no way on."""

_SHORTEST_LABEL_INSIDE: Final = 4


class Answers:
    """Reads answers; made once for a catalog."""

    def __init__(self, catalog: Catalog, endings: Endings) -> None:
        words = catalog.words
        self._meanings = Meanings(catalog)
        self._endings = endings
        self._yes = Exactly(words.yes, endings)
        self._no = Exactly(words.no, endings)
        self._unsure = Exactly(words.unsure, endings)
        self._proceed = Exactly(words.proceed, endings)
        self._finish = Exactly(words.finish, endings)
        self._leave = Exactly(words.withdraw, endings)
        self._yes_first = any_of(words.yes)
        self._no_first = any_of(words.no)
        self._unsure_first = any_of(words.unsure)
        self._hedged = any_of(words.hedge, after=r"\Z")
        self._finished = any_of(
            (w for w in words.finish if w.endswith("した")), after=r"(?:\Z|が|けど|ので)"
        )
        self._leaving = any_of(words.withdraw)
        self._staying = any_of(words.stay, after="(?!と|ば)")
        self._negation = any_of(words.negation)
        self._giving_up = any_of(words.giving_up)

    # --- sure ---------------------------------------------------------------------------------

    def label(self, text: str, choices: Choices) -> Choice | None:
        """The choice with the very words *text* (folded)."""
        return only(choice for choice in choices if label_of(choice) == text)

    def by_number(self, text: str, choices: Choices) -> Choice | None:
        """The choice *text*, as it was typed, counts: 「2」「②」「二つ目」. 戻る has no number."""
        place = number(text)
        numbered = [choice for choice in choices if choice.press.trigger != "back"]
        return numbered[place - 1] if place and place <= len(numbered) else None

    def answer(self, text: str, cut: str, choices: Choices) -> Choice | None:
        """The choice that answers the question: yes, no, not sure, go on, done, other words.

        What may stand before an answer (`Meanings.answers_in`) is left out if that helps.
        """
        if found := self._answer(text, cut, choices) or self._go_on(text, cut, choices):
            return found
        for answer in self._meanings.answers_in(text, choices):
            if found := self._answer(answer, self._endings.cut(answer), choices):
                return found
        return None

    def in_words(self, text: str, choices: Choices) -> Choice | None:
        """The choice said by its label or in other words for it: no yes, number or part counts."""
        for said in (text, *self._meanings.answers_in(text, choices)):
            if found := self.label(said, choices) or self._meant(
                said, self._endings.cut(said), choices
            ):
                return found
        return None

    def _answer(self, text: str, cut: str, choices: Choices) -> Choice | None:
        shown = {choice.press.trigger: choice for choice in choices}
        yes, no = next((pair for pair in _YES_AND_NO if pair[0] in shown), ("", ""))
        if found := self._meant(text, cut, choices):
            return found
        leaning = self._hedged.sub("", text) or text
        if "doubt" in shown and self._is_unsure(text, cut, choices):
            return shown["doubt"]
        if self._says(self._yes, self._yes_first, leaning, cut):
            return shown.get(yes) or self._way_on(choices)
        if self._says(self._no, self._no_first, leaning, cut):
            return shown.get(no)
        if leaning != text and (found := self._meant(leaning, self._endings.cut(leaning), choices)):
            return found
        for first, trigger in ((self._yes_first, yes), (self._no_first, no)):
            begun = first.match(leaning)
            rest = leaning[begun.end() :] if begun else ""
            choice = shown.get(trigger)
            if choice and rest and self._meant(rest, self._endings.cut(rest), choices) == choice:
                return choice
        if self._finish.is_said(text, cut):
            return shown.get("finish") or self._way_on(choices)
        # Without its end 「退会をやめる」 would be 「退会」.
        if self._leave.is_said(text, cut) and not self._staying.search(text):
            goes_on = shown.get("proceed")
            return goes_on if goes_on and self._leaving.search(label_of(goes_on)) else None
        return None

    def _go_on(self, text: str, cut: str, choices: Choices) -> Choice | None:
        if not self._proceed.is_said(text, cut):
            return None
        return self._not_giving_up(
            next((choice for choice in choices if choice.press.trigger == "proceed"), None)
        )

    def _meant(self, text: str, cut: str, choices: Choices) -> Choice | None:
        """The choice said in other words, or in its own with another ending, unless hedged."""
        forms = plainly(text)
        if cut != text and not self._hedged.search(text):
            forms |= plainly(cut)
        found = self._not_giving_up(self._meanings.of(forms, choices))
        return found or only(choice for choice in choices if spoken_label(choice.label) in forms)

    def finished(self, text: str, choices: Choices) -> Choice | None:
        """The 「完了した」 shown, where *text* ends in having done it: 「フォームを送りました」."""
        if not self._finished.search(text):
            return None
        return only(choice for choice in choices if choice.press.trigger == "finish")

    def _is_unsure(self, text: str, cut: str, choices: Choices) -> bool:
        if self._unsure.is_said(text, cut):
            return True
        begun = self._unsure_first.match(text)
        answer = text[begun.end() :] if begun else self._hedged.sub("", text)
        if answer == text or not answer:
            return False
        bare = self._endings.cut(answer)
        known = any(said.is_said(answer, bare) for said in (self._yes, self._no))
        return known or self._meant(answer, bare, choices) is not None

    @staticmethod
    def _says(said: Exactly, first: re.Pattern[str], text: str, cut: str) -> bool:
        """One such word, or two in a row: 「はい、あります」."""
        if said.is_said(text, cut):
            return True
        begun = first.match(text)
        return begun is not None and said.is_said(text[begun.end() :], cut[begun.end() :])

    def _way_on(self, choices: Choices) -> Choice | None:
        """The 「次へ」 shown, where there is no other way on to choose."""
        ways = [choice for choice in choices if choice.press.trigger not in _ON_THE_SIDE]
        way = only(ways)
        return self._not_giving_up(way) if way and way.press.trigger == "proceed" else None

    def _not_giving_up(self, choice: Choice | None) -> Choice | None:
        gives_up = choice is not None and self._giving_up.search(label_of(choice))
        return None if gives_up else choice

    # --- vague --------------------------------------------------------------------------------

    def like_a_label(self, text: str, cut: str, choices: Choices) -> Choice | None:
        """The one choice whose words *text* begins, is part of, holds, shortens or mistypes."""
        anywhere = (self._yes, self._no, self._unsure, self._proceed, self._finish, self._leave)
        if any(said.is_said(text, cut) for said in anywhere):
            return None  # a word for any question is no part of a label
        labels = [(label_of(choice), choice) for choice in choices]
        for fits in (begins, is_part_of, inflects, shortens):
            found = [c for label, c in labels if fits(cut, label) and may_mean(cut, label, c)]
            if found:
                return only(found)
        return only(c for label, c in labels if self._holds(text, label)) or mistyped(text, labels)

    def _holds(self, text: str, label: str) -> bool:
        at = text.find(label) if len(label) >= _SHORTEST_LABEL_INSIDE else -1
        return at >= 0 and not self._negation.match(text, at + len(label))
