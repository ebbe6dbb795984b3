"""Which service a text means: named whole, named in a sentence, or written with a typo.

How strict it is was found by trying: no mistake of one letter in any name led to another
service, and of 557,000 words and readings of a dictionary one led to a service, 「マイマイ」,
which is its name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.catalog import Catalog
from flows.understanding.meanings import OTHER_COMPANY, THIS_SERVICE
from flows.understanding.names import (
    Alias,
    Finder,
    Mention,
    Target,
    aliases,
    belongs,
    general_slug,
    is_doubtful,
)
from flows.understanding.phrases import Endings, any_of
from flows.understanding.reading import NamedLookalike, NamedService, SeveralServices, Unsupported
from flows.understanding.spelling import (
    distance,
    fold,
    kana,
    sound,
    sounds_alike,
    tolerance,
    written,
)

Named = Target | SeveralServices

_KATAKANA_WORD: Final = re.compile(r"(?<![一-鿿ァ-ヺー・])[一-鿿]?[ァ-ヺー・]{4,}")
_AND: Final = frozenset(
    ("と", "や", "も", "か", "及び", "および", "または", "それとも", "and", "or")
)
_OF: Final = frozenset(("", "の"))
_LONG_LATIN: Final = 7
"""From this length on a romaji name, as a whole message, may hold one typo."""

_LONG_BRAND: Final = 6
"""Names of services without a file are many, and close to common words: バークリー, ギークリー."""


class Naming:
    """Reads names; made once for a catalog."""

    def __init__(self, catalog: Catalog, endings: Endings) -> None:
        words = catalog.words
        self._known = aliases(catalog)
        self._finder = Finder(self._known.values(), words.after_name)
        self._endings = endings
        self._negation = any_of(words.negation)
        # 「退会しない」 stops, 「退会しないと」 (must leave) does not.
        self._stay = any_of(words.stay, after="(?!と|ば)")
        self._leave = re.compile(f"[をのもは]?(?:から)?{any_of(words.withdraw).pattern}")
        # 「dodaを退会したので」 is no wish any more.
        self._wish = re.compile(
            f"(?:の方|のほう|の会員)?{self._leave.pattern}(?!しました|した(?![いく])|済)"
        )
        self._general = general_slug(catalog)
        self._own_way = {  # look-alikes that are not simply another company's service
            NamedLookalike(slug, key)
            for slug, service in catalog.services.items()
            for key, lookalike in service.lookalikes.items()
            if any(way.to == "service" for way in lookalike.onward)
        }
        self._typable = {
            alias.folded: alias
            for alias in self._known.values()
            if alias.loose or (alias.is_latin and len(alias.folded) >= _LONG_LATIN)
        }
        self._typable_texts = tuple(self._typable)
        self._longest = max(map(len, self._typable_texts), default=0) + 2

    def mentions(self, text: str, folded_text: str) -> list[Mention]:
        """Every name inside *text*, which folds to *folded_text*."""
        return self._finder.mentions(text, folded_text)

    def generally(self, text: str, mentions: Iterable[Mention], case: str) -> str:
        """Folded *text* with 「このサービス」 for the names in the case *case* and 「他社」 for
        all others, so that 「リクナビで決まりました」 can be an answer. Names taken back stay."""
        for mention in sorted(mentions, key=lambda mention: -mention.start):
            if not self._negation.match(text, mention.end):
                name = THIS_SERVICE if belongs(mention.target, case) else OTHER_COMPANY
                text = text[: mention.start] + name + text[mention.end :]
        return text

    def leaves_another(self, text: str, mentions: Iterable[Mention], case: str) -> bool:
        """Whether folded *text* speaks of leaving a service that is not the one of *case*."""
        return case != self._general and any(
            not belongs(mention.target, case) and self._leave.match(text, mention.end)
            for mention in mentions
        )

    def read(
        self, text: str, folded_text: str, cut: str, mentions: Sequence[Mention], case: str = ""
    ) -> Named | None:
        """What *text* names; *folded_text* is it folded, *cut* that without endings.

        In the case of the service *case* (its slug) its own look-alikes, and services without a
        file, are words of an answer rather than a new wish: they count as the whole message,
        or where a wish to leave follows them.
        """
        for whole in (folded_text, cut):
            if alias := self._known.get(whole):
                return alias.target
        if self._stay.search(folded_text):
            return None
        if mentions:
            counted = [m for m in mentions if not case or self._counts(m, folded_text, case)]
            named = self._decide(counted, folded_text)
            # 「アポプラス薬財師」 holds a doubtful name, but as a whole is nearly a clear one.
            doubtful = not counted or isinstance(named, NamedLookalike | Unsupported)
            return (self._mistyped(cut) if doubtful else None) or named
        if self._negation.search(folded_text):
            return None
        inside = self._mistyped_inside(text)
        if case and inside and is_doubtful(inside, case):
            inside = None
        return self._spelt_out(cut) or self._mistyped(cut) or inside

    def _counts(self, mention: Mention, text: str, case: str) -> bool:
        if not is_doubtful(mention.target, case):
            return True
        return self._wish.match(text, mention.end) is not None

    # --- names inside a sentence -------------------------------------------------------------

    def _decide(self, mentions: Sequence[Mention], text: str) -> Named | None:
        meant = [m for m in mentions if not self._negation.match(text, m.end)]
        meant = _without_qualifiers(meant, text)
        slugs = dict.fromkeys(filter(None, map(self._slug, meant)))
        if not meant:
            return None
        if len({m.target for m in meant}) == 1 or not slugs:
            return meant[0].target
        if len(slugs) > 1:
            left = {m.target for m in meant if self._leave.match(text, m.end)}
            one_covered = self._general in slugs and len(slugs) == 2
            if one_covered and len(left) == 1 and not _are_joined(meant, text):
                # 「doda で決まったので薬キャリを退会」: only one of the two is being left.
                return left.pop()
            return SeveralServices(tuple(slugs))
        return _one_of_a_family(meant, text)

    def _slug(self, mention: Mention) -> str | None:
        """The case *mention* would start: its service, or the path for any other."""
        match mention.target:
            case NamedService(slug):
                return slug
            case NamedLookalike(slug, _) if mention.target in self._own_way:
                return slug
            case _:
                return self._general

    # --- a whole message that is almost a name ------------------------------------------------

    def _spelt_out(self, cut: str) -> Named | None:
        """Romaji that is the sound of a name: ``kyaritore``."""
        sounds = kana(cut)
        alias = self._known.get(sounds)
        return alias.target if alias else self._mistyped(sounds) if len(sounds) > 5 else None

    def _mistyped(self, text: str) -> Target | None:
        """The one target nearest to *text*, if it is near enough and nothing else is as near."""
        if not 4 <= len(text) <= self._longest:
            return None
        near: dict[Target, int] = {}
        for name, typos, _ in process.extract(
            text, self._typable_texts, scorer=OSA.distance, score_cutoff=3, limit=None
        ):
            alias = self._typable[name]
            if _is_a_typo(text, alias, int(typos)):
                near[alias.target] = min(near.get(alias.target, 9), int(typos))
        best = [target for target, typos in near.items() if typos == min(near.values())]
        if len(best) != 1 or (isinstance(best[0], Unsupported) and len(text) < _LONG_BRAND):
            return None
        return best[0]

    def _mistyped_inside(self, text: str) -> Target | None:
        """The same for the katakana words of a sentence; two different ones are none."""
        words = {fold(word) for word in _KATAKANA_WORD.findall(written(text))}
        # A name written right was refused as part of a longer word; it is no typo either.
        found = {self._mistyped(word) for word in words - self._known.keys()}
        found.discard(None)
        return found.pop() if len(found) == 1 else None


def _is_a_typo(text: str, alias: Alias, typos: int) -> bool:
    """Near in writing *and* in sound: 「キャリアチェック」 is not 「キャリアトレック」.

    Sounding the same is enough; a word of four kana is too common for any other typo.
    """
    if alias.is_latin:
        return typos <= 1
    if sounds_alike(text, alias.folded):
        return True
    shorter = min(len(text), len(alias.folded))
    if shorter == 4 and not _has_kanji(alias.folded):
        return False
    apart = distance(sound(text), sound(alias.folded))
    return apart <= 1 and typos <= tolerance(shorter)


def _has_kanji(text: str) -> bool:
    return any("一" <= char <= "鿿" for char in text)


def _without_qualifiers(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Look-alikes that only describe the service beside them, 「m3の薬キャリ」, left out."""
    left_out: list[Mention] = []
    for one, two in itertools.pairwise(mentions):
        if text[one.end : two.start] not in _OF:
            continue
        match one.target, two.target:
            case NamedLookalike(slug, _), NamedService(own) if slug == own:
                left_out.append(one)
            case NamedService(own), NamedLookalike(slug, _) if slug == own:
                left_out.append(two)
    return [mention for mention in mentions if mention not in left_out]


def _are_joined(mentions: Sequence[Mention], text: str) -> bool:
    """Whether two names stand side by side as equals: 「薬キャリとm3」."""
    return any(text[one.end : two.start] in _AND for one, two in itertools.pairwise(mentions))


def _one_of_a_family(mentions: Sequence[Mention], text: str) -> Target:
    """A service and its own look-alikes in one sentence: the service, unless joined by 「と」."""
    services = [m.target for m in mentions if isinstance(m.target, NamedService)]
    lookalikes = [m.target for m in mentions if isinstance(m.target, NamedLookalike)]
    return (
        lookalikes[0]
        if lookalikes and (not services or _are_joined(mentions, text))
        else services[0]
    )
