"""Screens outside one withdrawal: the list of services, doubtful names, 状況, erasing."""

from __future__ import annotations

from collections.abc import Callable

from flows.conversation import LOBBY, Answer, Card, Say
from flows.offers import changeable
from flows.screens.question import question
from flows.telling import fact_ids, line
from flows.turn import Turn


def telling_apart(turn: Turn) -> list[Say]:
    """A name that may mean several things: what it is, and where each meaning leads."""
    named = turn.last.argument if turn.last else ""
    slug, _, key = named.partition("/")
    service = turn.catalog.services.get(slug)
    if service is None or key not in service.lookalikes:
        return [Say("telling_apart", line(turn, "telling_apart", "several"))]
    lookalike = service.lookalikes[key]
    about = line(turn, "telling_apart", "about", name=lookalike.name)
    facts = "\n".join(f"・{service.facts[name].text}" for name in lookalike.facts)
    ids = tuple(f"{slug}.{name}" for name in lookalike.facts)
    return [Say(f"lookalike:{key}", f"{about}\n{facts}", facts=ids), question(turn)]


def reviewing_answers(turn: Turn) -> list[Say]:
    """The answers so far, each of which can be changed."""
    items = tuple(_answers(turn))
    if turn.slug == LOBBY:
        return [Say("reviewing_answers", line(turn, "reviewing_answers", "nothing"))]
    here = turn.catalog.texts[turn.trail[-1].state].name
    card = Card(
        title=line(turn, "reviewing_answers", "title"),
        items=items,
        note=line(turn, "reviewing_answers", "here", state=here),
    )
    return [Say("answers", cards=(card,)), question(turn)]


def _answers(turn: Turn) -> list[str]:
    """Each answer as 「question：answer」, in the words of the buttons."""
    texts = turn.catalog.texts
    return [f"{texts[made.state].name}：{_label(turn, made)}" for made in changeable(turn)]


def _label(turn: Turn, made: Answer) -> str:
    service = turn.service
    picked: dict[str, Callable[[str], str]] = {
        "giving_reason": lambda key: turn.catalog.reasons[key],
        "considering_alternative": lambda key: service.alternatives[key].name,
        "choosing_method": lambda key: service.methods[key].name,
    }
    if made.trigger == "choose":
        return picked[made.state](made.argument)
    return turn.catalog.texts[made.state].buttons[made.trigger]


def notice(turn: Turn) -> list[Say]:
    """What has to be known before the first question about this service."""
    facts = turn.service.notice
    text = "\n".join(f"・{turn.service.facts[key].text}" for key in facts)
    questions = 4 + (turn.service.reward is not None) - bool(turn.meant)
    length = line(turn, "checking_selection", "length", count=str(questions))
    head = f"【{turn.service.name}】{turn.service.about}"
    return [Say("notice", f"{head}\n{text}\n{length}", facts=fact_ids(turn, facts))]


SCREENS: dict[str, Callable[[Turn], list[Say]]] = {
    "telling_apart": telling_apart,
    "reviewing_answers": reviewing_answers,
}
