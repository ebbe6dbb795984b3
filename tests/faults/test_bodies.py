"""Whatever is signed is answered 200 and harms nobody; whatever is too much is not kept."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import bodies
from tests.engine.fake_line import FakeLine
from tests.engine.posting import body, event, post, signature, tell
from tests.engine.running import Process
from tests.faults.conftest import House

MIB = 1024 * 1024
HEAD = f"POST /callback HTTP/1.1\r\nHost: x\r\nX-Line-Signature: {'A' * 43}=\r\n"
PATIENT = settings(
    max_examples=120, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all that comes: a process, for a thread's dice would disturb Hypothesis's."""
    folder = tmp_path_factory.mktemp("bodies")
    with FakeLine() as line, Process(folder, LINE_API_BASE=line.base) as node:
        yield House(node.base, line, folder)


class Neighbours:
    """New people, one for each body, who must be answered whatever stands beside them."""

    count = 1_000

    @classmethod
    def next(cls) -> int:
        """The number of the next one."""
        cls.count += 1
        return cls.count


@given(bodies.junk())
@PATIENT
def test_signed_junk(open_house: House, data: bytes) -> None:
    """Row 28: 200, for it would be junk again; and never a 5xx."""
    assert post(open_house.base, data) == 200


@given(st.lists(bodies.events() | bodies.odd_events(), max_size=6), st.integers(0, 6))
@PATIENT
def test_a_good_event_among_any_others(open_house: House, others: list[object], at: int) -> None:
    """Rows 28 and 36: every kind of event LINE has, and many it has not: 200, and the neighbour is
    answered."""
    who = Neighbours.next()
    good = event(f"neighbour {who}", who=who)

    assert post(open_house.base, bodies.body(*others[:at], good, *others[at:])) == 200

    assert open_house.line.wait_until(lambda: f"1:neighbour {who}" in open_house.line.texts())


def test_an_unsigned_body_is_not_even_read_as_json(open_house: House) -> None:
    """Rows 28 and 29: 401 whatever it holds."""
    for data in (body(event("x")), b"[" * 100_000, b"\xff\xfe", b""):
        for value in ("", "A" * 44, signature(data + b" "), "署名".encode().decode("latin-1")):
            assert post(open_house.base, data, {"X-Line-Signature": value}) in (401, 429)


@pytest.mark.parametrize(
    "oddity",
    ['{"events": NaN}', '{"events": [1e999]}', '{"a": 1, "events": [], "events": 5}',
     '{"events": [{"timestamp": 1' + "0" * 400 + "}]}", "[" * 900 + "]" * 900],
    ids=["NaN", "too large", "twice", "10^400", "deep"],
)  # fmt: skip
def test_json_beyond_json(open_house: House, oddity: str) -> None:
    """Row 28: what Python writes and other readers refuse."""
    assert post(open_house.base, oddity.encode()) == 200


def test_the_console_s_check(open_house: House) -> None:
    """Row 28: no events at all."""
    assert tell(open_house.base) == 200


# --- row 27: too much ----------------------------------------------------------------------------


def test_a_body_of_a_hundred_events(open_house: House) -> None:
    """Row 27: all within LINE's time, each person in order."""
    people = [Neighbours.next() for _ in range(20)]
    happenings = [
        event(f"{who}/{number}", who=who, ago=10 - number) for number in range(5) for who in people
    ]
    begun = time.monotonic()

    assert tell(open_house.base, *happenings) == 200

    assert time.monotonic() - begun < 2.0
    last = {f"5:{who}/4" for who in people}
    assert open_house.line.wait_until(lambda: last <= set(open_house.line.texts()), 10)
    for who in people:
        mine = [
            text for text in open_house.line.texts() if text.partition(":")[2].startswith(f"{who}/")
        ]
        assert mine == [f"{number + 1}:{who}/{number}" for number in range(5)]


def test_huge_bodies_cost_no_memory(tmp_path: Path) -> None:
    """Row 27: a dozen times 64 MiB are offered, and refused while they come."""
    with Process(tmp_path, LINE_API_BASE="http://127.0.0.1:9") as node:
        place = urlsplit(node.base)
        assert place.hostname
        address = (place.hostname, place.port or 80)
        tell(node.base, event("まえ"))
        before = memory(node)
        for number in range(12):
            assert b" 413 " in offered(address, chunked=bool(number % 2))
        assert memory(node) - before < 16 * MIB
        assert tell(node.base, event("あと")) == 200


def memory(node: Process) -> int:
    """Bytes that *node* holds in memory."""
    status = Path(f"/proc/{node.pid}/status").read_text("ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def offered(address: tuple[str, int], *, chunked: bool) -> bytes:
    """The beginning of the answer to a body of 64 MiB, which is sent until it is refused."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {64 * MIB}"
    head = (
        f"POST /callback HTTP/1.1\r\nHost: x\r\nX-Line-Signature: {'A' * 43}=\r\n{length}\r\n\r\n"
    )
    piece = (b"10000\r\n" if chunked else b"") + b"x" * 0x10000 + (b"\r\n" if chunked else b"")
    with socket.create_connection(address, 5) as connection:
        connection.sendall(head.encode())
        connection.settimeout(0.02)
        for _ in range(64 * MIB // 0x10000):
            with suppress(OSError):
                connection.sendall(piece)
            try:
                if answer := connection.recv(100):
                    return answer
            except TimeoutError:
                continue
            except ConnectionError:
                return b""
    return b""


def test_many_slow_senders_keep_nobody_else_waiting(open_house: House) -> None:
    """Row 27: two hundred bodies that trickle in, and LINE is answered at once."""
    place = urlsplit(open_house.base)
    assert place.hostname
    head = f"{HEAD}Content-Length: 1000\r\n\r\n{{".encode()
    with ExitStack() as closing:
        for _ in range(200):
            connection = socket.create_connection((place.hostname, place.port or 80), 5)
            closing.enter_context(connection)
            connection.sendall(head)
        begun = time.monotonic()
        assert tell(open_house.base, event("やあ", who=Neighbours.next())) == 200
        assert time.monotonic() - begun < 1.0


def test_a_packed_bomb_is_not_unpacked(open_house: House) -> None:
    """Row 27: whatever it says it is packed with."""
    data = body(event("x"))
    for packing in ("gzip", "deflate", "br", "GZIP", "gzip, gzip", "x"):
        headers = {"X-Line-Signature": signature(data), "Content-Encoding": packing}
        assert post(open_house.base, data, headers) == 415
