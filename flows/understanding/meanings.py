"""What people say for a button in words that are not on it, as content/words.yaml lists them.

Also what may stand before an answer and changes nothing: 「もう」, what the question is about,
and the service in hand, 「m3ポイントは」 before 「もう残っていません」.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from content.catalog import Catalog
from flows.conversation import Choice
from flows.understanding.phrases import any_of, folded
from flows.understanding.polite import spoken
from flows.understanding.spelling import fold

EVERYWHERE: Final = "everywhere"
"""The heading of words for a button wherever it is shown."""

ABOUT: Final = "about"
"""Listed beside the buttons of a state: what its question is about."""

THIS_SERVICE: Final = fold("このサービス")
OTHER_COMPANY: Final = fold("他社")
"""What stands for the name of the service in hand, and of any other, when answers are read."""

_ABOUT_IT: Final = "(?:には|では|[はがもをのでに]|なら|って)?"
_AT_IT: Final = "(?:には|では|から|[はがもをのでに])"


def key(choice: Choice) -> str:
    """What words.yaml calls *choice*: by what it picks, or else by what it does."""
    return choice.press.argument or choice.press.trigger


class Meanings:
    """Finds the choice such words mean; made once for a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        words = catalog.words
        self._catalog = catalog
        self._beginnings = f"{any_of(words.beginnings).pattern}*"
        self._leads: dict[tuple[str, str], re.Pattern[str]] = {}
        self._said: dict[str, dict[str, set[str]]] = {}
        for state, buttons in words.said_for.items():
            said = self._said.setdefault(state, {})
            for button, phrases in buttons.items():
                for phrase in folded(phrases) if button != ABOUT else ():
                    said.setdefault(spoken(phrase), set()).add(button)

    def of(self, forms: Iterable[str], choices: Sequence[Choice]) -> Choice | None:
        """The one choice that one of *forms* (folded and plain, `plainly`) means word for word."""
        if not choices:
            return None
        for state in (choices[0].press.state, EVERYWHERE):
            said = self._said.get(state, {})
            names = {name for form in forms for name in said.get(form, ())}
            found = [choice for choice in choices if key(choice) in names] if names else []
            if len(found) == 1:
                return found[0]
        return None

    def answers_in(self, text: str, choices: Sequence[Choice]) -> list[str]:
        """What folded *text* is without that which may stand before an answer, longest first."""
        if not choices:
            return []
        press = choices[0].press
        lead = self._leads.get((press.service, press.state))
        if lead is None:
            lead = self._leads[press.service, press.state] = self._lead(press.service, press.state)
        found = lead.match(text)
        ends = {found.end(0), found.end("name"), found.end("about")} if found else set()
        return [text[end:] for end in sorted(ends) if 0 < end < len(text)]

    def _lead(self, slug: str, state: str) -> re.Pattern[str]:
        """What may come before the answer to the question of *state* in the case of *slug*."""
        service, asked = self._catalog.services.get(slug), self._catalog.texts.get(state)
        about = list(self._catalog.words.said_for.get(state, {}).get(ABOUT, ()))
        if service and service.reward and asked and "{reward}" in asked.say:
            about.append(service.reward.name)
        some, subject = self._beginnings, any_of(about).pattern
        return re.compile(
            f"(?P<name>{some}{THIS_SERVICE}{_AT_IT})?(?P<about>{some}{subject}{_ABOUT_IT})?{some}"
        )
