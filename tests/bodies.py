"""Webhook bodies as LINE sends them, and as it would never: strategies for Hypothesis.

`events` are well-formed by LINE's reference; `odd_events` have something wrong somewhere;
`junk` is no webhook at all.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from bot.line.postback import encode
from flows.conversation import Pressed

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
"""Half surrogate pairs, NUL and U+FFFF included: JSON can escape them all."""

SPECIAL_TEXT = st.sampled_from(
    [
        "", " ", "\0", "\ud83d", "\uffff", "👩‍👩‍👧‍👦", "\u202eあいう", "が" + "\u3099" * 50,
        "{service}", "{0.__class__}", "%s", "${x}", "<script>alert(1)</script>", "'; DROP TABLE",
        "あ" * 5_000, "\r\nevent=forged", "はい", "戻る", "データを消す", "薬キャリ", "1", "１",
    ]
)  # fmt: skip
TEXT = ANY_TEXT | SPECIAL_TEXT

IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
PRESSES = st.builds(
    Pressed, st.sampled_from(["", "yakukyari", "gone"]), st.sampled_from(["choosing_service", "x"]),
    st.sampled_from(["choose", "back", "fly"]), st.text(max_size=20), st.integers(0, 10**6),
)  # fmt: skip

SENT = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, TEXT),
    st.builds(lambda kind: {"type": kind}, st.sampled_from(
        ["sticker", "image", "video", "audio", "file", "location", "hologram"])),
)  # fmt: skip
HAPPENINGS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda message: {"type": "message", "message": message}, SENT),
    st.builds(
        lambda press: {"type": "postback", "postback": {"data": encode(press)}}, PRESSES
    ),
    st.builds(lambda data: {"type": "postback", "postback": {"data": data}}, TEXT),
    st.builds(lambda again: {"type": "follow", "follow": {"isUnblocked": again}}, st.booleans()),
    st.just({"type": "unfollow"}),
    st.builds(lambda id: {"type": "unsend", "unsend": {"messageId": id}}, st.text(max_size=9)),
    st.sampled_from(
        [{"type": kind} for kind in ("join", "leave", "memberJoined", "videoPlayComplete", "beacon",
                                     "accountLink", "things", "module", "telepathy")]),
)  # fmt: skip
SOURCES: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.builds(lambda id: {"type": "user", "userId": f"U{id}"}, IDS),
    st.builds(lambda id: {"type": "group", "groupId": f"C{id}"}, IDS),
    st.builds(lambda id: {"type": "room", "roomId": f"R{id}"}, IDS),
    st.builds(lambda id: {"type": "group", "groupId": f"C{id}", "userId": f"U{id}"}, IDS),
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """An event as LINE's reference describes it, of any kind, by anybody, of any age."""
    event: dict[str, Any] = {
        **draw(HAPPENINGS),
        "mode": draw(st.sampled_from(["active", "standby"])),
        "timestamp": draw(st.integers(1_600_000_000_000, 2_000_000_000_000)),
        "source": draw(SOURCES),
        "webhookEventId": f"01{draw(st.text('0123456789ABCDEFGHJKMNPQRSTVWXYZ', max_size=24))}",
        "deliveryContext": {"isRedelivery": draw(st.booleans())},
    }
    if event["type"] not in ("unfollow", "unsend", "leave"):
        event["replyToken"] = draw(IDS)
    if isinstance(event.get("message"), dict):
        event["message"] = {"id": str(draw(st.integers(1, 10**18))), **event["message"]}
    return event


ODD_VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -1, 0, 2**63, 1.5, float("nan"), float("inf"), -0.0]),
    st.floats(),
    TEXT,
    st.just([]),
    st.just({}),
    st.just([[[[[[]]]]]]),
    st.builds(lambda text: {"type": text, text: [text]}, ANY_TEXT),
)


@st.composite
def odd_events(draw: st.DrawFn) -> Any:
    """An event in which something is missing, of another type, or of no sense; or no event."""
    if draw(st.integers(0, 9)) == 0:
        return draw(ODD_VALUES)
    event = draw(events())
    for _ in range(draw(st.integers(1, 4))):
        holders = [event, *(part for part in event.values() if isinstance(part, dict))]
        holder = draw(st.sampled_from(holders))
        if not holder:
            continue
        key = draw(st.sampled_from(sorted(holder)))
        match draw(st.integers(0, 2)):
            case 0:
                del holder[key]
            case 1:
                holder[key] = draw(ODD_VALUES)
            case _:
                holder[draw(ANY_TEXT)] = holder.pop(key)
    return event


def body(*within: object, **beside: object) -> bytes:
    """A webhook's body around *within*; *beside* overrides its own fields."""
    return json.dumps({"destination": "U" + "0" * 32, "events": within, **beside}).encode()


@st.composite
def junk(draw: st.DrawFn) -> bytes:
    """Bytes that somebody signed: no JSON, torn JSON, or JSON that is no webhook."""
    match draw(st.integers(0, 4)):
        case 0:
            return draw(st.binary(max_size=200))
        case 1:
            whole = body(draw(events()))
            return whole[: draw(st.integers(0, len(whole) - 1))]
        case 2:
            return json.dumps(draw(ODD_VALUES)).encode()
        case 3:
            return body(events=draw(ODD_VALUES))
        case _:
            deep = draw(st.sampled_from([b"[", b'{"a":', b'{"events":[']))
            return deep * draw(st.sampled_from([10, 2_000, 60_000]))
