"""A person's cases: which one is in hand, which wait, and what is kept of a half begun change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from content.catalog import Catalog
from flows.conversation import LOBBY, Answer, Conversation
from flows.turn import LOOKS, Turn


def with_trail(conversation: Conversation, turn: Turn) -> Conversation:
    """*conversation* with the moves of *turn* as those of its case; an empty case is dropped."""
    cases = dict(conversation.cases)
    cases.pop(turn.slug, None)
    if turn.trail:
        cases[turn.slug] = turn.trail
    service = turn.slug if turn.trail else LOBBY
    return replace(conversation, service=service, cases=_frozen(cases))


def turned_to(conversation: Conversation, slug: str) -> Conversation:
    """*conversation* at the case of *slug*; what was half begun elsewhere is taken back."""
    conversation = settled(conversation)
    cases = {key: trail for key, trail in conversation.cases.items() if key != LOBBY}
    return replace(conversation, service=slug, cases=_frozen(cases))


def settled(conversation: Conversation) -> Conversation:
    """*conversation* without what answers nothing yet: 状況, データを消す, a change begun."""
    passing = LOOKS if conversation.later else LOOKS - {"lose_login"}
    answers = [made for made in conversation.trail if made.trigger not in passing]
    cases = {**conversation.cases, conversation.service: (*answers, *conversation.later)}
    cases = {slug: trail for slug, trail in cases.items() if trail}
    return replace(conversation, cases=_frozen(cases), later=())


def forget_case(conversation: Conversation, slug: str) -> Conversation:
    """*conversation* without the moves of *slug*, at the list of services."""
    cases = {key: trail for key, trail in conversation.cases.items() if key != slug}
    return replace(conversation, service=LOBBY, cases=_frozen(cases), later=())


def still_known(conversation: Conversation, catalog: Catalog) -> Conversation:
    """*conversation* without the cases of services that have left the content."""
    known = {LOBBY, *catalog.services}
    cases = {slug: trail for slug, trail in conversation.cases.items() if slug in known}
    if conversation.service not in known:
        return replace(conversation, service=LOBBY, cases=_frozen(cases), later=())
    if len(cases) < len(conversation.cases):
        return replace(conversation, cases=_frozen(cases))
    return conversation


def _frozen(cases: Mapping[str, tuple[Answer, ...]]) -> Mapping[str, tuple[Answer, ...]]:
    return MappingProxyType(dict(cases))
