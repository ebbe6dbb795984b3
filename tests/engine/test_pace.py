"""How fast answers go out: never faster than LINE takes them, and never at a standstill."""

from __future__ import annotations

import itertools

from bot.engine.pace import BURST, LEAST, MOST, RECOVERY, Pace


def sent_in(pace: Pace, seconds: float, now: float = 0.0) -> int:
    """How many answers go out within *seconds* of trying as fast as allowed."""
    count, end = 0, now + seconds
    while True:
        now += pace.wait(now)
        if now > end:
            return count
        count += 1


def test_after_a_quiet_moment_a_burst_goes_at_once() -> None:
    """An ordinary day never notices that there is a pace at all."""
    pace = Pace(0.0)

    assert [pace.wait(5.0) for _ in range(int(MOST * BURST))] == [0.0] * int(MOST * BURST)
    assert pace.wait(5.0) > 0


def test_never_more_than_line_takes_in_a_second() -> None:
    """LINE's limit is 2,000 a second: with the burst at its start, still within it later on."""
    pace = Pace(0.0)
    first = sent_in(pace, 1.0)

    assert first <= MOST * (1 + BURST) + 1
    assert sent_in(pace, 10.0, now=1.0) <= MOST * 10 + 1 <= 2_000 * 10


def test_a_refusal_halves_it_and_it_recovers() -> None:
    """Nodes that know nothing of each other settle at what LINE takes of all of them."""
    pace = Pace(0.0)
    pace.slow_down(0.0)

    assert pace.rate == MOST / 2
    assert pace.wait(0.0) > 0, "what was saved up is gone too"
    pace.wait(3.0)
    assert pace.rate == MOST / 2 + 3 * RECOVERY
    pace.wait(60.0)
    assert pace.rate == MOST


def test_a_whole_burst_refused_at_once_is_one_refusal() -> None:
    """A thousand were on their way before LINE said the first no; each halving would stop us."""
    pace = Pace(0.0)
    for number in range(1_000):
        pace.slow_down(number / 1_001)

    assert pace.rate > MOST / 2
    pace.slow_down(1.0)
    assert MOST / 4 <= pace.rate < MOST / 2


def test_refused_again_and_again_it_still_goes_on() -> None:
    """A pace of nothing would never find out that it is over."""
    pace, now = Pace(0.0), 0.0
    for _ in range(100):
        now += 1.0
        pace.slow_down(now)

    assert LEAST <= pace.rate <= 2 * RECOVERY
    assert sent_in(pace, 1.0, now) >= LEAST


def test_whoever_would_wait_too_long_takes_nothing() -> None:
    """An answer that goes back to wait must not hold up those that can go."""
    pace = Pace(0.0)
    pace.slow_down(0.0)
    waits = [pace.wait(0.0, longest=0.01) for _ in range(100)]

    taken = [wait for wait in waits if wait <= 0.01]
    assert 0 < len(taken) <= 0.01 * MOST / 2 + 1
    assert len(set(waits[len(taken) :])) == 1, "from then on nobody's wait grows"


def test_those_who_wait_are_let_go_one_by_one() -> None:
    """Each is told a later moment than the one before, by one answer's time."""
    pace = Pace(0.0)
    pace.slow_down(0.0)

    waits = [pace.wait(0.0) for _ in range(5)]

    assert [round(later - earlier, 9) for earlier, later in itertools.pairwise(waits)] == [
        round(2 / MOST, 9)
    ] * 4
