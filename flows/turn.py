"""One turn while it is being taken: the only value in the flow that changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from content.catalog import Catalog
from content.service import ReasonAdvice, Service
from flows.conversation import Answer

OTHER = "other"
"""The slug of the general path, for any service without a file of its own."""

ERASE_DATA = "erase_data"
"""The reason, in reasons.yaml, of somebody who wants the service to delete their data."""

UNSAID = "unsaid"
"""The reason that stands for any other, or none that is told."""

LOOKS = frozenset({"review", "erase", "lose_login"})
"""Moves to a screen beside the question they were made in; the way back leads to it again."""

TOLD_IN_PLACE = frozenset({"take_letter", "read_topic"})
"""Moves that show a letter or a topic and leave the question as it was."""

OVER = "finishing"
"""The state in which a case is over, to which every question leads in the end: choosing its
service again begins a new one."""

ASIDES = LOOKS | TOLD_IN_PLACE
"""Moves that look at something without answering the question they were made in."""

_NO_ADVICE = ReasonAdvice()
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Turn:
    """Where one person stands in one case: the moves so far and the state they lead to.

    While a guard runs, the move being tried is already the last of ``trail``.
    """

    state: str
    slug: str
    trail: tuple[Answer, ...]
    catalog: Catalog
    now: datetime
    meant: str = ""
    number: int = 0

    @property
    def service(self) -> Service:
        """The service this case is about. Raises KeyError in the lobby."""
        return self.catalog.services[self.slug]

    @property
    def last(self) -> Answer | None:
        """The move that led here."""
        return self.trail[-1] if self.trail else None

    def answer(self, state: str) -> Answer | None:
        """The latest answer given in *state*; asides such as 状況 are no answers."""
        return next(
            (m for m in reversed(self.trail) if m.state == state and m.trigger not in ASIDES), None
        )

    def answered(self, state: str, *triggers: str) -> bool:
        """Whether the answer given in *state* was one of *triggers*."""
        move = self.answer(state)
        return move is not None and move.trigger in triggers

    @property
    def reason(self) -> str:
        """Why the person leaves, as a key of reasons.yaml; "" while it is not known.

        Given, or named without being asked, or known from what was said of the new job.
        """
        if given := self.answer("giving_reason"):
            return given.argument
        if self.meant in self.service.reasons:
            return self.meant
        for route, reason in (("confirm", "decided_here"), ("deny", "decided_elsewhere")):
            if self.answered("checking_job_route", route) and reason in self.service.reasons:
                return reason
        return ""

    @property
    def advice(self) -> ReasonAdvice:
        """What this service suggests to somebody with this reason."""
        return self.service.reasons.get(self.reason, _NO_ADVICE)

    @property
    def method_key(self) -> str:
        """The way of leaving that was chosen, or the only one there is."""
        if given := self.answer("choosing_method"):
            return given.argument
        return next(iter(self.service.methods))

    @property
    def methods(self) -> list[str]:
        """The ways to leave, those that suit what was said first."""
        first = [*self.preferred_methods, *self.advice.methods]
        return list(dict.fromkeys([*first, *self.service.methods]))

    @property
    def preferred_methods(self) -> tuple[str, ...]:
        """Methods named by the look-alike this case was started from, if any."""
        if not self.trail or "/" not in self.trail[0].argument:
            return ()
        lookalike = self.service.lookalikes.get(self.trail[0].argument.split("/")[1])
        if lookalike is None:
            return ()
        return tuple(m for way in lookalike.onward if way.to == "service" for m in way.methods)


def timeless(
    catalog: Catalog, slug: str, state: str, trail: tuple[Answer, ...], meant: str
) -> Turn:
    """A turn without ``now`` and ``number``, for what must depend on neither to be kept: whoever
    reads them gets an AttributeError."""
    turn = Turn(state, slug, trail, catalog, _NEVER, meant)
    del turn.now, turn.number
    return turn
