"""The record of one turn, as the panel beside the phone shows it."""

from __future__ import annotations

from typing import Any

from bot.simulator.calls import Call
from bot.simulator.envelope import WebhookEvent
from bot.simulator.journal import Turn
from bot.simulator.people import Person

HEARD = {
    "follow": "友だち追加",
    "unfollow": "ブロック",
    "postback": "ボタン",
    "text": "テキスト",
    "sticker": "スタンプ",
    "image": "画像",
}


def record(person: Person, turn: Turn) -> dict[str, Any]:
    """Tell all that is known of *turn*, and where *person* stands now."""
    conversation = person.conversation
    answers = conversation.trail if conversation else ()
    return {
        "heard": "、".join(map(_heard, turn.events)),
        "webhook": {
            "status": turn.status,
            "note": f"{turn.seconds * 1000:.0f} ms" if turn.status else "",
        },
        "state": person.state,
        "service": conversation.service if conversation else "",
        "says": [say.id for told in turn.told.values() for say in told.says],
        "answers": [
            {"state": move.state, "trigger": move.trigger, "argument": move.argument}
            for move in answers
        ],
        "calls": [_call(call) for call in turn.calls],
        "event": turn.events[0] if len(turn.events) == 1 else turn.events,
        "messages": [message.json for message in turn.messages if not message.mine],
    }


def _heard(event: WebhookEvent) -> str:
    kind = event["message"]["type"] if event["type"] == "message" else event["type"]
    return HEARD.get(kind, str(kind))


def _call(call: Call) -> dict[str, Any]:
    """Tell one call, with the reason where it failed or a fault struck it."""
    reason = str(call.said.get("message", "")) if call.status >= 400 else ""
    fault = f"わざと：{call.fault.value}" if call.fault else ""
    return {
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "note": " ".join(filter(None, (reason, fault))),
    }
