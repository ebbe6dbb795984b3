"""The webhook over a real socket: what LINE is answered, and what became of its events."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot import webhook
from bot.store.port import Accepted, Arrival, Decide, Deferred, StoreDownError
from bot.store.sqlite import SqliteStore
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import body, event, post, request, signature, tell
from tests.engine.running import serving

NEXT_SECRET = "the-next-secret-0123456789abcdef"
MIB = 1024 * 1024


class House:
    """A running server, its LINE and its database."""

    def __init__(self, base: str, line: FakeLine, path: Path) -> None:
        self.base, self.line, self.path = base, line, path

    def count(self, table: str = "inbox") -> int:
        """How many rows *table* has."""
        with closing(sqlite3.connect(self.path)) as connection:
            counted: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            return counted

    def conversations(self) -> int:
        """How many people are remembered."""
        with closing(sqlite3.connect(self.path)) as connection:
            query = "SELECT count(*) FROM person WHERE state IS NOT NULL"
            counted: int = connection.execute(query).fetchone()[0]
            return counted

    def outcomes(self) -> list[str]:
        """What became of the events, in alphabetical order."""
        with closing(sqlite3.connect(self.path)) as connection:
            return sorted(row[0] for row in connection.execute("SELECT outcome FROM inbox"))


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """An empty house in *folder*, open."""
    settings = {
        "line_channel_secret": f"{standin.SECRET}, {NEXT_SECRET}",
        "database_url": standin.database_url(folder),
    }
    with (
        FakeLine() as line,
        serving(settings=standin.settings(line_api_base=line.base, **settings)) as base,
    ):
        yield House(base, line, folder / "taikai.db")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    with opened(tmp_path) as empty:
        yield empty


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all who are not let in: nothing of what they bring may ever be stored."""
    with opened(tmp_path_factory.mktemp("gate")) as closed:
        yield closed
        assert closed.count() == 0
        assert closed.line.attempts == []


# --- who is let in -----------------------------------------------------------------------


def test_a_signed_event_is_stored_and_answered(house: House) -> None:
    """The whole way: webhook, flow, reply by the event's own token."""
    happening = event("やあ")

    assert tell(house.base, happening) == 200

    assert house.outcomes() == ["applied"]
    assert house.line.wait_for(1) == ["1:やあ"]
    assert house.line.delivered[0].token == happening["replyToken"]


def test_the_console_s_check_is_answered(gate: House) -> None:
    """LINE's "Verify" sends no events at all."""
    assert tell(gate.base) == 200
    assert gate.count() == 0


def test_any_of_several_secrets_will_do(house: House) -> None:
    """A new secret can be put in before LINE ends the old one."""
    data = body(event("新"))

    assert post(house.base, data, {"X-Line-Signature": signature(data, NEXT_SECRET)}) == 200
    assert post(house.base, data, {"x-line-signature": signature(data)}) == 200


@pytest.mark.parametrize(
    "forge",
    [
        lambda data: None,
        lambda data: "",
        lambda data: "=",
        lambda data: signature(data, "another secret"),
        lambda data: signature(data, ""),
        lambda data: signature(data + b" "),
        lambda data: signature(data)[:-1],
        lambda data: signature(data) + "=",
        lambda data: signature(data).swapcase(),
        lambda data: "署名".encode().decode("latin-1"),
    ],
)
def test_what_line_did_not_sign_is_refused_unread(gate: House, forge: Any) -> None:
    """401, whatever the body holds: a real event or what no parser could bear."""
    for data in (body(event("やあ")), b"[" * 100_000):
        value = forge(data)
        headers = {} if value is None else {"X-Line-Signature": value}
        assert post(gate.base, data, headers) == 401
    assert gate.count() == 0


def test_two_signatures_are_none(gate: House) -> None:
    """What a proxy and we might read differently is not believed."""
    data = body(event("やあ"))
    head = (
        f"POST /callback HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n"
        f"X-Line-Signature: {signature(data)}\r\nX-Line-Signature: {signature(data)}\r\n\r\n"
    )

    assert raw(gate.base, head.encode() + data).startswith(b"HTTP/1.1 401")


def test_no_changed_byte_of_a_signed_body_is_let_in(house: House) -> None:
    """Signed is what was sent, byte for byte."""
    data = body(event("やあ"))
    headers = {"X-Line-Signature": signature(data)}
    rng = random.Random(7)
    for _ in range(50):
        changed = bytearray(data)
        changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        assert post(house.base, bytes(changed), headers) == 401

    assert house.count() == 0
    assert post(house.base, data, headers) == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_post_is_heard(gate: House, method: str) -> None:
    """The route exists for LINE alone."""
    assert request(gate.base, method, "/callback", b"{}")[0] == 405


# --- sizes and shapes --------------------------------------------------------------------


def raw(base: str, *parts: bytes, seconds: float = 5.0) -> bytes:
    """What comes back for *parts* written to the socket as they are, one by one."""
    place = urlsplit(base)
    assert place.hostname
    with socket.create_connection((place.hostname, place.port or 80), seconds) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(0.02 if part is not parts[-1] else 0)
        return connection.recv(65536)


def test_a_body_of_one_mebibyte_is_read_and_one_byte_more_is_not(gate: House) -> None:
    """413, signed or not."""
    for size, signed, status in (
        (MIB, True, 200),
        (MIB, False, 401),
        (MIB + 1, True, 413),
        (MIB + 1, False, 413),
    ):
        data = b" " * size
        assert post(gate.base, data, None if signed else {}) == status


def test_a_body_without_a_length_is_refused_while_it_is_still_coming(gate: House) -> None:
    """Nobody can make us keep what they never stop sending."""
    place = urlsplit(gate.base)
    assert place.hostname
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with socket.create_connection((place.hostname, place.port or 80), 5) as connection:
        connection.sendall(
            b"POST /callback HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        connection.settimeout(0.05)
        answer = b""
        while not answer and sent < 64 * MIB:
            try:
                connection.sendall(chunk)
                sent += 0x10000
            except OSError:
                pass
            try:
                answer = connection.recv(100)
            except TimeoutError:
                continue

    assert answer.startswith(b"HTTP/1.1 413")
    assert sent < 8 * MIB


def test_a_packed_body_is_refused(gate: House) -> None:
    """A small body must not become a large one in here."""
    data = body(event("やあ"))
    headers = {"X-Line-Signature": signature(data), "Content-Encoding": "gzip"}

    assert post(gate.base, data, headers) == 415


def test_a_body_that_trickles_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LINE itself has given up long before; one that comes in parts but in time is read."""
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.2)
    head = b"POST /callback HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"

    with opened(tmp_path) as house:
        for begun in (b"", b"{"):
            assert raw(house.base, head + begun).startswith(b"HTTP/1.1 408")
        assert raw(house.base, head + b"{", b"}" * 9).startswith(b"HTTP/1.1 401")


def test_whoever_hangs_up_half_way_leaves_nothing_behind(gate: House) -> None:
    """No answer to nobody, and the next call is served."""
    place = urlsplit(gate.base)
    assert place.hostname
    with socket.create_connection((place.hostname, place.port or 80), 5) as connection:
        connection.sendall(b"POST /callback HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")

    assert tell(gate.base) == 200


ODD = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b"\xff\xfe",
    b"{" * 2000,
    b'{"events":{}}',
    b'{"events":[null,1,"x",[],{}]}',
    b'{"events":[{"type":1}]}',
    b'{"events":NaN}',
    b'{"destination":"x","events":[{"type":"message","timestamp":' + b"9" * 400 + b"}]}",
    b"[" * 50_000,
]


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_no_signed_body_is_too_odd(gate: House, data: bytes) -> None:
    """200: sent again it would be as odd. Never a 5xx, or LINE would go on sending it."""
    assert post(gate.base, data) == 200


def test_one_odd_event_never_harms_its_neighbours(house: House) -> None:
    """Whatever stands beside them in the body, good events are stored and answered."""
    odd: list[object] = [
        None,
        {},
        event({"type": "message", "message": None}, who=6),
        event("x", source={"type": "user"}),
        event("x", timestamp="yesterday"),
        event("x", timestamp=10**30),
        event("x", webhookEventId={"a": 1}),
        event("x", replyToken=None),
        event("x", mode="standby"),
        event({"type": "unheard_of"}),
        event({"type": "message", "message": {"type": "hologram", "id": "1"}}, who=3),
        event("\ud800", who=4),
        event(standin.POISON, who=5),
    ]

    assert tell(house.base, event("前"), *odd, event("後", who=2)) == 200

    assert house.line.wait_until(lambda: {"1:前", "1:後"} <= set(house.line.texts()))
    assert house.line.wait_until(lambda: "うまくいきません" in house.line.texts())
    assert "quarantined" in house.outcomes()


# --- what becomes of events ---------------------------------------------------------------


def test_twenty_copies_at_once_are_answered_once(house: House) -> None:
    """All are told 200; one is applied, whether marked as redelivered or not."""
    happening = event("やあ")
    copies = [
        {**happening, "deliveryContext": {"isRedelivery": bool(number % 2)}} for number in range(20)
    ]
    with ThreadPoolExecutor(20) as hands:
        statuses = list(hands.map(lambda copy: tell(house.base, copy), copies))

    assert set(statuses) == {200}
    assert house.line.wait_for(1) == ["1:やあ"]
    time.sleep(0.3)
    assert len(house.line.attempts) == 1


def test_events_of_one_body_are_applied_as_they_happened(house: House) -> None:
    """Whatever their order in the body."""
    assert tell(house.base, event("三"), event("一", ago=2), event("二", ago=1)) == 200

    assert house.line.wait_for(3) == ["1:一", "2:二", "3:三"]


def test_an_erased_person_stays_erased(house: House) -> None:
    """The confirmation goes out; an older event that comes afterwards is dropped in silence."""
    before = event("まえ", ago=5)
    assert tell(house.base, event("やあ", ago=4)) == 200
    assert tell(house.base, event("消して", ago=3)) == 200
    assert house.line.wait_for(2) == ["1:やあ", "消しました"]

    assert tell(house.base, before) == 200

    assert house.outcomes() == ["applied", "dropped", "erased"]
    assert (house.count("person"), house.conversations()) == (1, 0), "a tombstone is left"
    assert tell(house.base, event("また")) == 200
    assert house.line.wait_for(3)[-1] == "1:また"


def test_whoever_blocks_the_account_is_forgotten_at_once(house: House) -> None:
    """Nothing is sent any more, and no older event brings them back."""
    house.line.rule = lambda token, texts: "500 before"
    assert tell(house.base, event("やあ", ago=3)) == 200
    assert house.line.wait_until(lambda: bool(house.line.attempts))

    assert tell(house.base, event({"type": "unfollow"}, ago=2)) == 200
    house.line.rule = lambda token, texts: None
    assert tell(house.base, event("まえ", ago=4)) == 200

    assert (house.conversations(), house.count("outbox")) == (0, 0)
    assert house.outcomes() == ["applied", "dropped", "erased"]
    time.sleep(0.6)
    assert house.line.delivered == []


def test_a_group_gets_one_line_and_nothing_said_there_is_stored(house: House) -> None:
    """One row for the event's id, one for the answer, and none for a conversation."""
    group = {"type": "group", "groupId": "C" + "0" * 32}
    join = event({"type": "join"}, source=group)
    said = event("ひみつ", source={**group, "userId": "U" + "1" * 32})

    assert tell(house.base, join, said) == 200

    assert "1対1" in house.line.wait_for(1)[0]
    assert house.outcomes() == ["applied"]
    assert house.conversations() == 0


def test_an_event_of_yesterday_is_not_acted_upon(house: House) -> None:
    """A body signed long ago can be played back by whoever has seen it."""
    assert tell(house.base, event("むかし", ago=24 * 3600 + 5)) == 200

    assert house.outcomes() == ["stale"]
    assert house.conversations() == 0


# --- when it cannot be stored --------------------------------------------------------------


def test_what_cannot_be_stored_is_not_acknowledged(house: House) -> None:
    """Another program holds the database: 503 within LINE's two seconds; sent again, it counts."""
    happening = event("やあ")
    with closing(sqlite3.connect(house.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        assert tell(house.base, happening) == 503
        assert time.monotonic() - begun < 2.0
        assert request(house.base, "GET", "/healthz", headers={})[0] == 200
        other.execute("ROLLBACK")

    assert tell(house.base, happening) == 200
    assert house.line.wait_for(1) == ["1:やあ"]


class FaultyStore(SqliteStore):
    """A store that fails for some people, or takes its time for everybody."""

    seconds = 0.0
    failing: set[bytes] | None = None  # None: the first person it hears of
    error: Exception = StoreDownError("down")
    takes_parcels = True

    async def accept(self, arrival: Arrival, decide: Decide, lease: int | None = None) -> Accepted:
        await asyncio.sleep(self.seconds)
        if self.failing is None:
            self.failing = {arrival.user_key}
        if arrival.user_key in self.failing:
            raise self.error
        return await super().accept(arrival, decide, lease)

    async def defer(self, events: Sequence[Deferred]) -> None:
        if not self.takes_parcels:
            raise StoreDownError("down")
        await super().defer(events)


@contextmanager
def faulty(tmp_path: Path) -> Iterator[tuple[FaultyStore, str, FakeLine]]:
    """A house whose store can be made to fail."""
    store = FaultyStore.open(tmp_path / "taikai.db")
    with (
        FakeLine() as line,
        serving(settings=standin.settings(line_api_base=line.base), store=store) as base,
    ):
        yield store, base, line
    asyncio.run(store.close())


def count(folder: Path, table: str) -> int:
    """How many rows *table* of the database in *folder* has."""
    with closing(sqlite3.connect(folder / "taikai.db")) as connection:
        counted: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return counted


ERRORS = [StoreDownError("down"), RuntimeError("a fault of ours")]


@pytest.mark.parametrize("error", ERRORS)
def test_one_event_not_stored_is_enough_for_503(tmp_path: Path, error: Exception) -> None:
    """The others of the body are stored all the same, and are duplicates when it comes again."""
    with faulty(tmp_path) as (store, base, line):
        store.error, store.takes_parcels = error, False
        data = body(event("一", ago=1), event("二", who=2))
        assert post(base, data) == 503
        assert line.wait_for(1) == ["1:二"]
        store.failing, store.takes_parcels = set(), True
        assert post(base, data) == 200
        assert line.wait_for(2) == ["1:二", "1:一"]


@pytest.mark.parametrize("error", ERRORS)
def test_an_event_not_decided_on_is_put_away_and_decided_on_later(
    tmp_path: Path, error: Exception
) -> None:
    """It is on the disk, so LINE need not send it again; the person's next event waits for it."""
    with faulty(tmp_path) as (store, base, line):
        store.error = error
        assert tell(base, event("一", ago=1), event("二", who=2)) == 200
        assert line.wait_for(1) == ["1:二"]
        assert tell(base, event("三")) == 200
        assert count(tmp_path, "deferred") == 2
        store.failing = set()
        assert line.wait_for(3, 15.0) == ["1:二", "1:一", "2:三"]
        assert count(tmp_path, "deferred") == 0


def test_a_store_too_slow_for_line_is_not_waited_for(tmp_path: Path) -> None:
    """Within two seconds LINE hears that all is safe, and answers follow when there is time."""
    with faulty(tmp_path) as (store, base, line):
        store.seconds, store.failing = 3.0, set()
        begun = time.monotonic()
        assert tell(base, event("一"), event("二", who=2)) == 200
        assert time.monotonic() - begun < 2.0
        assert count(tmp_path, "deferred") == 2
        assert line.attempts == []


def test_a_store_too_slow_even_to_put_away_is_not_waited_for(tmp_path: Path) -> None:
    """LINE hears in time that it must send again."""
    with faulty(tmp_path) as (store, base, _):
        store.seconds, store.failing, store.takes_parcels = 60.0, set(), False
        begun = time.monotonic()
        assert tell(base, event("一"), event("二", who=2)) == 503
        assert time.monotonic() - begun < 2.0


# --- what is none of our business -------------------------------------------------------------


def test_events_in_standby_and_for_another_bot_are_recorded_and_not_answered(
    house: House,
) -> None:
    """Another bot answers them; that they came is known, of everybody they were about."""
    assert tell(house.base, event("一", mode="standby")) == 200
    assert house.line.wait_until(lambda: house.line.asked_who > 0)
    foreign = json.dumps({"destination": "U" + "9" * 32, "events": [event("二")]}).encode()
    for _ in range(100):  # the bot's own name is asked for in the background
        assert post(house.base, foreign) == 200
        if house.outcomes() == ["foreign", "standby"]:
            break

    assert house.outcomes() == ["foreign", "standby"]
    assert house.conversations() == 0
    assert house.line.attempts == []


def test_a_thousand_messages_of_one_person_get_one_more_answer_than_can_be_read(
    house: House,
) -> None:
    """Twenty answers, one for all the rest, and the others of the body are not kept waiting."""
    flood = [event(f"{number}", ago=3 - number / 1000) for number in range(1000)]
    others = [event("隣", who=who) for who in range(2, 7)]

    assert post(house.base, body(*flood[:500], *others, *flood[500:])) == 200

    assert house.line.wait_until(lambda: house.line.texts().count("1:隣") == 5)
    assert house.line.wait_until(lambda: "まとめてお答えします" in house.line.texts(), 10)
    assert house.line.wait_until(lambda: house.count("deferred") == 0, 20)
    outcomes = house.outcomes()
    assert (outcomes.count("applied"), outcomes.count("coalesced")) == (25, 980)
    time.sleep(0.3)
    assert len(house.line.delivered) == 26


# --- many at once ---------------------------------------------------------------------------


def test_many_events_of_many_people_fit_into_one_body(house: House) -> None:
    """LINE names no limit to the events of one body, nor keeps people apart."""
    events = [event(f"{number}", who=number % 20) for number in range(40)]

    assert tell(house.base, *events) == 200

    assert house.outcomes() == ["applied"] * 40
    assert len(house.line.wait_for(40)) == 40
