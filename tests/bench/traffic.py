"""What is posted: many people at once, each of whom walks through the real flow.

At any moment as many people are at the first step as at the last, so one second's work is like
the next one's. One person's next event follows `GROUP` times `STEPS` events after the last:
far behind all that can be under way.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

SECRET = "0123456789abcdef0123456789abcdef"
"""The channel secret of every server."""

BOT = "U" + "b" * 32
"""The bot's own user id, which LINE writes into every body as its ``destination``."""

WALKS = (
    ("退会したい", "薬キャリ", "ない", "ない", "連絡が多い",
     "次へ", "メール", "次へ", "完了しました", "最初から"),
    ("こんにちは", "アポプラス薬剤師", "ある", "ない", "次へ",
     "2", "1", "次へ", "完了", "最初から"),
    ("退会したい", "キャリトレ", "いいえ", "決まっていない", "もう使わない",
     "次へ", "戻る", "次へ", "状況", "最初から"),
    ("はじめまして", "ハタラクティブ", "ない", "他社経由で決まりました", "2",
     "次へ", "終わりました", "戻る", "完了", "最初から"),
    ("退会したい", "マイナビ転職エージェント", "ない", "残っていません", "3",
     "1", "戻る", "1", "次へ", "最初から"),
)  # fmt: skip
"""What people type. The last words clear the answers, so that the walk can begin again."""

STEPS = 10
"""Texts in a walk."""

PEOPLE = 10_000
GROUP = 250
"""People who are at the same step of their walks."""

_EVENT = (
    b'{"type":"message","message":{"type":"text","id":"%d","quoteToken":"q3Plxr4AgKd","text":%s},'
    b'"webhookEventId":"01K%023d","deliveryContext":{"isRedelivery":false},"timestamp":%d,'
    b'"source":{"type":"user","userId":"U%032x"},"replyToken":"%s","mode":"active"}'
)
_BODY = b'{"destination":"%s","events":[%s]}'
_REQUEST = (
    b"POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: LineBotWebhook/2.0\r\n"
    b"Content-Type: application/json; charset=utf-8\r\nX-Line-Signature: %s\r\n"
    b"Content-Length: %d\r\n\r\n%s"
)
_WORDS = {text: json.dumps(text).encode() for walk in WALKS for text in walk}


@dataclass(frozen=True, slots=True)
class Post:
    """One webhook, signed and ready to be written, and the reply tokens of its events."""

    request: bytes
    tokens: tuple[bytes, ...]


class Traffic:
    """Events that never end: every one with an id and a reply token of its own.

    With *steps* 1 everybody says one thing and the next one follows: *people* distinct people.
    """

    def __init__(self, people: int = PEOPLE, steps: int = STEPS, group: int = GROUP) -> None:
        if people < group * steps:
            raise ValueError(f"{people} people are too few for {steps} groups of {group}")
        self._events = _walking(people // group, steps, group)
        self._numbers = itertools.count(1)

    def posts(self, count: int, per_body: int = 1) -> list[Post]:
        """The next *count* webhooks of *per_body* events each, which happened now."""
        return [self._post(per_body) for _ in range(count)]

    def _post(self, per_body: int) -> Post:
        events, tokens = [], []
        now = time.time_ns() // 1_000_000
        for person, step in itertools.islice(self._events, per_body):
            number = next(self._numbers)
            token = b"%032x" % number
            words = _WORDS[WALKS[person % len(WALKS)][step]]
            events.append(_EVENT % (number, words, number, now, person, token))
            tokens.append(token)
        return Post(_signed(_BODY % (BOT.encode(), b",".join(events))), tuple(tokens))


def _walking(groups: int, steps: int, group: int) -> Iterator[tuple[int, int]]:
    """Who is next, and at which step of their walk."""
    for wave in itertools.count():
        for member in range(group):
            for step in range(min(wave + 1, steps)):
                yield (wave - step) % groups * group + member, step


def _signed(body: bytes) -> bytes:
    signature = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256))
    return _REQUEST % (signature, len(body), body)
