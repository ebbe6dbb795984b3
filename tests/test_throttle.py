"""Strangers who call again and again are held back; LINE never is, and memory has an end."""

from __future__ import annotations

import base64
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.throttle import BURST, CLIENTS, Throttle, could_be_signed, network

GOOD = base64.b64encode(bytes(range(32)))


class Watch:
    """A monotonic clock that is turned by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def throttle(watch: Watch, **given: float) -> Throttle:
    return Throttle(watch, **({"burst": 3, "per_second": 1.0} | given))  # type: ignore[arg-type]


def test_whoever_never_failed_is_allowed() -> None:
    """And asking costs nothing, however often."""
    one = throttle(Watch())

    assert all(one.allow("192.0.2.1") for _ in range(100))


def test_only_failures_use_up_the_allowance() -> None:
    """The burst, and not one more; others have their own."""
    one = throttle(Watch())

    assert [one.failed("192.0.2.1") for _ in range(5)] == [True, True, True, False, False]
    assert not one.allow("192.0.2.1")
    assert one.allow("192.0.2.2")
    assert one.allow("")


def test_the_allowance_comes_back_with_time() -> None:
    """One a second here, up to the burst and no further."""
    watch = Watch()
    one = throttle(watch)
    while one.failed("x"):
        pass
    watch.seconds += 0.9
    assert not one.allow("x")
    watch.seconds += 0.2
    assert one.allow("x")
    assert (one.failed("x"), one.failed("x")) == (True, False)

    watch.seconds += 3600
    assert [one.failed("x") for _ in range(5)].count(True) == 3


def test_failing_on_and_on_earns_nothing() -> None:
    """A failure beyond the allowance neither costs nor gives."""
    watch = Watch()
    one = throttle(watch)
    passed = 0
    for _ in range(1000):
        passed += one.failed("x")
        watch.seconds += 0.01

    assert passed == pytest.approx(3 + 10, abs=1)


def test_many_addresses_together_have_an_end_too() -> None:
    """Whoever owns a whole network is not worth more lines than that."""
    watch = Watch()
    one = throttle(watch, burst_of_all=10, per_second_of_all=1.0)

    assert [one.failed(f"192.0.2.{number}") for number in range(20)].count(True) == 10
    assert not one.allow("198.51.100.1")
    watch.seconds += 1.5
    assert one.allow("198.51.100.1")


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    """It is not to be; then nothing comes back, and nobody is locked out."""
    watch = Watch()
    one = throttle(watch)
    assert one.failed("x")
    watch.seconds -= 500

    assert one.allow("x")


def test_no_more_clients_are_remembered_than_said() -> None:
    """The one not heard from for longest goes, and may begin anew."""
    one = throttle(Watch(), clients=3, burst=1)
    for client in ("a", "b", "c"):
        one.failed(client)
    one.failed("a")
    one.failed("d")

    assert list(one._buckets) == ["c", "a", "d"]
    assert [one.allow(client) for client in ("a", "b", "c", "d")] == [False, True, False, False]


def test_a_flood_of_addresses_takes_a_megabyte_or_two() -> None:
    """However many there are."""
    one = Throttle(Watch())
    tracemalloc.start()
    try:
        for number in range(5 * CLIENTS):
            one.failed(f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1")
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(one._buckets) == CLIENTS
    assert size < 2 * 1024 * 1024


def test_whoever_tries_things_out_by_hand_is_not_hit() -> None:
    """The defaults leave room for a person, and none for a program."""
    one = Throttle(Watch())

    assert [one.failed("192.0.2.1") for _ in range(BURST + 50)].count(True) == BURST >= 50


@pytest.mark.parametrize(
    ("client", "whose"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::ffff", "2001:db8:1:3::"),
        ("::1", "::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("testclient", "testclient"),
        ("not:an:address", "not:an:address"),
        ("::1\0", "::1\0"),
        ("\ud800::1", "\ud800::1"),
    ],
)
def test_what_counts_as_one_client(client: str, whose: str) -> None:
    """An IPv4 address in either dress, an IPv6 /64, and anything odd as it is."""
    assert network(client) == whose


@given(st.text(max_size=60))
def test_no_address_is_too_odd(client: str) -> None:
    """It comes from a socket, but who knows."""
    one = throttle(Watch(), burst=1)

    assert one.failed(client)
    assert not one.allow(client)


@pytest.mark.parametrize(
    ("signatures", "could"),
    [
        ([GOOD], True),
        ([], False),
        ([GOOD, GOOD], False),
        ([b""], False),
        ([GOOD[:-1]], False),
        ([GOOD + b"="], False),
        ([GOOD + b" "], False),
        ([base64.b64encode(bytes(31))], False),
        ([base64.b64encode(bytes(33))], False),
        ([base64.urlsafe_b64encode(b"\xff" * 32)], False),
        ([b"x" * 44], False),
        (["署名".encode()], False),
    ],
)
def test_what_could_be_a_signature_of_lines(signatures: list[bytes], could: bool) -> None:
    """One header with base64 of 32 bytes, as LINE writes it; anything else is nobody's."""
    assert could_be_signed(signatures) is could


@given(st.binary(min_size=32, max_size=32))
def test_whatever_line_signs_could_be_signed(digest: bytes) -> None:
    """No call of LINE's is ever refused unread."""
    assert could_be_signed([base64.b64encode(digest)])
