"""`taikai check`: everything that is wrong with the content, in one run, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import messages
from bot.line.limits import limit
from content.catalog import HERE, Catalog, survey
from content.evidence import Evidence
from content.labels import labels
from content.problems import Problem
from flows import check as flow_check
from flows.conversation import Pressed
from flows.coverage import every_fact, facts_shown

TOKYO = ZoneInfo("Asia/Tokyo")
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")  # a day or a month; written alike, so they sort

STALE_AFTER_DAYS = 180
"""A datum nobody has looked at for half a year is listed by ``--stale``. Ours to choose."""


def problem_lines(path: Path | None = None) -> list[str]:
    """`problems` as lines to print, each beginning with a place an editor can open."""
    return [f"{_shown(_folder(path))}/{problem}" for problem in problems(path)]


def stale_lines(path: Path | None, today: date) -> list[str]:
    """`stale` as lines to print, for the content *path* is or belongs to."""
    folder = _folder(path)
    return [f"{_shown(folder)}/{line}" for line in stale(survey(folder)[0], today)]


def fact_lines(path: Path | None, now: datetime) -> list[str]:
    """Every fact and contact with the shortest way to it: the buttons after the service's name."""
    catalog = survey(_folder(path))[0]
    shown = facts_shown(catalog, now)
    return [
        f"{fact}: {' > '.join(_step_in_words(press) for press in shown[fact])}"
        if fact in shown
        else f"{fact}: 誰にも伝わりません"
        for fact in every_fact(catalog)
    ]


def _step_in_words(press: Pressed) -> str:
    return f"{press.trigger} {press.argument}".strip()


def problems(path: Path | None = None) -> list[Problem]:
    """Every problem of a content folder (default: the content shipped with the bot).

    Where *path* is a file in one, those of that file: what is wrong with it may be seen only
    beside the others, so the whole folder is read all the same.
    """
    folder = _folder(path)
    if path is None or path.is_dir():
        return _all(folder)
    file = path.absolute().relative_to(folder.absolute()).as_posix()
    if not path.exists():
        return [Problem(file, 0, "ファイルもフォルダーもありません", "つづりを確かめてください")]
    if file not in survey(folder)[0].documents:
        mend = "services・letters・texts の中か、その隣の .yaml ファイルを指してください"
        return [Problem(file, 0, "content として読まれるファイルではありません", mend)]
    return [problem for problem in _all(folder) if problem.file == file]


def _folder(path: Path | None) -> Path:
    """The content folder that *path* is or belongs to."""
    if path is None:
        return HERE
    if path.is_dir():
        return path
    above = (path.parent, path.absolute().parent.parent)
    return next((folder for folder in above if (folder / "services").is_dir()), path.parent)


def _shown(folder: Path) -> Path:
    """*folder* as short as it can be said from where the command was started."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _all(folder: Path) -> list[Problem]:
    catalog, found = survey(folder)
    found += _labels(catalog)
    found += _not_yet(catalog, datetime.now(TOKYO).date())
    if not any(problem.file.startswith("texts/") for problem in found):
        found += flow_check.problems(catalog)
    # A walk through content that does not hold together would only fail somewhere less clear.
    return sorted(found or messages.problems(catalog, datetime(2026, 11, 22, 12, tzinfo=TOKYO)))


def _labels(catalog: Catalog) -> Iterator[Problem]:
    longest = limit("quickReply.label")
    for document, place, text in labels(catalog):
        if (count := longest.measure(text)) > longest.value:
            what = f"ボタンの言葉が長すぎます（「{text}」は {count} 文字）"
            yield document.problem(place, what, f"{longest.value} 文字までにしてください")


def _not_yet(catalog: Catalog, today: date) -> Iterator[Problem]:
    """Days and months that are still to come: nobody can have looked then."""
    for document in catalog.documents.values():
        for place, text in document.texts():
            is_day = place[-1] in ("verified_on", "as_of") and _DAY.fullmatch(text)
            if is_day and text > today.isoformat()[: len(text)]:
                what = f"{text} はまだ来ていません"
                yield document.problem(place, what, "確かめた日や、書かれた月に直してください")


def stale(catalog: Catalog, today: date) -> list[str]:
    """What a person should look at again: contacts and facts by service, then desks and law."""
    lines = []
    for slug, service in catalog.services.items():
        document = catalog.documents[f"services/{slug}.yaml"]
        as_of = service.sources["article"].as_of or "日付不明"
        for key, contact in service.contacts.items():
            if _is_stale(contact, today):
                place = f"{document.file}:{document.line(('contacts', key))}"
                datum = f"{service.name} の {contact.purpose} {contact.value}"
                lines.append(f"{place}: {datum}（{_age(contact, as_of)}）")
        unchecked = sum(_is_stale(fact, today) for fact in service.facts.values())
        facts = f"{service.name} の事実 {unchecked} 件"
        lines.append(f"{document.file}:1: {facts}（記事は{as_of}、公式では未確認）")
    for name, desk in catalog.desks.items():
        if desk.verified_on is None or (today - desk.verified_on).days > STALE_AFTER_DAYS:
            line = catalog.documents["desks.yaml"].line((name,))
            lines.append(f"desks.yaml:{line}: {desk.name} {desk.phone}（{desk.source}）")
    for name, article in catalog.law.items():
        if article.verified_on is None:
            line = catalog.documents["law.yaml"].line((name,))
            why = "条文は未確認のため、文面では名前を出していません"
            lines.append(f"law.yaml:{line}: {article.number}（{why}）")
    return lines


def _is_stale(evidence: Evidence, today: date) -> bool:
    checked = evidence.verified_on
    return checked is None or (today - checked).days > STALE_AFTER_DAYS


def _age(evidence: Evidence, as_of: str) -> str:
    if evidence.verified_on:
        return f"{evidence.verified_on} に確認"
    return f"記事は{evidence.as_of or as_of}、公式では未確認"
