"""What is true of every webhook and all that came of it: calls, tokens, memories, the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.calls import Account, Call
from bot.simulator.journal import Turn, chat_of
from bot.store.port import Outcome
from flows.conversation import Conversation

OK = 200

Memories = Mapping[str, Conversation | None]
"""What the app remembers of everybody, by user id."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn beside what was so before it and what is so after it.

    ``repeated`` are the ids of its events that had been answered earlier, ``early`` the calls
    that answered an event before it was stored, and ``log`` what the app logged meanwhile.
    ``trouble`` says that something was made to go wrong: then calls may be refused.
    """

    turn: Turn
    before: Memories
    after: Memories
    accounts: Mapping[str, Account]
    repeated: frozenset[str] = frozenset()
    early: Sequence[Call] = ()
    log: Sequence[str] = field(default=(), repr=False)
    trouble: bool = False

    @property
    def is_repeat(self) -> bool:
        """Whether nothing in it is new."""
        return all(event["webhookEventId"] in self.repeated for event in self.turn.events)

    def one_by_one(self) -> Iterator[Exchange]:
        """What came of each of its events, as if it had been alone in its webhook."""
        for event in self.turn.events:
            id, token, chat = event["webhookEventId"], event.get("replyToken"), chat_of(event)
            turn = replace(
                self.turn,
                events=(event,),
                calls=[call for call in self.turn.calls if call.token == token],
                messages=[message for message in self.turn.messages if message.token == token],
                told={id: self.turn.told[id]} if id in self.turn.told else {},
            )
            yield replace(
                self,
                turn=turn,
                before={chat: self.before.get(chat)},
                early=[call for call in self.early if call.token == token],
            )


def the_webhook_is_accepted(exchange: Exchange) -> Iterator[str]:
    """LINE is told 200: anything else, and it would deliver again or call us broken."""
    if exchange.turn.status != OK:
        yield f"webhookの返事が {exchange.turn.status} です"


def line_takes_every_message(exchange: Exchange) -> Iterator[str]:
    """The fake LINE holds each message against the limits; a fault alone excuses a refusal."""
    struck = exchange.trouble or any(call.fault for call in exchange.turn.calls)
    for call in exchange.turn.calls:
        if call.fault is None and call.status != OK and ("details" in call.said or not struck):
            yield f"LINEが断りました（{call.status}）: {dict(call.said)}"


def a_token_is_used_once(exchange: Exchange) -> Iterator[str]:
    """A reply LINE has confirmed is not sent again, and nobody reads an answer twice."""
    for token in exchange.turn.tokens:
        calls = [call for call in exchange.turn.calls if call.token == token]
        confirmed = [place for place, call in enumerate(calls) if call.status == OK]
        shown = [call for call in calls if call.accepted]
        if len(shown) > 1 or (confirmed and confirmed[0] < len(calls) - 1):
            yield f"返信のトークンを、届いたあとでもう一度使いました（{len(calls)}回）"


def saved_before_sent(exchange: Exchange) -> Iterator[str]:
    """What was decided is in the store before LINE hears of it: a crash loses nothing."""
    for call in exchange.early:
        yield f"覚える前に返信しました（{call.path}）"


def a_repeat_changes_nothing(exchange: Exchange) -> Iterator[str]:
    """LINE delivers an event again: nothing is sent, nothing is remembered anew."""
    if not exchange.is_repeat:
        return
    if exchange.turn.calls:
        yield f"二度目の配信に、もう一度返信しました（{len(exchange.turn.calls)}回）"
    for chat in exchange.turn.chats:
        if exchange.before.get(chat) != exchange.after.get(chat):
            yield "二度目の配信で、覚えている内容が変わりました"


def everybody_is_answered(exchange: Exchange) -> Iterator[str]:
    """Whatever a person does gets an answer, but what they do together with much else."""
    if exchange.trouble:
        return
    for event in exchange.turn.events:
        told = exchange.turn.told.get(event["webhookEventId"])
        if told is None or event["webhookEventId"] in exchange.repeated:
            continue
        if not _expects_an_answer(event, exchange.accounts) or told.outcome is Outcome.COALESCED:
            continue
        token = event["replyToken"]
        if not any(call.token == token and call.accepted for call in exchange.turn.calls):
            yield "返事がありません"


def the_flow_does_not_fail(exchange: Exchange) -> Iterator[str]:
    """「うまくお答えできませんでした」 is for faults nobody thought of."""
    for told in exchange.turn.told.values():
        if told.outcome is Outcome.QUARANTINED:
            yield "返事を作れず、謝りました（flows で例外が起きています）"


def nobody_else_is_affected(exchange: Exchange) -> Iterator[str]:
    """A turn sends to, and changes what is remembered of, only those it is about."""
    about = exchange.turn.chats
    if any(call.to and call.to not in about for call in exchange.turn.calls):
        yield "この人ではない人に送りました"
    for person, remembered in exchange.before.items():
        # Who is not there any more was replaced by somebody of the same name.
        if person not in about and exchange.after.get(person, remembered) != remembered:
            yield "この人ではない人の、覚えている内容が変わりました"


def nothing_personal_is_logged(exchange: Exchange) -> Iterator[str]:
    """No user id, no reply token and no word of a person stands in the log."""
    secrets = {text for event in exchange.turn.events for text in _personal(event)}
    for line in exchange.log:
        if any(secret in line for secret in secrets):
            yield "ログに、利用者のIDか、トークンか、送られた言葉が出ています"


def _expects_an_answer(event: WebhookEvent, accounts: Mapping[str, Account]) -> bool:
    """Whether a person on speaking terms with the bot did something that can be answered."""
    account = accounts.get(chat_of(event))
    return "replyToken" in event and account is not None and not account.blocked


SHORTEST = 4
"""Characters of what was written that cannot stand in a line of the log by chance."""


def _personal(event: WebhookEvent) -> Iterator[str]:
    yield chat_of(event)
    if token := event.get("replyToken"):
        yield token
    written = str(event.get("message", {}).get("text", "")).strip()
    if len(written) >= SHORTEST:
        yield written


RULES = (
    the_webhook_is_accepted,
    line_takes_every_message,
    a_token_is_used_once,
    saved_before_sent,
    a_repeat_changes_nothing,
    nobody_else_is_affected,
    nothing_personal_is_logged,
)
"""True whatever the flow is."""

OF_THE_FLOW = (everybody_is_answered, the_flow_does_not_fail)
"""True of ours: another one may choose to be silent, or to fail."""
