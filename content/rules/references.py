"""What a service points to exists; what exists is pointed to; a method's letter has its blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.catalog import Catalog
from content.evidence import KEY, SLUG
from content.problems import Problem
from content.reader import Document
from content.rules.pointers import letters_of, pointers, service_documents

_WHERE = {
    "fact": "このファイルの facts",
    "letter": "letters フォルダー",
    "alternative": "このファイルの alternatives",
    "method": "このファイルの methods",
    "contact": "このファイルの contacts",
    "field": "fields.yaml",
    "reason": "reasons.yaml",
    "source": "このファイルの sources",
    "onward": "service・other・list か、このファイルの lookalikes",
}


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Names that lead nowhere, and things no name leads to."""
    for slug, document in service_documents(catalog):
        yield from _dangling(catalog, document)
        if slug in catalog.services:  # else a list that cannot be read may be the one to use it
            yield from _unused_facts(document)
    yield from _unused_letters(catalog)
    yield from _missing_blanks(catalog)


def _dangling(catalog: Catalog, document: Document) -> Iterator[Problem]:
    known = _known(catalog, document)
    for place, kind, name in pointers(document):
        there = known[kind]
        if there is not None and name not in there and re.match(f"{KEY}|{SLUG}", name):
            what = f"「{name}」が見つかりません（{_WHERE[kind]}）"
            yield document.problem(place, what, "つづりを直すか、書き足してください")


def _known(catalog: Catalog, document: Document) -> dict[str, frozenset[str] | None]:
    """The names of each kind that *document* may use; None where they could not be read."""

    def own(section: str) -> frozenset[str] | None:
        return document.names(section)

    def shared(file: str) -> frozenset[str] | None:
        found = catalog.documents.get(file)
        return found.names() if found else None

    lookalikes = own("lookalikes")
    return {
        "fact": own("facts") or None,  # a service without facts is told so when it is read
        "letter": frozenset(_letter_files(catalog)),
        "alternative": own("alternatives"),
        "method": own("methods") or None,
        "contact": own("contacts"),
        "field": shared("fields.yaml"),
        "reason": shared("reasons.yaml"),
        "source": own("sources") or None,
        "onward": None if lookalikes is None else lookalikes | {"service", "other", "list"},
    }


def _letter_files(catalog: Catalog) -> dict[str, Document]:
    return {
        file.removeprefix("letters/").removesuffix(".yaml"): document
        for file, document in catalog.documents.items()
        if file.startswith("letters/")
    }


def _unused_facts(document: Document) -> Iterator[Problem]:
    used = {name for _, kind, name in pointers(document) if kind == "fact"}
    for key in sorted((document.names("facts") or frozenset()) - used):
        what = f"「{key}」はどこでも伝えられません"
        yield document.problem(("facts", key), what, "使う場所に書くか、消してください")


def _unused_letters(catalog: Catalog) -> Iterator[Problem]:
    if sum(file.startswith("services/") for file in catalog.documents) > len(catalog.services):
        return  # the file that cannot be read may be the one that uses it
    used = {name for _, it in service_documents(catalog) for name in letters_of(it)}
    for name, letter in _letter_files(catalog).items():
        if name not in used:
            what = "どのサービスからも使われていない文面です"
            yield letter.problem((), what, "サービスの letters に書くか、ファイルを消してください")


def _missing_blanks(catalog: Catalog) -> Iterator[Problem]:
    """What a method asks for has a blank in the first letter it hands over."""
    for slug, service in catalog.services.items():
        document = catalog.documents[f"services/{slug}.yaml"]
        for key, method in service.methods.items():
            name = method.letters[0]
            letter = catalog.letters.get(name)
            for field in method.needs if letter else ():
                if letter and field not in letter.fields:
                    what = f"文面「{name}」に、この方法で必要な空欄 {field} がありません"
                    mend = "文面の fields と本文に足すか、needs から外してください"
                    yield document.problem(("methods", key, "letters"), what, mend)
