"""A letter's blanks, passages and holes fit together, and it fits the way it travels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.catalog import Catalog
from content.letter import Letter, fill, holes
from content.problems import Problem
from content.reader import Document, Place
from content.rules.pointers import letters_of, service_documents

_ARTICLE_NUMBER = re.compile(r"[0-9０-９一二三四五六七八九十百]+\s*条(?!件)")
_WRONG = "?"
"""Stands for the hole in a wording whose braces do not pair."""


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Everything about letters that more than one line, or more than one file, decides."""
    for name, letter in catalog.letters.items():
        document = catalog.documents[f"letters/{name}.yaml"]
        found = list(_holes(letter))
        wrong = [*_braces(document, found), *_unknown_holes(document, letter, found)]
        yield from wrong
        yield from _unused(document, letter, {hole for _, hole in found})
        yield from _passages(catalog, document, letter)
        yield from _names(catalog, document, letter)
        if not wrong:
            yield from _too_long(catalog, document, letter)
    yield from _article_numbers(catalog)
    yield from _contacts(catalog)


def _holes(letter: Letter) -> Iterator[tuple[Place, str]]:
    """Every hole of the letter with the place of the wording it is in."""
    wordings: dict[Place, str] = {
        ("subject",): letter.subject or "",
        ("recipient",): letter.recipient,
        ("text",): letter.text,
    }
    for key, passage in letter.passages.items():
        wordings |= {("passages", key, reason): text for reason, text in passage.items()}
    for place, wording in wordings.items():
        try:
            yield from ((place, hole) for hole in holes(wording))
        except ValueError:
            yield place, _WRONG


def _braces(document: Document, found: list[tuple[Place, str]]) -> Iterator[Problem]:
    for place, hole in found:
        if hole == _WRONG:
            what = "波かっこが閉じていません"
            yield document.problem(place, what, "{ と } を揃えてください")


def _unknown_holes(
    document: Document, letter: Letter, found: list[tuple[Place, str]]
) -> Iterator[Problem]:
    blanks = {*letter.fields, "service", *({"law"} if letter.law else ())}
    allowed = {
        "subject": blanks | set(letter.passages),
        "text": blanks | set(letter.passages),
        "passages": blanks,  # a passage inside a passage would depend on their order
        "recipient": {"service"},
    }
    for place, hole in found:
        if hole not in allowed[str(place[0])] and hole != _WRONG:
            what = f"{{{hole}}} は、ここでは使えない空欄です"
            yield document.problem(place, what, "fields に足すか、つづりを直してください")


def _unused(document: Document, letter: Letter, used: set[str]) -> Iterator[Problem]:
    mend = "本文で使うか、消してください"
    if _WRONG in used:
        return
    for index, field in enumerate(letter.fields):
        if field not in used:
            what = f"空欄「{field}」が本文で使われていません"
            yield document.problem(("fields", index), what, mend)
    for key in letter.passages:
        if key not in used:
            what = f"「{key}」が本文で使われていません"
            yield document.problem(("passages", key), what, mend)
    if letter.law and "law" not in used:
        yield document.problem(("law",), "{law} が本文で使われていません", mend)


def _passages(catalog: Catalog, document: Document, letter: Letter) -> Iterator[Problem]:
    reasons = _names_in(catalog, "reasons.yaml")
    for key, passage in letter.passages.items():
        if key in {*letter.fields, "service", "law"}:
            what = f"「{key}」は空欄の名前と重なっています"
            yield document.problem(("passages", key), what, "別の名前にしてください")
        if "default" not in passage:
            what = f"「{key}」に default がありません"
            mend = "どれにも当てはまらない時の文を default に書いてください"
            yield document.problem(("passages", key), what, mend)
        for reason in passage:
            if reason != "default" and reasons is not None and reason not in reasons:
                what = f"理由「{reason}」が reasons.yaml にありません"
                place = ("passages", key, reason)
                yield document.problem(place, what, "つづりを直してください")


def _names(catalog: Catalog, document: Document, letter: Letter) -> Iterator[Problem]:
    fields = _names_in(catalog, "fields.yaml")
    for index, field in enumerate(letter.fields):
        if fields is not None and field not in fields:
            what = f"空欄「{field}」が fields.yaml にありません"
            yield document.problem(("fields", index), what, "fields.yaml に足してください")
    law, channels = _names_in(catalog, "law.yaml"), _names_in(catalog, "channels.yaml")
    if letter.law and law is not None and letter.law not in law:
        what = f"「{letter.law}」が law.yaml にありません"
        yield document.problem(("law",), what, "つづりを直してください")
    if channels is not None and letter.channel not in channels:
        what = f"「{letter.channel}」が channels.yaml にありません"
        yield document.problem(("channel",), what, "つづりを直してください")


def _names_in(catalog: Catalog, file: str) -> frozenset[str] | None:
    document = catalog.documents.get(file)
    return document.names() if document else None


def _too_long(catalog: Catalog, document: Document, letter: Letter) -> Iterator[Problem]:
    """Measured with the longest passages and the longest service name, in UTF-16 code units."""
    words = {
        name: f"【{catalog.fields[name].label if name in catalog.fields else name}】"
        for name in letter.fields
    }
    words["service"] = max((s.name for s in catalog.services.values()), key=len, default="")
    if article := catalog.law.get(letter.law or ""):
        words["law"] = max(article.cites, article.polite, key=len)
    words.setdefault("law", "")
    for key, passage in letter.passages.items():
        words[key] = max((fill(text, words) for text in passage.values()), key=len, default="")
    length = len(fill(letter.text, words).encode("utf-16-le")) // 2
    channel = catalog.channels.get(letter.channel)
    if channel and length > channel.longest:
        limit = f"{channel.name}の上限 {channel.longest} 文字"
        what = f"本文が {length} 文字で、{limit}を超えています"
        yield document.problem(("text",), what, "短くしてください")


def _article_numbers(catalog: Catalog) -> Iterator[Problem]:
    """An article is named only through law.yaml, where a person has to have checked it."""
    for document in catalog.documents.values():
        for place, text in document.texts() if document.file != "law.yaml" else ():
            if _ARTICLE_NUMBER.search(text):
                what = "条文の番号が直接書かれています"
                mend = "law.yaml の名前を law に書き、本文では {law} を使ってください"
                yield document.problem(place, what, mend)


def _contacts(catalog: Catalog) -> Iterator[Problem]:
    """The contact a letter is sent to is one of every service that hands the letter over."""
    for slug, document in service_documents(catalog):
        known = document.names("contacts")
        for name in sorted(letters_of(document)):
            letter = catalog.letters.get(name)
            if letter and letter.contact and known is not None and letter.contact not in known:
                what = f"連絡先「{letter.contact}」が services/{slug}.yaml にありません"
                mend = "つづりを直すか、そのサービスの contacts に書き足してください"
                yield catalog.documents[f"letters/{name}.yaml"].problem(("contact",), what, mend)
