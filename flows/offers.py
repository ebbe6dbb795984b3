"""Which ways on a person is offered in each state: the one truth for buttons and for legality.

A press that is not offered is not possible, however it was made: forged, or left over from
content that has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from content.catalog import Catalog
from flows.conversation import LOBBY, Answer, Choice, Pressed
from flows.telling import line
from flows.turn import LOOKS, OTHER, Turn, timeless
from flows.unshown import WORDS_ONLY, unshown
from flows.withdrawal import has_login_help, has_several_methods

_CONDITIONS: dict[str, Callable[[Turn], bool]] = {
    "lose_login": has_login_help,
    "change_method": has_several_methods,
}
"""Buttons of content/texts that are shown to some people only."""

_BY_WORD = ("review", "erase")
"""Moves that are offered everywhere, by word and not by button."""

_NO_WAY_BACK = ("stopping_for_reward",)
"""The stop for a reward has exactly two buttons; the word 戻る works there as everywhere."""

_BUTTONS_FIRST = ("reviewing_losses", "following_steps", "getting_unstuck", "awaiting_result",
                  "finishing")  # fmt: skip
"""States whose buttons are the main way on, so that letters and topics come after them."""


def offers(turn: Turn) -> list[Choice]:
    """Every choice offered to *turn*, in the order shown; the way back comes last."""
    slug, state, number = turn.slug, turn.state, turn.number
    return [
        Choice(kept.label, Pressed(slug, state, kept.press.trigger, kept.press.argument, number))
        for kept in answers(turn)
    ]


def answers(turn: Turn) -> tuple[Choice, ...]:
    """The same choices, to answer with rather than to be shown: their presses are of no turn."""
    return _answers_at(turn.catalog, turn.slug, turn.state, turn.trail, turn.meant)


@lru_cache(maxsize=4096)  # a step asks several times, and most people take the same ways
def _answers_at(
    catalog: Catalog, slug: str, state: str, trail: tuple[Answer, ...], meant: str
) -> tuple[Choice, ...]:
    turn = timeless(catalog, slug, state, trail, meant)
    found = [
        Choice(label, Pressed(slug, state, trigger, argument))
        for trigger, argument, label in _offered(turn)
    ]
    if trail and state not in _NO_WAY_BACK:
        label = _text_buttons(turn).get("back", catalog.phrases["back"])
        found.append(Choice(label, Pressed(slug, state, "back")))
    return tuple(found)


def is_offered(turn: Turn, move: Answer) -> bool:
    """Whether *move* can be made where *turn* stands."""
    if move.state != turn.state:
        return False
    if move.state == "choosing_service" and turn.slug != LOBBY:
        return move.trigger == "choose" and move.argument.split("/")[0] == turn.slug
    if move.state == "choosing_service" and move.trigger == "ask_back":
        return is_known(turn.catalog, move.argument)
    if move.trigger in _BY_WORD:
        return not move.argument
    return move.trigger != "back" and any(
        move == (choice.press.state, choice.press.trigger, choice.press.argument)
        for choice in (*answers(turn), *unshown(turn))
    )


def is_known(catalog: Catalog, named: str) -> bool:
    """Whether *named* is a look-alike ("slug/key") or one or more services ("slug+slug")."""
    slug, apart, key = named.partition("/")
    if apart:
        service = catalog.services.get(slug)
        return service is not None and key in service.lookalikes
    return all(slug in catalog.services for slug in named.split("+"))


def _text_buttons(turn: Turn) -> dict[str, str]:
    return turn.catalog.texts[turn.state].buttons


def _offered(turn: Turn) -> Iterator[tuple[str, str, str]]:
    """Trigger, argument and label of every choice but 戻る."""
    picks = list(_PICKS.get(turn.state, _nothing)(turn))
    buttons = [
        (trigger, "", label)
        for trigger, label in _text_buttons(turn).items()
        if trigger != "back"
        and (turn.state, trigger) not in WORDS_ONLY
        and _CONDITIONS.get(trigger, _always)(turn)
    ]
    yield from (*buttons, *picks) if turn.state in _BUTTONS_FIRST else (*picks, *buttons)


def _always(_: Turn) -> bool:
    return True


# --- what can be picked in a state, before its buttons ---------------------------------------

Picks = Iterator[tuple[str, str, str]]


def _nothing(_: Turn) -> Picks:
    yield from ()


def _services(turn: Turn) -> Picks:
    """Every service by its name; the path for any other comes last."""
    for slug in sorted(turn.catalog.services, key=lambda slug: slug == OTHER):
        yield "choose", slug, turn.catalog.services[slug].name


def _apart(turn: Turn) -> Picks:
    """The places a doubtful name may mean: a look-alike's ways on, or each service named."""
    named = turn.last.argument if turn.last else ""
    if "/" not in named:
        for slug in named.split("+"):
            if slug in turn.catalog.services:
                yield "choose", slug, turn.catalog.services[slug].name
        return
    slug, key = named.split("/", 1)
    service = turn.catalog.services.get(slug)
    if service is None or key not in service.lookalikes:
        return
    for way in service.lookalikes[key].onward:
        match way.to:
            case "service":
                yield "choose", named, way.label
            case "other":
                yield "choose", OTHER, way.label
            case "list":
                pass  # the way back leads there
            case another:
                yield "ask_back", f"{slug}/{another}", way.label


def _letters(names: Callable[[Turn], tuple[str, ...]]) -> Callable[[Turn], Picks]:
    def pick(turn: Turn) -> Picks:
        for name in names(turn):
            yield "take_letter", name, turn.catalog.letters[name].title

    return pick


def _reasons(turn: Turn) -> Picks:
    for reason, label in turn.catalog.reasons.items():
        if reason in turn.service.reasons:
            yield "choose", reason, label


def _alternatives(turn: Turn) -> Picks:
    for key in turn.advice.alternatives:
        yield "choose", key, turn.service.alternatives[key].name


def _alternative_letters(turn: Turn) -> tuple[str, ...]:
    chosen = turn.answer("considering_alternative")
    known = chosen and turn.service.alternatives.get(chosen.argument)
    return known.letters if known else ()


def _methods(turn: Turn) -> Picks:
    for key in turn.methods:
        yield "choose", key, turn.service.methods[key].name


def _steps(turn: Turn) -> Picks:
    for number in range(1, len(turn.service.methods[turn.method_key].steps) + 1):
        label = line(turn, "naming_stuck_step", "step", number=str(number))
        yield "choose", str(number), label


def _topics(turn: Turn) -> Picks:
    for key, topic in turn.service.topics.items():
        yield "read_topic", key, topic.name
    yield "read_topic", "unknown", turn.catalog.phrases["topic_unknown"]


def _aftercare_topics(turn: Turn) -> Picks:
    if turn.service.aftercare.arrives:
        yield "read_topic", "arrives", turn.catalog.phrases["topic_arrives"]
    if turn.service.aftercare.rejoin:
        yield "read_topic", "rejoin", turn.catalog.phrases["topic_rejoin"]
    yield from _letters(lambda turn: turn.service.aftercare.letters)(turn)


def _once_over(turn: Turn) -> Picks:
    """The same when the leaving is done, and now a letter for coming back too."""
    yield from _aftercare_topics(turn)
    yield from _letters(lambda turn: turn.service.aftercare.rejoin_letters)(turn)


def changeable(turn: Turn) -> list[Answer]:
    """The answers that 状況 lists, each of which can be given anew."""
    return [
        made for made in turn.trail if made.state not in _NOT_CHANGED and made.trigger not in LOOKS
    ]


def _answers(turn: Turn) -> Picks:
    for made in changeable(turn):
        name = turn.catalog.texts[made.state].name
        yield "change", made.state, line(turn, "reviewing_answers", "change", state=name)


_NOT_CHANGED = ("choosing_service", "reviewing_losses", "following_steps", "awaiting_result",
                "naming_stuck_step", "getting_unstuck", "chasing_reply", "staying",
                "handling_selection", "claiming_reward", "trying_alternative",
                "regaining_login", "finishing")  # fmt: skip
"""States whose moves are a way on, not an answer one would want to change."""

_PICKS: dict[str, Callable[[Turn], Picks]] = {
    "choosing_service": _services,
    "telling_apart": _apart,
    "handling_selection": _letters(lambda turn: turn.service.selection.letters),
    "claiming_reward": _letters(
        lambda turn: turn.service.reward.letters if turn.service.reward else ()
    ),
    "giving_reason": _reasons,
    "considering_alternative": _alternatives,
    "trying_alternative": _letters(_alternative_letters),
    "choosing_method": _methods,
    "reviewing_losses": _topics,
    "following_steps": _letters(lambda turn: turn.service.methods[turn.method_key].letters[1:]),
    "naming_stuck_step": _steps,
    "getting_unstuck": _letters(lambda turn: turn.service.methods[turn.method_key].letters),
    "awaiting_result": _aftercare_topics,
    "chasing_reply": _letters(lambda turn: turn.service.aftercare.chase.letters),
    "finishing": _once_over,
    "regaining_login": _letters(
        lambda turn: turn.service.login_help.letters if turn.service.login_help else ()
    ),
    "reviewing_answers": _answers,
}
