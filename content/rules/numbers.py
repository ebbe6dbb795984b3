"""A number with a unit is said only where something is known to have it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from content.catalog import Catalog
from content.problems import Problem
from content.reader import Document, Place
from content.rules.ledger import Ledger, held, ledgers
from content.rules.pointers import letters_of
from content.rules.quantities import Kind, Quantity, Said, quantities

OUR_OWN = "私たち"
"""A fact that says so, 「私たちからの提案です」, may have a number that is nobody's but ours."""

ABOUT_US = frozenset({Quantity(Kind.SECONDS, (60,))})
"""What the bot says of itself: its questions take about a minute."""

_NOBODY_READS = ("ours", "lines", "as_of", "verified_on", "address")
_AS_OF = re.compile("時点|現在")
_KNOWN_TO_ALL = ("desks.yaml", "law.yaml")
"""Where the numbers are from that no service has; each entry there names its own source."""


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Numbers in services, in letters and in general texts that nothing known has."""
    for ledger in ledgers(catalog).values():
        yield from _service(ledger)
        for name in sorted(letters_of(ledger.document)):
            if letter := catalog.documents.get(f"letters/{name}.yaml"):
                for place, text in letter.texts():
                    yield from _unknown(letter, place, quantities(text), ledger)
    yield from _general(catalog)


def _service(ledger: Ledger) -> Iterator[Problem]:
    for place, text in ledger.document.texts():
        if place[0] != "must_not_say" and place[-1] not in _NOBODY_READS:
            said = quantities(text)
            found: list[Problem] = []
            if place[0] != "facts":
                found += _unknown(ledger.document, place, said, ledger)
            elif _is_advice(place, text, ledger):
                found += _unsourced(place, said, ledger)
            yield from found or _another_month(place, text, ledger)
    if days := ledger.service.aftercare.chase.business_days:
        place = ("aftercare", "chase", "business_days")
        yield from _unknown(ledger.document, place, quantities(f"{days}営業日"), ledger)


def _is_advice(place: Place, text: str, ledger: Ledger) -> bool:
    """Whether it is advice of our own that does not say so. Other facts bring their numbers."""
    fact = ledger.service.facts[str(place[1])]
    return place[2:] == ("text",) and fact.grade == "ours" and OUR_OWN not in text


def _unknown(
    document: Document, place: Place, said: Iterable[Said], ledger: Ledger
) -> Iterator[Problem]:
    for written in _missing(said, ledger.every):
        what = f"「{written}」は{ledger.service.name}のどの事実にもありません"
        yield document.problem(place, what, "事実を書くか、文を直してください")


def _unsourced(place: Place, said: Iterable[Said], ledger: Ledger) -> Iterator[Problem]:
    for written in _missing(said, ledger.sourced):
        what = f"「{written}」は{ledger.service.name}の出典のあるどの事実にもありません"
        mend = f"出典のある事実に合わせるか、「{OUR_OWN}からの提案です」と断ってください"
        yield ledger.document.problem(place, what, mend)


def _another_month(place: Place, text: str, ledger: Ledger) -> Iterator[Problem]:
    """「2020年12月時点」 names the month of a source, whatever else is known of another month."""
    *before, _ = _AS_OF.split(unicodedata.normalize("NFKC", text))
    said = [it for part in before for it in quantities(part) if part.endswith(it.written)]
    dates = [it for it in said if it.quantity.kind is Kind.DATE]
    for written in _missing(dates, ledger.months):
        what = f"{ledger.service.name}の出典に「{written}」のものはありません"
        mend = "文の年月か、sources の as_of を直してください"
        yield ledger.document.problem(place, what, mend)


def _general(catalog: Catalog) -> Iterator[Problem]:
    files = catalog.documents
    known = ABOUT_US.union(
        said.quantity
        for file in _KNOWN_TO_ALL
        for _, text in (files[file].texts() if file in files else ())
        for said in quantities(text)
    )
    for file, document in files.items():
        elsewhere = file.startswith(("services/", "letters/"))
        if elsewhere or file in ("words.yaml", *_KNOWN_TO_ALL):  # what people type is not said
            continue
        for place, text in document.texts():
            for written in _missing(quantities(text), known):
                what = f"「{written}」は {' と '.join(_KNOWN_TO_ALL)} のどこにもありません"
                mend = "数を使わずに書くか、{ } で事実から入れてください"
                yield document.problem(place, what, mend)


def _missing(said: Iterable[Said], known: frozenset[Quantity]) -> Iterable[str]:
    """How each number is written that is not *known*; both ends of a span once."""
    return dict.fromkeys(it.written for it in said if not held(it, known))
