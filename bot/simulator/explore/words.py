"""What is true of the words of every answer, whatever was done before it.

Each rule gives a sentence for each time it is broken, and nothing where all is well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.simulator.explore.scene import Scene, hit
from content.rules.contacts import found_in
from content.service import Service
from flows.conversation import Pressed, Say
from flows.step import MOST_SAYS
from flows.withdrawal import TABLE

LETTER = "letter:"

LEAVING = frozenset({"withdrawal", "phone_script", "erasure"})
"""Kinds of letters that can set a withdrawal going. Said once more on purpose: a rule that asked
the flow which letters are dangerous would agree with its mistakes."""

REWARD_QUESTIONS = frozenset({"checking_reward", "checking_job_found"})
"""Whoever has answered one knows what leaving would destroy."""

TWO_WAYS_ONLY = "stopping_for_reward"
"""Has its two buttons and no third; 戻る works there as a word."""

_HOLE = re.compile(r"\$\{?\w*\}?|\{[^{}]*\}?|\}|%\(?[sd]\b")
_BLANK = re.compile("【([^】]*)】?")


def something_is_said(scene: Scene) -> Iterator[str]:
    """Nobody is left without an answer, and no answer is longer than LINE takes."""
    if not scene.says:
        yield "返事がありません"
    if len(scene.says) > MOST_SAYS:
        yield f"一度に{len(scene.says)}通は送れません（{MOST_SAYS}通まで）"


def a_way_on_and_a_way_out(scene: Scene) -> Iterator[str]:
    """Something to press, and 戻る beside it, but where there is nothing to go back to."""
    if scene.stands is None:
        return
    state = scene.stands.state
    triggers = {choice.press.trigger for choice in scene.offered}
    if not triggers:
        yield f"行き止まりです（{state} に押せるものがありません）"
    elif "back" not in triggers and state not in (TABLE.initial, TWO_WAYS_ONLY):
        yield f"戻るボタンがありません（{state}）"


def no_hole_is_left_open(scene: Scene) -> Iterator[str]:
    """Every {hole} was filled, in messages and in what buttons copy."""
    for say, text in scene.worded:
        if hole := _open_hole(text):
            yield f"{say.id} の {hole} が埋まっていません"


def letters_have_known_blanks_only(scene: Scene) -> Iterator[str]:
    """A 【blank】 in a letter is one of fields.yaml: people know what to put there."""
    for say in scene.says:
        if say.id.startswith(LETTER):
            labels = {field.label for field in scene.catalog.fields.values()}
            for blank in sorted(set(_BLANK.findall(say.text)) - labels):
                yield f"文面 {say.id} の空欄【{blank}】は fields.yaml にありません"


def nothing_forbidden_is_said(scene: Scene) -> Iterator[str]:
    """No message about a service matches its must_not_say. Public desks may be named anywhere."""
    for say, text in scene.worded:
        own = _without_desks(scene, text)
        for slug in _about(scene, say):
            forbidden = scene.catalog.services[slug].must_not_say
            if forbidden and (found := hit(forbidden, own)):
                yield f"{slug} について言ってはいけないこと（{found}）を {say.id} で言っています"


def only_its_own_contacts(scene: Scene) -> Iterator[str]:
    """Every number and address is one of the service that is spoken of, or a public desk's."""
    for say, text in scene.worded:
        if shown := _contacts(text):
            known = {desk.phone for desk in scene.catalog.desks.values()}
            for slug in _about(scene, say):
                known |= _known(scene.catalog.services[slug])
            for stray in sorted(shown - {value for text in known for value in found_in(text)}):
                yield f"{stray} は、いま話しているサービスの連絡先ではありません（{say.id}）"


def alternatives_are_offered_once(scene: Scene) -> Iterator[str]:
    """Whoever has passed the alternatives meets them again only by going back."""
    if "alternatives" not in scene.ids or not isinstance(scene.step.event, Pressed):
        return
    if not scene.fresh or scene.step.event.trigger in ("back", "change"):
        return
    if scene.stood.answer("considering_alternative"):
        yield "退会以外の方法を、断ったあとにもう一度すすめています"


def a_reward_is_warned_of_before_leaving(scene: Scene) -> Iterator[str]:
    """Steps, contact or letter of a method come after the reward was asked about, or told of."""
    turn = scene.stands
    service = turn.catalog.services.get(turn.slug) if turn else None
    if turn is None or service is None or service.reward is None:
        return
    if any(made.state in REWARD_QUESTIONS for made in (*turn.trail, *scene.stood.trail)):
        return
    told: set[str] = set()
    for say in scene.says:
        told |= {fact.removeprefix(f"{turn.slug}.") for fact in say.facts}
        if _starts_leaving(scene, service, say) and not set(service.reward.again) <= told:
            yield f"{service.reward.name}を失う注意より先に、退会の {say.id} を出しています"


def _starts_leaving(scene: Scene, service: Service, say: Say) -> bool:
    """Whether *say* hands over what can set the withdrawal of *service* going."""
    if say.id in ("steps", "methods"):
        return True
    name = say.id.removeprefix(LETTER)
    of_a_method = any(name in method.letters for method in service.methods.values())
    return say.id != name and of_a_method and scene.catalog.letters[name].kind in LEAVING


@lru_cache(maxsize=8192)
def _open_hole(text: str) -> str:
    found = _HOLE.search(text)
    return found[0] if found else ""


@lru_cache(maxsize=8192)
def _contacts(text: str) -> frozenset[str]:
    return frozenset(found_in(text))


def _known(service: Service) -> set[str]:
    """The contacts of *service*."""
    return {contact.value for contact in service.contacts.values()}


def _about(scene: Scene, say: Say) -> set[str]:
    """The services *say* speaks of: those of its facts, else the one that is talked about."""
    slugs = {fact.split(".", 1)[0] for fact in say.facts} & set(scene.catalog.services)
    turn = scene.stands or scene.stood
    return slugs or ({turn.slug} if turn.slug else set())


def _without_desks(scene: Scene, text: str) -> str:
    for desk in scene.catalog.desks.values():
        for own in (desk.phone, desk.hours, desk.name):
            text = text.replace(own, "")
    return text


RULES = (
    something_is_said,
    a_way_on_and_a_way_out,
    no_hole_is_left_open,
    letters_have_known_blanks_only,
    nothing_forbidden_is_said,
    only_its_own_contacts,
    alternatives_are_offered_once,
    a_reward_is_warned_of_before_leaving,
)
