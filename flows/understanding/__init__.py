"""What a person typed, read as one of a few meanings. Pure, quick, and never an error.

The order of the questions in `understand` is the whole policy. How words are compared is in
spelling.py, which words count is in content/words.yaml and in the services' names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import get_args

from content.catalog import Catalog
from flows.conversation import Choice
from flows.understanding.choosing import Answers
from flows.understanding.naming import Naming
from flows.understanding.personal import holds_personal_data, plain
from flows.understanding.phrases import NEVER, Endings, Exactly, any_of
from flows.understanding.reading import (
    Command,
    CommandName,
    Distress,
    ErasureAtService,
    Greeting,
    NamedLookalike,
    NamedService,
    Nothing,
    PersonalData,
    Picked,
    Reading,
    SeveralServices,
    Unsupported,
)
from flows.understanding.spelling import fold

__all__ = [
    "Command",
    "CommandName",
    "Distress",
    "ErasureAtService",
    "Greeting",
    "NamedLookalike",
    "NamedService",
    "Nothing",
    "PersonalData",
    "Picked",
    "Reading",
    "SeveralServices",
    "Unsupported",
    "understand",
]


def understand(
    text: str, choices: Sequence[Choice], catalog: Catalog, unshown: Sequence[Choice] = ()
) -> Reading:
    """What *text* means to somebody who was shown *choices*. Never raises.

    *unshown* are further choices, of one state, that no button stands for.

    The order, and why:

    1. Despair comes before everything: whatever else the message says can wait.
    2. Personal data next: no later step may see it, and a name in it must start nothing.
    3. The very words of a button shown mean that button, even where they are also a command:
       「データを消す」 under the question whether to erase is the answer to it.
    4. Commands, as the whole message only: 「戻る」 is one, 「会社に戻る予定です」 is not.
    5. Words for a choice that is not shown, its own alone: 「退会をやめる」, which its end would
       make a 「退会」.
    6. Numbers, answers such as はい, わからない, 次へ, 完了, and other words for a button: they
       can only mean what is shown. Names in an answer do not change that: 「m3ポイントは
       残っていません」 answers the question about m3ポイント, 「リクナビで決まりました」 the one
       how the job was found.
    7. 「…を送りました」 where 「完了した」 is shown, before the name in it restarts the service.
    8. Names of services. Before parts of labels, since 「アポプラス」 is doubtful although the
       button 「アポプラス薬剤師」 begins with it. With a wish to erase, the two go together.
       Inside a case its own look-alikes and services without a file need to be the whole
       message or to have a wish to leave beside them (`Naming.read`).
    9. Parts and misspellings of a label: vague, so only once no name was found.
    10. The service's data shall be erased: that says more than the 退会 often beside it.
    11. その他 and its like, as the whole message and before a case is begun (inside one, 「どれも
        違う」 is about its buttons); a greeting, thanks, or the bare wish to leave.
    12. わからない where no button says so asks for help, like 「どうすればいい」.
    """
    known = _vocabulary(catalog)
    folded = fold(text)
    cut = known.endings.cut(folded)
    if known.despairs(folded, cut):
        return Distress()
    if holds_personal_data(text, known.public):
        return PersonalData()
    answers = known.answers
    if choice := answers.label(folded, choices):
        return Picked(choice)
    if command := known.command(text, folded, cut):
        return Command(command)
    choice = (
        answers.in_words(folded, unshown)
        or answers.by_number(text, choices)
        or answers.answer(folded, cut, choices)
    )
    if choice:
        return Picked(choice)
    case = choices[0].press.service if choices else ""
    mentions = known.naming.mentions(text, folded)
    general = known.naming.generally(folded, mentions, case) if case else folded
    if general != folded:
        choice = answers.in_words(general, unshown) or answers.answer(
            general, known.endings.cut(general), choices
        )
    if choice:
        return Picked(choice)
    named = known.naming.read(text, folded, cut, mentions, case)
    done = answers.finished(folded, choices)
    if done and known.naming.leaves_another(folded, mentions, case):
        done = None
    if done and named in (None, Unsupported(), NamedService(done.press.service)):
        return Picked(done)
    erasure = known.erasure.search(folded)
    if named:
        return (
            ErasureAtService(named.slug) if erasure and isinstance(named, NamedService) else named
        )
    if choice := answers.like_a_label(folded, cut, choices):
        return Picked(choice)
    if erasure:
        return ErasureAtService()
    if not case and known.other.is_said(folded, cut):
        return Unsupported()
    if known.greets(folded, cut):
        return Greeting()
    return Command("help") if known.unsure.is_said(folded, cut) else Nothing()


class _Vocabulary:
    """The words of one catalog, made ready once."""

    def __init__(self, catalog: Catalog) -> None:
        words = catalog.words
        self.endings = Endings(words.endings)
        self.answers = Answers(catalog, self.endings)
        self.naming = Naming(catalog, self.endings)
        self.public = _public(catalog)
        self.other = Exactly(words.other_service, self.endings)
        self.unsure = Exactly(words.unsure, self.endings)
        self.erasure = re.compile(
            f"{any_of(words.service_data).pattern}.{{0,8}}{any_of(words.erasing).pattern}"
        )
        self._commands: dict[CommandName, Exactly] = {
            name: Exactly(getattr(words, name), self.endings) for name in get_args(CommandName)
        }
        self._signs: dict[str, CommandName] = {
            plain(word): name
            for name in self._commands
            for word in getattr(words, name)
            if not fold(word)
        }
        self._greet = Exactly(words.greet, self.endings)
        self._leave = any_of(words.withdraw)
        self._stay = any_of(words.stay, after="(?!と|ば)")
        self._distress = any_of(words.distress)
        self._distress_alone = Exactly(words.distress_alone, self.endings)
        self._not_distress = any_of(words.not_distress)

    def despairs(self, text: str, cut: str) -> bool:
        """Whether folded *text* speaks of despair, not in an idiom that borrows its words."""
        if self._distress_alone.is_said(text, cut):
            return True
        hits = [hit.span() for hit in self._distress.finditer(text)]
        if not hits:
            return False
        idioms = [idiom.span() for idiom in self._not_distress.finditer(text)]
        return any(not any(i[0] <= h[0] and h[1] <= i[1] for i in idioms) for h in hits)

    def command(self, text: str, folded: str, cut: str) -> CommandName | None:
        """The command that is the whole message."""
        if not folded:
            return self._signs.get(plain(text).strip())
        for name, said in self._commands.items():
            if said.is_said(folded, cut):
                return name
        return None

    def greets(self, text: str, cut: str) -> bool:
        """A greeting, thanks, or the wish to leave something."""
        if self._greet.is_said(text, cut):
            return True
        return bool(self._leave.search(text)) and not self._stay.search(text)


def _public(catalog: Catalog) -> re.Pattern[str]:
    """What may be typed without being anybody's personal data: contacts and services' names."""
    found = {desk.phone for desk in catalog.desks.values()}
    for service in catalog.services.values():
        found |= {contact.value for contact in service.contacts.values()}
        found.add(service.name)
        found.update(lookalike.name for lookalike in service.lookalikes.values())
        for named in (service, *service.lookalikes.values()):
            found.update(named.names, named.romaji, named.misspelt)
    ready = sorted(filter(None, map(plain, found)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ready))) if ready else NEVER


@lru_cache(maxsize=8)
def _vocabulary(catalog: Catalog) -> _Vocabulary:
    return _Vocabulary(catalog)
