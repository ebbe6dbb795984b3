"""What may be said though no button shows it: a second look, staying, a reason told early.

Such choices are read by their own words alone (`flows.understanding`): they have no number, no
plain はい means them, and nothing vague reaches them.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.conversation import Choice, Pressed
from flows.turn import ERASE_DATA, UNSAID, Turn

WORDS_ONLY = frozenset({("considering_alternative", "settle")})
"""Moves with a label in content/texts that is never shown: (state, trigger). Beside what a service
has short of leaving, a button for staying would be one more thing to read for everybody."""

_BEFORE_THE_REWARD = (
    "choosing_service", "checking_selection", "checking_interview", "handling_selection",
)  # fmt: skip
"""States in which a reason is taken before it is asked for. Later 「もう使わない」 may speak of
points, and every question has words of its own."""


def unshown(turn: Turn) -> tuple[Choice, ...]:
    """Every choice that words alone lead to where *turn* stands, to answer with."""
    return tuple(
        Choice(label, Pressed(turn.slug, state, trigger, argument))
        for state, trigger, argument, label in (*_moves(turn), *_reasons(turn))
    )


def _moves(turn: Turn) -> Iterator[tuple[str, str, str, str]]:
    """Moves of the current state."""
    buttons = turn.catalog.texts[turn.state].buttons
    for state, trigger in WORDS_ONLY:
        if state == turn.state and trigger in buttons:
            yield state, trigger, "", buttons[trigger]
    if turn.state == "following_steps":
        # The steps call it by its title, and it stands right under them: no button is needed.
        name = turn.service.methods[turn.method_key].letters[0]
        yield turn.state, "take_letter", name, turn.catalog.letters[name].title


def _reasons(turn: Turn) -> Iterator[tuple[str, str, str, str]]:
    """Answers to a question that is still to come. The wish to erase is heard everywhere, and not
    given up for another."""
    if turn.state in _BEFORE_THE_REWARD and turn.meant != ERASE_DATA:
        for reason, label in turn.catalog.reasons.items():
            if reason not in (UNSAID, ERASE_DATA):
                yield "giving_reason", "choose", reason, label
