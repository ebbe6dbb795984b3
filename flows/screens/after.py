"""Screens after the steps: what happens next, no answer, contacts that go on, coming back."""

from __future__ import annotations

from collections.abc import Callable

from flows.conversation import Say
from flows.hours import business_day_after, in_words
from flows.screens.question import question
from flows.telling import contact_id, contact_lines, fact_ids, facts_bubble, line, listed
from flows.turn import Turn


def awaiting_result(turn: Turn) -> list[Say]:
    """What happens next and how long it takes, as far as that is known."""
    title = line(turn, "awaiting_result", "title")
    return [*facts_bubble(turn, "next", turn.service.aftercare.next, title), question(turn)]


def chasing_reply(turn: Turn) -> list[Say]:
    """No answer: when it is time to ask, where, with which letter, and who else can help."""
    chase = turn.service.aftercare.chase
    facts = fact_ids(turn, chase.facts)
    lines = [f"■ {line(turn, 'chasing_reply', 'title')}", listed(turn, chase.facts)]
    if chase.contact:
        lines += contact_lines(turn, turn.service.contacts[chase.contact])
        facts += (contact_id(turn, chase.contact),)
    if days := chase.days_after(turn.method_key):
        date = in_words(turn.catalog, business_day_after(turn.now.date(), days))
        lines.append(line(turn, "chasing_reply", "date", days=str(days), date=date))
    lines += [
        line(turn, "chasing_reply", "desk", name=desk.name, phone=desk.phone, hours=desk.hours)
        for desk in turn.catalog.desks.values()
        if desk.purpose == "personal_data"
    ]
    text = "\n".join(part for part in lines if part)
    return [Say("chase", text, facts=facts), question(turn)]


def topic(turn: Turn, key: str) -> list[Say]:
    """Something to read on demand: a topic of the service, or one every service has."""
    service = turn.service
    common = {
        "unknown": ("topic_unknown", service.unknown),
        "arrives": ("topic_arrives", service.aftercare.arrives),
        "rejoin": ("topic_rejoin", service.aftercare.rejoin),
    }
    if key in common:
        name, facts = common[key]
        return facts_bubble(turn, f"topic:{key}", facts, turn.catalog.phrases[name])
    found = service.topics[key]
    return facts_bubble(turn, f"topic:{key}", found.facts, found.name)


SCREENS: dict[str, Callable[[Turn], list[Say]]] = {
    "awaiting_result": awaiting_result,
    "chasing_reply": chasing_reply,
}
