"""Screens before leaving: selection, reward, reason, alternatives."""

from __future__ import annotations

from collections.abc import Callable

from flows.conversation import Card, Say
from flows.screens.question import question
from flows.telling import contact_id, contact_lines, fact_ids, facts_bubble, freshness, line, told
from flows.turn import Turn


def handling_selection(turn: Turn) -> list[Say]:
    """What to do about a running selection: by phone where a date is near, case by case."""
    selection = turn.service.selection
    facts = [*selection.advice]
    if turn.answered("checking_interview", "confirm"):
        facts = [*selection.soon, *facts]
    if turn.answered("checking_selection", "doubt"):
        facts = [*selection.unsure, *facts]
    title = line(turn, "handling_selection", "title")
    return [*facts_bubble(turn, "selection", facts, title), question(turn)]


def checking_reward(turn: Turn) -> list[Say]:
    """Is anything left that leaving would destroy? For a gift: was a job found at all?"""
    reward = turn.service.reward
    assert reward is not None
    return [*facts_bubble(turn, "reward", reward.question), question(turn)]


def stopping_for_reward(turn: Turn) -> list[Say]:
    """One screen, two buttons: take it first, or go on without it. Never a block.

    Who does not know what is left is told where to look, for that decides between the two. Where
    a gift is claimed decides nothing yet: it is told on the next screen, to who wants it.
    """
    reward = turn.service.reward
    assert reward is not None
    facts = [*reward.stop]
    if turn.answered("checking_reward", "doubt"):
        facts += reward.where
    title = line(turn, "stopping_for_reward", "title")
    return [*facts_bubble(turn, "reward_stop", facts, title), question(turn)]


def claiming_reward(turn: Turn) -> list[Say]:
    """Where and how the reward is taken, and what is not known about it."""
    reward = turn.service.reward
    assert reward is not None
    title = line(turn, "claiming_reward", "title")
    return [*facts_bubble(turn, "reward_claim", reward.where, title), question(turn)]


def giving_reason(turn: Turn) -> list[Say]:
    """Why; never required."""
    return [*facts_bubble(turn, "not_eligible", _not_eligible(turn)), question(turn)]


def remark(turn: Turn) -> list[Say]:
    """What this service says to somebody with this reason."""
    return facts_bubble(turn, "remark", [*_not_eligible(turn), *turn.advice.remark])


def _not_eligible(turn: Turn) -> tuple[str, ...]:
    """The job was found elsewhere: the gift does not apply, said once and without regret."""
    last, reward = turn.last, turn.service.reward
    if (
        reward is None
        or last is None
        or (last.state, last.trigger) != ("checking_job_route", "deny")
    ):
        return ()
    return reward.not_eligible


def considering_alternative(turn: Turn) -> list[Say]:
    """What there is short of leaving, offered once, with the way past it beside."""
    service = turn.service
    cards: list[Card] = []
    facts: list[str] = []
    for key in turn.advice.alternatives:
        alternative = service.alternatives[key]
        cards.append(Card(alternative.name, items=tuple(told(turn, f) for f in alternative.facts)))
        facts += fact_ids(turn, alternative.facts)
    return [
        *remark(turn),
        Say("alternatives", cards=tuple(cards), facts=tuple(facts)),
        question(turn),
    ]


def trying_alternative(turn: Turn) -> list[Say]:
    """The steps of one alternative; its letters are among the choices."""
    chosen = turn.answer("considering_alternative")
    assert chosen is not None
    alternative = turn.service.alternatives[chosen.argument]
    facts = [key for step in alternative.steps for key in (*step.warning, step.do)]
    ids = list(fact_ids(turn, facts))
    notes = [freshness(turn)]
    if alternative.contact:
        notes = contact_lines(turn, turn.service.contacts[alternative.contact])
        ids.append(contact_id(turn, alternative.contact))
    card = Card(
        alternative.name,
        items=tuple(
            "\n".join(told(turn, key) for key in (*step.warning, step.do))
            for step in alternative.steps
        ),
        numbered=True,
        note="\n".join(notes),
    )
    return [Say("alternative_steps", cards=(card,), facts=tuple(ids)), question(turn)]


def regaining_login(turn: Turn) -> list[Say]:
    """Logging in fails: what can be done all the same."""
    help_ = turn.service.login_help
    assert help_ is not None
    title = line(turn, "regaining_login", "title")
    return [*facts_bubble(turn, "login_help", help_.facts, title), question(turn)]


SCREENS: dict[str, Callable[[Turn], list[Say]]] = {
    "handling_selection": handling_selection,
    "checking_reward": checking_reward,
    "checking_job_found": checking_reward,
    "stopping_for_reward": stopping_for_reward,
    "claiming_reward": claiming_reward,
    "giving_reason": giving_reason,
    "considering_alternative": considering_alternative,
    "trying_alternative": trying_alternative,
    "regaining_login": regaining_login,
}
