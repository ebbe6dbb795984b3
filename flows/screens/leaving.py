"""Screens of leaving itself: the method, what is lost, the steps with the letter, being stuck."""

from __future__ import annotations

from collections.abc import Callable

from content.service import Method
from flows.conversation import Button, Call, Card, Choice, Pressed, Say
from flows.letters import copy_card, hand_over
from flows.offers import offers
from flows.screens.question import asked, question
from flows.screens.questions import remark
from flows.telling import (
    contact_id,
    contact_lines,
    fact_ids,
    facts_bubble,
    freshness,
    line,
    listed,
    told,
)
from flows.turn import Turn


def choosing_method(turn: Turn) -> list[Say]:
    """Every way to leave as a card: when it is best, what it needs, whether a line answers now."""
    cards, facts = [], []
    for key in turn.methods:
        method = turn.service.methods[key]
        pick = Pressed(turn.slug, turn.state, "choose", key, turn.number)
        notes = []
        if method.needs:
            labels = "、".join(turn.catalog.fields[need].label for need in method.needs)
            notes.append(line(turn, "choosing_method", "needs", fields=labels))
        if method.contact:
            notes += contact_lines(turn, turn.service.contacts[method.contact])
            facts.append(contact_id(turn, method.contact))
        cards.append(
            Card(
                method.name,
                items=tuple(told(turn, fact) for fact in method.facts),
                note="\n".join(notes),
                buttons=(Choice(line(turn, "choosing_method", "pick"), pick),),
            )
        )
        facts += fact_ids(turn, method.facts)
    notes_first = [] if turn.advice.alternatives else remark(turn)
    return [
        *notes_first,
        *facts_bubble(turn, "method_notes", turn.service.method_notes),
        Say("methods", cards=tuple(cards), facts=tuple(facts)),
        question(turn),
    ]


def reviewing_losses(turn: Turn) -> list[Say]:
    """What is lost, what stays, what to do first: asked once, before anything irreversible."""
    service = turn.service
    says = []
    if not turn.advice.alternatives and not turn.answered("choosing_method", "choose"):
        says += remark(turn)
    first = list(dict.fromkeys([*service.saves, *service.prepare]))
    for key, facts in (("losses", service.losses), ("stays", service.stays), ("saves", first)):
        if facts:
            card = Card(
                line(turn, "reviewing_losses", key), items=tuple(told(turn, f) for f in facts)
            )
            says.append(Say(key, cards=(card,), facts=fact_ids(turn, tuple(facts))))
    return [*_joined(says), question(turn)]


def _joined(says: list[Say], most: int = 3) -> list[Say]:
    """At most *most* messages, so that a reply of five holds them with its question."""
    while len(says) > most:
        last, before = says.pop(), says.pop()
        says.append(
            Say(before.id, cards=before.cards + last.cards, facts=before.facts + last.facts)
        )
    return says


def following_steps(turn: Turn) -> list[Say]:
    """The numbered steps, kept tappable, and right under them the letter they speak of."""
    method = turn.service.methods[turn.method_key]
    letter = method.letters[0]
    return [
        _steps(turn, method),
        *hand_over(turn, letter),
        Say("following_steps", cards=(copy_card(turn, letter, asked(turn)),)),
    ]


def _steps(turn: Turn, method: Method) -> Say:
    items, facts = [], []
    for step in method.steps:
        warnings = [_warning(turn, key) for key in step.warning]
        items.append("\n".join([*warnings, told(turn, step.do)]))
        facts += [*step.warning, step.do]
    notes = [listed(turn, method.notes)] if method.notes else []
    ids = [*fact_ids(turn, facts), *fact_ids(turn, method.notes)]
    buttons: list[Button] = []
    age = freshness(turn)
    if method.contact:
        contact = turn.service.contacts[method.contact]
        lines = contact_lines(turn, contact)
        notes.append("\n".join(lines))
        age = "" if age in lines else age
        ids.append(contact_id(turn, method.contact))
        if contact.kind == "phone":
            buttons.append(Call(turn.catalog.phrases["call"], contact.value))
    if age:
        notes.append(age)
    buttons += [c for c in offers(turn) if c.press.trigger in ("finish", "report_stuck")]
    # With several methods these stood on the method's card; with one there was no such screen.
    about = method.facts if len(turn.service.methods) == 1 else ()
    ids += fact_ids(turn, about)
    card = Card(
        line(turn, "following_steps", "title"),
        listed(turn, about),
        items=tuple(items),
        numbered=True,
        note="\n".join(notes),
        buttons=tuple(buttons),
    )
    return Say("steps", cards=(card,), facts=tuple(ids))


def _warning(turn: Turn, key: str) -> str:
    """A fact before the step it warns of: under its own mark, as 【もう一度】, or under ours."""
    fact = told(turn, key)
    return fact if fact.startswith("【") else line(turn, "following_steps", "warning") + fact


def getting_unstuck(turn: Turn) -> list[Say]:
    """Help for the step that was named."""
    named = turn.answer("naming_stuck_step")
    assert named is not None
    step = turn.service.methods[turn.method_key].steps[int(named.argument) - 1]
    title = line(turn, "getting_unstuck", "title", number=named.argument)
    if not step.help:
        text = f"■ {title}\n{line(turn, 'getting_unstuck', 'nothing')}"
        return [Say("stuck_help", text), question(turn)]
    return [*facts_bubble(turn, "stuck_help", step.help, title), question(turn)]


SCREENS: dict[str, Callable[[Turn], list[Say]]] = {
    "choosing_method": choosing_method,
    "reviewing_losses": reviewing_losses,
    "following_steps": following_steps,
    "getting_unstuck": getting_unstuck,
}
