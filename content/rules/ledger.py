"""What a service's file knows in numbers, and what each of them rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from content.catalog import Catalog
from content.evidence import numbered
from content.reader import Document, Place
from content.rules.pointers import service_documents
from content.rules.quantities import Quantity, Said, quantities
from content.service import Service


@dataclass(frozen=True, slots=True)
class Entry:
    """What one place of the file says in numbers.

    ``lines`` are those of the article it rests on; ``ours`` marks advice of our own. ``beside``
    is the fact it differs from on purpose, "" for none.
    """

    place: Place
    said: tuple[Said, ...]
    lines: frozenset[int] = frozenset()
    ours: bool = False
    beside: str = ""

    @property
    def quantities(self) -> frozenset[Quantity]:
        """What it says, however it is written."""
        return frozenset(said.quantity for said in self.said)


@dataclass(frozen=True)
class Ledger:
    """Every number of one service that something is known to have."""

    document: Document
    service: Service

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The facts, the conflicts beside them and the hours of contacts that name a number."""
        return tuple(entry for entry in self._entries() if entry.said)

    def _entries(self) -> Iterator[Entry]:
        written = dict(self.document.texts())
        for key, contact in self.service.contacts.items():
            if hours := contact.hours:
                said = quantities(f"{hours.open}〜{hours.close}")
                yield Entry(("contacts", key, "hours"), said, numbered(contact.lines))
        for key, fact in self.service.facts.items():
            place: Place = ("facts", key, "text")
            said = quantities(written[place])
            yield Entry(place, said, numbered(fact.lines), ours=fact.grade == "ours")
            for number, conflict in enumerate(fact.conflicts):
                place = ("facts", key, "conflicts", number, "text")
                said = quantities(written[place])
                beside = "" if conflict.told else key
                yield Entry(place, said, numbered(conflict.lines), beside=beside)

    @cached_property
    def months(self) -> frozenset[Quantity]:
        """The months as of which its sources and facts speak."""
        dates = {one.as_of for one in self.service.sources.values()}
        dates |= {one.as_of for one in self.service.facts.values()}
        return frozenset(said.quantity for date in dates for said in quantities(date or ""))

    @cached_property
    def sourced(self) -> frozenset[Quantity]:
        """The numbers that rest on more than our own word."""
        return self.months.union(*(entry.quantities for entry in self.entries if not entry.ours))

    @cached_property
    def every(self) -> frozenset[Quantity]:
        """The numbers of all facts, our own advice with them."""
        return self.months.union(*(entry.quantities for entry in self.entries))


def ledgers(catalog: Catalog) -> dict[str, Ledger]:
    """The ledger of every service that could be read, by slug."""
    return {
        slug: Ledger(document, catalog.services[slug])
        for slug, document in service_documents(catalog)
        if slug in catalog.services
    }


def held(said: Said, by: frozenset[Quantity]) -> bool:
    """Whether one of the numbers in *by* is what was *said*."""
    return said.quantity in by or any(one.holds(said.quantity) for one in by)
