"""What the engine promises, each as a rule over a story that tells how it was broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.crash.story import Event, Story, Taken

COUNTED = frozenset({"applied", "late"})
"""Outcomes of events whose answer tells how many were counted so far."""

EXPECTED = COUNTED | {"coalesced"}
"""Outcomes that young, well-formed messages of people who were never erased may have."""

FINAL = frozenset({"sent", "parked", "unconfirmed"})
"""Where the troubles made here may leave an answer. Nothing earns it ``dead`` or ``expired``."""

STOP_WITHIN = 17.0
"""Seconds from SIGTERM to the end: five for requests, ten for sending, and the closing."""


def lost(story: Story) -> Iterator[str]:
    """What was answered with 200 is in the inbox, with what became of it."""
    for key in story.acked:
        if not story.outcome(key):
            yield f"{_name(story, key)} was answered with 200 and is nowhere"
    for key, event in story.events.items():
        if (outcome := story.outcome(key)) and outcome not in EXPECTED:
            yield f"{event.words} ended as {outcome}"
        silent = event.silent and outcome == "applied"
        if outcome in COUNTED and not silent and not story.answers.get(key):
            yield f"{event.words} is {outcome} and has no answer"


def twice(story: Story) -> Iterator[str]:
    """No event counts twice: in the inbox, in the outbox, in the version, in the count told."""
    for key, rows in story.inbox.items():
        if len(rows) > 1:
            yield f"{_name(story, key)} is {len(rows)} times in the inbox"
    for key, answers in story.answers.items():
        if len(answers) > 1:
            yield f"{_name(story, key)} has {len(answers)} answers"
    heard = Counter(row.user_key for rows in story.inbox.values() for row in rows)
    for user_key, answers in story.of_person().items():
        person = story.people.get(user_key)
        if person is None:
            yield f"{user_key} has answers and is nobody"
            continue
        if person.version != heard[user_key]:
            yield f"{user_key} has version {person.version} after {heard[user_key]} events"
        if [answer.seq for answer in answers] != list(range(1, person.last_seq + 1)):
            yield f"{user_key} has gaps in its answers"
    silent = Counter(event.user for event in story.events.values() if event.silent)
    for taken, event in _delivered(story):
        answers = story.answers.get(event.key, []) if event else []
        if event and answers:
            least = answers[0].seq
            if taken.count is None or not least <= taken.count <= least + silent[event.user]:
                yield f"{event.words} was counted as {taken.count}, and is {least}"


def sent_twice(story: Story) -> Iterator[str]:
    """Nobody reads an answer twice, whichever way it came."""
    for token, times in Counter(taken.token for taken in story.taken if taken.token).items():
        if times > 1:
            yield f"token {token} was delivered {times} times"
    for key, times in Counter(event.key for _, event in _delivered(story) if event).items():
        if times > 1:
            yield f"the answer to {_name(story, key)} was delivered {times} times"


def out_of_order(story: Story) -> Iterator[str]:
    """Answers arrive in the order of the events, and events count in the order they happened."""
    last: dict[str, int] = defaultdict(int)
    for taken, event in _delivered(story):
        if event and taken.count is not None:
            if taken.count < last[event.user]:
                yield f"{event.words}: {taken.count} came after {last[event.user]}"
            last[event.user] = max(last[event.user], taken.count)
    unanswered: dict[str, int] = defaultdict(int)  # the newest of which nothing tells the place
    for event in story.events.values():
        if event.silent:
            unanswered[event.user] = max(unanswered[event.user], event.at)
    for answers in story.of_person().values():
        newest: Event | None = None
        for answer in answers:
            event, outcome = story.events.get(answer.event_key), story.outcome(answer.event_key)
            if event is None:
                continue
            late = newest is not None and event.at < newest.at
            if late and outcome == "applied":
                yield f"{event.words} is applied after {newest.words if newest else ''}"
            if not late and outcome == "late" and event.at >= unanswered[event.user]:
                yield f"{event.words} is late for no reason"
            newest = event if not late else newest


def stuck(story: Story) -> Iterator[str]:
    """When the trouble is over, nothing is left to be done."""
    if story.healed is None:
        yield "not healed in time"
    for key in story.events.keys() - story.acked:
        yield f"{_name(story, key)} was never answered with 200"
    for key in story.deferred:
        yield f"{_name(story, key)} is still deferred"
    for answer in story.all_answers():
        if answer.status == "waiting" or answer.claimed:
            yield f"the answer to {_name(story, answer.event_key)} still waits"


def untrue(story: Story) -> Iterator[str]:
    """What the outbox says of an answer is what LINE knows of it."""
    delivered = {event.key for _, event in _delivered(story) if event}
    for answer in story.all_answers():
        name, took = _name(story, answer.event_key), answer.event_key in delivered
        if answer.status == "sent" and not took:
            yield f"the answer to {name} is marked sent, and LINE never took it"
        if answer.status == "parked" and took:
            yield f"the answer to {name} is marked parked, and LINE had taken it"
        if answer.status == "unconfirmed" and not answer.ambiguous:
            yield f"the answer to {name} is unconfirmed without a doubtful attempt"
        if answer.status not in FINAL | {"waiting"}:
            yield f"the answer to {name} ended as {answer.status}"


def unfounded(story: Story) -> Iterator[str]:
    """Nothing is said but to whom it concerns, about what they did and what is remembered."""
    for taken, event in _delivered(story):
        if event is None:
            yield f"{taken.texts[0]} was delivered for nothing anybody did"
        elif not (outcome := story.outcome(event.key)):
            yield f"{event.words} was answered and is not in the inbox"
        elif outcome == "applied" and taken.texts[0].partition(":")[2] != event.words:
            yield f"{event.words} was answered with {taken.texts[0]}"
    keys: dict[str, set[str]] = defaultdict(set)
    users: dict[str, set[str]] = defaultdict(set)
    for rows in story.inbox.values():
        for row in rows:
            if row.event_key in story.events:
                keys[story.events[row.event_key].user].add(row.user_key)
                users[row.user_key].add(story.events[row.event_key].user)
    for name, others in (keys | users).items():
        if len(others) > 1:
            yield f"{name} is {' and '.join(sorted(others))}"


def ended_badly(story: Story) -> Iterator[str]:
    """A node ends when told to and not otherwise; told politely, it leaves nothing in doubt."""
    for end in story.exits:
        if end.asked == "term":
            if end.code != 0:
                yield f"{end.node} ended with {end.code} on SIGTERM"
            if end.seconds > STOP_WITHIN:
                yield f"{end.node} took {end.seconds:.1f} s to end"
            if end.claimed > 0:
                yield f"{end.node} left {end.claimed} answers claimed"
        elif end.asked != "kill" and not end.excused:
            yield f"{end.node} ended by itself with {end.code}"


FORGIVABLE = frozenset(
    {"delivery interrupted", "sending on hold", "webhook too slow", "purge failed"}
)
"""Errors in the log that the troubles made here explain."""


def complained(story: Story) -> Iterator[str]:
    """The log holds no error but those that trouble explains."""
    for level, event, count in story.complaints:
        if level in ("error", "critical") and event not in FORGIVABLE:
            yield f"logged {count} times: {event}"


RULES: dict[str, Callable[[Story], Iterator[str]]] = {
    "lost": lost,
    "applied twice": twice,
    "sent twice": sent_twice,
    "out of order": out_of_order,
    "stuck": stuck,
    "untrue": untrue,
    "unfounded": unfounded,
    "ended badly": ended_badly,
    "complained": complained,
}


def _name(story: Story, key: str) -> str:
    return story.events[key].words if key in story.events else key


def _delivered(story: Story) -> Iterator[tuple[Taken, Event | None]]:
    """Everything delivered, with the event it answers: told by the token, or by the count."""
    by_token = story.by_token()
    by_count = {
        (story.events[answer.event_key].user, answer.seq): story.events[answer.event_key]
        for answer in story.all_answers()
        if answer.event_key in story.events
    }
    for taken in story.taken:
        if taken.token:
            yield taken, by_token.get(taken.token)
        else:
            yield taken, by_count.get((taken.to, taken.count or 0))
