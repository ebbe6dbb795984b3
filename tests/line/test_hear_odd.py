"""What odd bodies and odd events do to their neighbours: nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line.hear import hear
from bot.line.heard import Heard, Ignored, Joined, Unsent, Why
from flows.conversation import Typed
from tests.line.unhurried import UNHURRIED, UNHURRIED_FEW
from tests.line.webhooks import BOT, event, webhook


def only(body: bytes) -> Any:
    [arrival] = hear(body, BOT)
    return arrival


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'{"events": [',
        b'{"events": {}}',
        b'{"destination": "x"}',
        b'"\\',
        b'{"events": ["' + b'\\"' * 100_000,
        b"[" * 100_000,
        b"]" * 100_000,
        b'{"events": [' + b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:16]),
)
def test_what_is_no_webhook_is_one_unparseable_arrival(body: bytes) -> None:
    """Signed junk is not an error of ours: it is recorded once and answered with 200."""
    assert hear(body, BOT) == [Ignored("", Why.UNPARSEABLE)]


@pytest.mark.parametrize(
    "odd",
    [
        '"\\ud83d"',
        "NaN",
        "-Infinity",
        "9" * 5_000,
        "1e999",
        '{"type":' * 5_000 + "1" + "}" * 5_000,
        "[" * 5_000 + "]" * 5_000,
        '"]}]}{[\\"["',
    ],
    ids=lambda odd: odd[:12],
)
@pytest.mark.parametrize("where", ["beside", "within"])
def test_json_that_no_strict_reader_takes_harms_only_itself(odd: str, where: str) -> None:
    """Half characters, numbers out of range, endless nesting: the neighbours are heard."""
    good = json.dumps(event(number=1)), json.dumps(event(number=3))
    between = odd if where == "beside" else json.dumps(event(number=2))[:-1] + f', "x": {odd}}}'
    body = f'{{"destination":"{BOT}","events":[{good[0]},{between},{good[1]}]}}'.encode()

    first, middle, last = hear(body, BOT)

    assert [first, last] == [only(webhook(event(number=1))), only(webhook(event(number=3)))]
    if where == "within":
        assert middle == only(webhook(event(number=2)))
    else:
        assert isinstance(middle, Ignored)


def test_a_byte_order_mark_and_broken_utf_8_are_read_over() -> None:
    """The signature was over these very bytes, so somebody at LINE meant them."""
    body = b"\xef\xbb\xbf" + webhook(event()).replace(b'"text": "', b'"text": "\xff', 1)

    assert only(body).event == Typed("�退会したい")


def test_half_a_surrogate_pair_in_a_text_becomes_a_replacement_mark() -> None:
    """No database and no UTF-8 could keep it; the words around it are kept."""
    message = {"type": "text", "id": "1", "text": "a\ud83db\ude00c😀"}

    assert only(webhook(event(message=message))).event == Typed("a�b�c😀")


def test_a_text_longer_than_line_allows_is_taken_whole() -> None:
    """LINE's own limit is not ours to enforce on the way in."""
    message = {"type": "text", "id": "1", "text": "あ" * 20_000}

    assert only(webhook(event(message=message))).event == Typed("あ" * 20_000)


# --- properties --------------------------------------------------------------------------

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**20, max_value=10**30)
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=20)
    | st.sampled_from(
        [
            "message",
            "postback",
            "join",
            "unsend",
            "standby",
            "user",
            "group",
            "standby",
            "1|a|b|c|d|1",
        ]
    )
)
KEYS = st.sampled_from(
    [
        *event(),
        "unsend",
        "messageId",
        "id",
        "postback",
        "data",
        "text",
        "userId",
        "groupId",
        "isRedelivery",
    ]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)
EVENTS = st.builds(lambda base, changes: {**base, **changes}, st.just(event()),
                   st.dictionaries(KEYS, JSON, max_size=4)) | JSON  # fmt: skip


@given(st.binary(max_size=300))
@UNHURRIED
def test_no_bytes_make_it_raise(body: bytes) -> None:
    """Whatever was signed, something countable comes out."""
    assert all(isinstance(each, Ignored) for each in hear(body, BOT))


@given(JSON)
@UNHURRIED
def test_no_json_makes_it_raise(value: object) -> None:
    """Any JSON at all, well beyond what LINE would send."""
    assert isinstance(hear(json.dumps(value).encode(), BOT), list)


@given(st.lists(EVENTS, max_size=5), st.integers(0, 5))
@UNHURRIED_FEW
def test_a_good_event_is_heard_among_any_others(odd: list[object], place: int) -> None:
    """One odd event never harms its neighbours: one arrival each, and the good one in full."""
    events = [*odd[:place], event(number=99), *odd[place:]]

    arrivals = hear(webhook(*events), BOT)

    assert len(arrivals) == len(events)
    assert arrivals[min(place, len(odd))] == only(webhook(event(number=99)))


@given(st.lists(EVENTS, max_size=5))
@UNHURRIED_FEW
def test_whatever_is_heard_can_be_kept(events: list[object]) -> None:
    """Every name fits any database: it is UTF-8, without NUL, short and not empty."""
    for arrival in hear(webhook(*events), BOT):
        if isinstance(arrival, Ignored):
            continue
        names = [arrival.event_id]
        names += [arrival.place] if isinstance(arrival, Joined) else [arrival.person]
        names += [arrival.reply_token] if isinstance(arrival, Heard | Joined) else []
        names += [arrival.message] if isinstance(arrival, Unsent) else []

        assert all(0 < len(name.encode()) <= 4 * 255 and "\0" not in name for name in names)
        assert 0 < arrival.at < 2**63
