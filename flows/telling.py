"""Turning facts and texts into sentences: holes filled, age said, conflicts side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from content.evidence import Evidence
from content.letter import fill, holes
from content.service import Contact, Service
from flows.conversation import Say
from flows.hours import in_words, likely_open, next_opening
from flows.turn import Turn


def _word(turn: Turn, hole: str) -> str:
    """What a *hole* of texts/withdrawal.yaml stands for in this turn. Raises KeyError."""
    if hole == "state":
        return turn.catalog.texts[turn.state].name
    return _OF_THE_SERVICE[hole](turn) if turn.slug else ""


_OF_THE_SERVICE: dict[str, Callable[[Turn], str]] = {
    "service": lambda turn: turn.service.name,
    "reward": lambda turn: turn.service.reward.name if turn.service.reward else "",
    "reward_act": lambda turn: turn.service.reward.act if turn.service.reward else "",
    "method": lambda turn: turn.service.methods[turn.method_key].name,
}


def filled(turn: Turn, wording: str, /, **more: str) -> str:
    """*wording* with its holes filled: with *more*, or with what they stand for everywhere."""
    names = holes(wording)
    return fill(
        wording, {name: more[name] if name in more else _word(turn, name) for name in names}
    )


def line(turn: Turn, state: str, key: str, /, **more: str) -> str:
    """The sentence *key* of *state*'s ``lines``, filled."""
    return filled(turn, turn.catalog.texts[state].lines[key], **more)


def phrase(turn: Turn, key: str, /, **more: str) -> str:
    """The phrase *key* of phrases.yaml, filled."""
    return filled(turn, turn.catalog.phrases[key], **more)


def saying(turn: Turn, key: str, /, **more: str) -> Say:
    """The phrase *key* as a message of that name."""
    return Say(key, phrase(turn, key, **more))


def fact_ids(turn: Turn, keys: Iterable[str]) -> tuple[str, ...]:
    """The ids under which tests and coverage know these facts."""
    return tuple(f"{turn.slug}.{key}" for key in keys)


def told(turn: Turn, key: str) -> str:
    """One fact as a sentence, with what other places say instead."""
    fact = turn.service.facts[key]
    if not fact.conflicts:
        return fact.text
    others = [other.text for other in fact.conflicts if not other.told]
    return "\n".join([fact.text, *(phrase(turn, "conflict", text=text) for text in others)])


def listed(turn: Turn, keys: Iterable[str]) -> str:
    """Facts as a bulleted text."""
    return "\n".join(f"・{told(turn, key)}" for key in keys)


def facts_bubble(turn: Turn, id_: str, keys: Iterable[str], title: str = "") -> list[Say]:
    """A bubble that tells these facts, with the age of any contact in them; [] without facts."""
    keys = tuple(dict.fromkeys(keys))
    if not keys:
        return []
    text = listed(turn, keys) if len(keys) > 1 or title else told(turn, keys[0])
    contacts = [c for c in turn.service.contacts.values() if c.value in text]
    ages = dict.fromkeys(freshness(turn, contact) for contact in contacts)
    text = "\n".join([f"■ {title}", text, *ages] if title else [text, *ages])
    return [Say(id_, text, facts=fact_ids(turn, keys))]


# --- how old it is ---------------------------------------------------------------------------


def freshness(turn: Turn, evidence: Evidence | None = None) -> str:
    """One line on the age of *evidence*, or of the article the whole service rests on."""
    service = turn.service
    if evidence is not None and evidence.verified_on:
        day = evidence.verified_on
        parts = {"year": str(day.year), "month": str(day.month), "day": str(day.day)}
        return phrase(turn, "fresh_verified", when=fill(turn.catalog.phrases["long_day"], parts))
    if service.status == "general":
        return phrase(turn, "fresh_general")
    if service.status == "unconfirmed":
        return phrase(turn, "fresh_unconfirmed")
    as_of = (evidence.as_of if evidence else None) or _source_month(service, evidence)
    if as_of is None:
        return phrase(turn, "fresh_undated")
    year, month = as_of.split("-")
    when = phrase(turn, "month", year=year, month=str(int(month)))
    return phrase(turn, "fresh_dated", when=when)


def _source_month(service: Service, evidence: Evidence | None) -> str | None:
    source = evidence.outside if evidence and evidence.outside else "article"
    return service.sources[source].as_of


def contact_lines(turn: Turn, contact: Contact) -> list[str]:
    """A contact as people read it: what for, when it answers, how old the datum is."""
    lines = [phrase(turn, "contact", purpose=contact.purpose, value=contact.value)]
    if contact.kind == "phone":
        if contact.hours is None:
            lines.append(phrase(turn, "hours_unknown"))
        else:
            hours = contact.hours
            lines.append(phrase(turn, "hours", open=hours.open, close=hours.close))
            if likely_open(hours, turn.now):
                lines.append(phrase(turn, "hours_now"))
            else:
                opening = next_opening(hours, turn.now)
                date = in_words(turn.catalog, opening.date())
                lines.append(phrase(turn, "hours_next", date=date, open=hours.open))
    lines.append(freshness(turn, contact))
    return lines


def contact_id(turn: Turn, key: str) -> str:
    """The id under which coverage knows a contact as a fact."""
    return f"{turn.slug}.contacts.{key}"
