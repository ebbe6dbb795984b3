"""An address or a number may stand only where the service that owns it is spoken of."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from content.catalog import Catalog
from content.problems import Problem
from content.reader import Document, Place
from content.rules.pointers import letters_of, service_documents

_MAIL = re.compile(r"[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_GAP = "[-‐‑‒–—−ー() ]{0,2}"
_PHONE = re.compile(rf"(?<![\d-])0\d{{1,4}}{_GAP}\d{{1,4}}{_GAP}\d{{3,4}}(?![\d-])")
_PHONE_DIGITS = (10, 11)
"""Japanese numbers with their leading zero: land lines and 0120 have ten, mobiles eleven."""


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Contacts that are not what they should be, and contacts in a foreign place."""
    yield from _malformed(catalog)
    yield from _owned_twice(catalog)
    yield from _astray(catalog)


def found_in(text: str) -> Iterator[str]:
    """Every mail address and number in *text*, however written: digits only, small letters."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    yield from _MAIL.findall(normal)
    for number in _PHONE.findall(normal):
        digits = re.sub(r"\D", "", number)
        if len(digits) in _PHONE_DIGITS:
            yield digits


def _owned(catalog: Catalog) -> Iterator[tuple[Document, Place, str]]:
    """File, place and normal form of every contact of every service, well formed or not."""
    for _, document in service_documents(catalog):
        for place, text in document.texts():
            if place[0] == "contacts" and place[-1] == "value":
                yield from ((document, place, value) for value in found_in(text))


def _malformed(catalog: Catalog) -> Iterator[Problem]:
    form = {"mail": _MAIL, "phone": re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")}
    example = {"mail": "name@example.jp", "phone": "0120-000-000"}
    for slug, service in catalog.services.items():
        document = catalog.documents[f"services/{slug}.yaml"]
        for key, contact in service.contacts.items():
            if not form[contact.kind].fullmatch(contact.value):
                what = f"{contact.value} は {contact.kind} の形ではありません"
                mend = f"半角で {example[contact.kind]} の形に書いてください"
                yield document.problem(("contacts", key, "value"), what, mend)


def _owned_twice(catalog: Catalog) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for document, place, value in _owned(catalog):
        first = owner.setdefault(value, document.file)
        if first != document.file:
            mend = "どちらか一つのサービスだけに書いてください"
            yield document.problem(place, f"この連絡先は {first} のものです", mend)


def _astray(catalog: Catalog) -> Iterator[Problem]:
    allowed = _allowed(catalog)
    for document in catalog.documents.values():
        if document.file == "desks.yaml":
            continue
        for place, text in document.texts():
            for contact in found_in(text) if place[0] != "must_not_say" else ():
                if contact not in allowed[document.file]:
                    what = f"{contact} はこのサービスの連絡先ではありません"
                    mend = "このサービスの contacts に書くか、消してください"
                    yield document.problem(place, what, mend)


def _allowed(catalog: Catalog) -> defaultdict[str, set[str]]:
    """File → the contacts it may name. A letter may name what all its services share."""
    owned = defaultdict[str, set[str]](set)
    for document, _, value in _owned(catalog):
        owned[document.file].add(value)
    allowed = defaultdict(set, owned)
    for _, document in service_documents(catalog):
        for name in letters_of(document):
            file = f"letters/{name}.yaml"
            own = owned[document.file]
            allowed[file] = allowed[file] & own if file in allowed else set(own)
    return allowed
