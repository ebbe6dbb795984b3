"""What a history tells: who did what, what the database holds of it, what LINE delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from tests.crash.history import Entry


@dataclass(frozen=True, slots=True)
class Event:
    """What ``user`` wrote, as their ``number``-th message, at ``at`` (ms since 1970).

    A ``silent`` one is counted and not answered, unless it came late. ``words`` name it.
    """

    key: str
    user: str
    number: int
    at: int
    token: str
    words: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A row of the inbox. Keys in hexadecimal, here and below."""

    user_key: str
    event_key: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A row of the outbox."""

    user_key: str
    seq: int
    event_key: str
    status: str
    ambiguous: int
    claimed: int


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the people."""

    user_key: str
    version: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What LINE delivered: by a reply ``token``, or pushed ``to`` a user, at second ``t``."""

    t: float
    texts: tuple[str, ...]
    token: str = ""
    to: str = ""

    @property
    def count(self) -> int | None:
        """The number in front of the last words: how many events were counted so far."""
        number, colon, _ = self.texts[-1].partition(":")
        return int(number) if colon and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class Exit:
    """How a node ended. ``asked``: "kill", "term", or "" when nobody asked it to. ``excused``:
    the database was away while it started. ``claimed`` counts the answers it left claimed, -1
    where nobody could look."""

    node: str
    code: int
    asked: str
    excused: bool
    seconds: float
    claimed: int


@dataclass(slots=True)
class Story:
    """All of it, by the keys by which it is asked for."""

    events: dict[str, Event] = field(default_factory=dict)
    acked: set[str] = field(default_factory=set)
    inbox: dict[str, list[Inbox]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    people: dict[str, Person] = field(default_factory=dict)
    deferred: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)
    complaints: list[tuple[str, str, int]] = field(default_factory=list)
    healed: float | None = None
    posts: int = 0
    duplicates: int = 0
    kills: int = 0
    stops: int = 0
    freezes: int = 0
    crashes: int = 0
    unknown: int = 0

    def by_token(self) -> dict[str, Event]:
        """Every event by its reply token."""
        return {event.token: event for event in self.events.values()}

    def outcome(self, event_key: str) -> str:
        """What became of an event, "" when the inbox does not know it."""
        rows = self.inbox.get(event_key)
        return rows[0].outcome if rows else ""

    def all_answers(self) -> list[Answer]:
        """Every row of the outbox."""
        return [answer for answers in self.answers.values() for answer in answers]

    def of_person(self) -> dict[str, list[Answer]]:
        """The answers of every person, in their order."""
        people: dict[str, list[Answer]] = defaultdict(list)
        for answer in self.all_answers():
            people[answer.user_key].append(answer)
        for answers in people.values():
            answers.sort(key=lambda answer: answer.seq)
        return people


EVENT, EXIT, ANSWER = (tuple(each.name for each in fields(kind)) for kind in (Event, Exit, Answer))


def told(entries: Iterable[Entry]) -> Story:
    """The story that *entries* tell."""
    story = Story()
    posted: dict[int, list[str]] = {}
    for entry in entries:
        _tell(story, posted, entry)
    return story


def _some(entry: Entry, names: tuple[str, ...]) -> Entry:
    return {name: entry[name] for name in names}


def _tell(story: Story, posted: dict[int, list[str]], entry: Entry) -> None:
    match entry["op"], entry["type"]:
        case "event", _:
            story.events[entry["key"]] = Event(**_some(entry, EVENT))
        case "post", "invoke":
            posted[entry["post"]] = entry["keys"]
            story.posts += 1
            story.duplicates += entry["duplicate"]
        case "post", "ok":
            story.acked.update(posted[entry["post"]])
        case "reply" | "push", ("ok" | "fail" | "info") as type:
            story.unknown += type == "info"
            if entry["took"]:
                texts = tuple(entry["texts"])
                way = {name: entry[name] for name in ("token", "to") if name in entry}
                story.taken.append(Taken(entry["t"], texts, **way))
        case "kill", _:
            story.kills += 1
        case "term", _:
            story.stops += 1
        case "freeze", _:
            story.freezes += 1
        case "crash", _:
            story.crashes += 1
        case "exit", _:
            story.exits.append(Exit(**_some(entry, EXIT)))
        case "heal", "ok":
            story.healed = entry["seconds"]
        case "log", _:
            story.complaints.append((entry["level"], entry["event"], entry["count"]))
        case "inbox", _:
            row = Inbox(entry["user_key"], entry["event_key"], entry["outcome"])
            story.inbox[row.event_key].append(row)
        case "outbox", _:
            answer = Answer(**_some(entry, ANSWER))
            story.answers[answer.event_key].append(answer)
        case "person", _:
            person = Person(entry["user_key"], entry["version"], entry["last_seq"])
            story.people[person.user_key] = person
        case "deferred", _:
            story.deferred.append(entry["event_key"])
