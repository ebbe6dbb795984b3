"""The record of one turn: what came in, how it was taken and why, what went out, how to redo it.

As JSON, for the panel beside the phone, for the transcript and for whoever copies it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from bot.line.measure import limit
from bot.simulator import envelope
from bot.simulator.done import Done
from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.calls import Call
from bot.simulator.inspector import limit_words, plain_words
from bot.simulator.inspector.meters import Meter, meters
from bot.simulator.inspector.places import row_place, say_place
from bot.simulator.journal import Turn
from bot.simulator.session import Session
from bot.simulator.talk.record import step_yaml
from bot.simulator.troubles import ABOUT
from bot.simulator.watch import Told
from content.catalog import Catalog
from flows.conversation import LOBBY, Answer, Conversation, Say
from flows.moves import here
from flows.tracing import Trace, trace
from flows.withdrawal import TABLE

Json = dict[str, Any]

HEARD = {
    "follow": "友だち追加",
    "unfollow": "ブロック",
    "unsend": "送信取消",
    "postback": "ボタン",
    "text": "テキスト",
    **plain_words.KINDS,
    "accountLink": "アカウント連携",
    "beacon": "ビーコン",
}

AGAIN = {"duplicate": "もう一度届いた", "redeliver": "再送", "arrive": "あとから届いた"}


NOT_YET_KNOWN = "ボットにはまだ届いていません"


def record_of(session: Session, turns: Sequence[Done], place: int) -> Json:
    """All that is known of what a person did, of whose *turns* it is the one at *place*.

    ``n`` counts them from 1. Raises ValueError for a deed the bot was not told of.
    """
    done, catalog = turns[place], turns[place].catalog
    turn, again = done.turn, _answered_before(turns, place)
    if turn is None:
        raise ValueError(f"nothing was sent for {done.deed.name}")
    told = None if again else next(iter(turn.told.values()), None)
    traced = _traced(told, catalog)
    before, after = done.before.conversation, done.after
    says = [say for each in turn.told.values() for say in each.says] if not again else []
    return {
        "n": place + 1,
        "at": turn.at.isoformat(timespec="milliseconds"),
        "heard": "、".join(map(heard, turn.events)) + _how(done),
        "event": turn.events[0] if len(turn.events) == 1 else list(turn.events),
        "understood": _understood(told, traced, catalog, again) if turn.arrives else NOT_YET_KNOWN,
        "before": _place(before, catalog, session),
        "after": _place(after, catalog, session),
        "diff": list(_difference(before, after)),
        "tries": list(_tries(traced)),
        "row": _row(traced),
        "says": [_say(say, after, done.state, catalog) for say in says],
        "messages": [message.json for message in turn.messages if not message.mine],
        "limits": list(_limits([message.json for message in turn.messages])),
        "calls": [_call(call, turn) for call in turn.calls],
        "webhook": {
            "status": turn.status,
            "note": f"{turn.seconds * 1000:.0f} ms" if turn.status else "",
            "mishap": ABOUT[turn.mishap] if turn.mishap else "",
        },
        "curl": _curl(session, turn.events),
        "step": step_yaml(done),
    }


def _answered_before(turns: Sequence[Done], place: int) -> bool:
    """Whether the events of a turn had been answered before they were delivered again."""
    mine = turns[place]
    if mine.deed.name not in AGAIN or mine.turn is None:
        return False
    return any(
        event["webhookEventId"] in earlier.turn.told
        for event in mine.turn.events
        for earlier in turns[:place]
        if earlier.turn is not None
    )


def heard(event: WebhookEvent) -> str:
    """What kind of thing came in, in a word."""
    kind = event["message"]["type"] if event["type"] == "message" else event["type"]
    return HEARD.get(kind, str(kind))


def _how(done: Done) -> str:
    how = AGAIN.get(done.deed.name)
    return f"（{how}）" if how else ""


# --- how it was taken ----------------------------------------------------------------------------


def _traced(told: Told | None, catalog: Catalog) -> Trace | None:
    step = told.step if told else None
    return trace(step.before, step.event, step.after, catalog, step.now) if step else None


def _understood(told: Told | None, traced: Trace | None, catalog: Catalog, again: bool) -> str:
    if again:
        return plain_words.ANSWERED_BEFORE
    return plain_words.understood(told, traced, catalog)


def _place(conversation: Conversation | None, catalog: Catalog, session: Session) -> Json:
    if conversation is None:
        return {"state": "", "service": LOBBY, "trail": []}
    return {
        "state": here(conversation, catalog, session.clock.now()).state,
        "service": conversation.service,
        "trail": [_answer(answer) for answer in conversation.trail],
    }


def _answer(answer: Answer) -> Json:
    return {"state": answer.state, "trigger": answer.trigger, "argument": answer.argument}


def _difference(before: Conversation | None, after: Conversation | None) -> Iterator[Json]:
    """The answers of both, those that went first."""
    old = before.trail if before else ()
    new = after.trail if after else ()
    for answer in old:
        if answer not in new:
            yield {"kind": "gone", **_answer(answer)}
    for answer in new:
        yield {"kind": "kept" if answer in old else "added", **_answer(answer)}


def _tries(traced: Trace | None) -> Iterator[Json]:
    for tried in traced.tries if traced else ():
        yield {
            "row": tried.row,
            "guard": tried.guard,
            "guard_says": plain_words.guard(tried.guard) if tried.guard else "",
            "passed": tried.passed,
            "place": row_place(tried.row),
        }


def _row(traced: Trace | None) -> Json | None:
    if traced is None or traced.fired is None:
        return None
    number, row = traced.fired, TABLE.rows[traced.fired]
    return {
        "number": number,
        "trigger": row.trigger,
        "source": row.source,
        "dest": row.dest,
        "place": row_place(number),
    }


# --- what went out -------------------------------------------------------------------------------


def _say(say: Say, after: Conversation | None, state: str, catalog: Catalog) -> Json:
    service = after.service if after else LOBBY
    place = say_place(catalog, say, service, state)
    return {"id": say.id, "facts": list(say.facts), "place": place}


def _limits(messages: Sequence[Any]) -> Iterator[Json]:
    """For each of LINE's limits that applies, what comes nearest to it; the nearest first."""
    found = [meter for message in messages for meter in meters(message)]
    if messages:
        found.append(Meter(limit("messages"), "messages", "", len(messages)))
    nearest: dict[str, Meter] = {}
    for meter in sorted(found, key=lambda meter: -meter.share):
        nearest.setdefault(meter.limit.what, meter)
    for meter in nearest.values():
        yield {
            "what": meter.limit.what,
            "says": limit_words.says(meter.limit.what),
            "used": meter.used,
            "most": meter.limit.value,
            "unit": limit_words.UNITS[meter.limit.unit],
            "share": round(meter.share, 3),
            "level": meter.level,
        }


def _call(call: Call, turn: Turn) -> Json:
    """One call, with the reason where it failed or a fault struck it; ``ms`` since the event."""
    reason = str(call.said.get("message", "")) if call.status >= 400 else ""
    fault = f"わざと：{call.fault.value}" if call.fault else ""
    return {
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "ms": round((call.at - turn.at).total_seconds() * 1000),
        "note": " ".join(filter(None, (reason, fault))),
        "request": dict(call.asked),
        "response": dict(call.said),
    }


# --- how to do it again --------------------------------------------------------------------------


def _curl(session: Session, events: Sequence[WebhookEvent]) -> str:
    """A command that sends the same webhook once more, signed, to the app while it runs."""
    body = envelope.body(session.destination, events)
    parts = (
        *("curl", "-i", session.callback),
        *("-H", "content-type: application/json"),
        *("-H", f"{envelope.HEADER}: {session.sign(body)}"),
        *("--data-binary", body.decode()),
    )
    return shlex.join(parts)
