"""What LINE is asked to judge: every message of the catalogue, and some made to be refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.line.measure import json_bytes, limit
from bot.simulator.fake_line.checks import messages_must_be_valid
from bot.simulator.fake_line.refusals import RefusalError
from bot.simulator.gallery.listing import listing
from content.catalog import Catalog

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A reply's ``messages``, under a ``name`` that says what is special about them.

    ``stricter`` where our rules mean to refuse what LINE may take.
    """

    name: str
    messages: list[Made]
    stricter: bool = False

    @property
    def digest(self) -> str:
        """Tells these messages from others of the same name."""
        said = json.dumps(self.messages, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def taken(self) -> bool:
        """Whether our own rules take them."""
        try:
            messages_must_be_valid(self.messages, second_opinion=False)
        except RefusalError:
            return False
        return True


def cases(catalog: Catalog) -> list[Case]:
    """All of them; of equal messages one."""
    found: dict[str, Case] = {}
    for case in (*_catalogue(catalog), *_edges(), *_oddities()):
        found.setdefault(case.digest, case)
    return list(found.values())


def _catalogue(catalog: Catalog) -> Iterator[Case]:
    for number, shown in enumerate(listing(catalog).messages):
        yield Case(f"{shown.service}/{shown.id}#{number}", [dict(shown.json)])


# --- at a limit, and one beyond it -------------------------------------------------------------


def _edges() -> Iterator[Case]:
    made: dict[str, Callable[[int], list[Made]]] = {
        "messages": lambda n: [_text("はい")] * n,
        "text": lambda n: [_text("あ" * n)],
        "quickReply.items": lambda n: [_asking(*[_postback()] * n)],
        "quickReply.label": lambda n: [_asking(_postback(label="あ" * n))],
        "flex.altText": lambda n: [{**_flex(_bubble()), "altText": "あ" * n}],
        "flex.bubble": lambda n: [_flex(_bubble("x" * (n - json_bytes(_bubble("")))))],
        "flex.carousel": lambda n: [_wide(n)],
        "flex.carousel.bubbles": lambda n: [_row(*[_bubble()] * n)],
        "flex.label": lambda n: [_button(_postback(label="あ" * n))],
        "postback.data": lambda n: [_button(_postback(data="x" * n))],
        "postback.displayText": lambda n: [_button(_postback(displayText="あ" * n))],
        "uri": lambda n: [_button(_uri("https://example.jp/".ljust(n, "x")))],
        "clipboard.clipboardText": lambda n: [
            _button({"type": "clipboard", "label": "写す", "clipboardText": "あ" * n})
        ],
    }
    for what, make in made.items():
        most = limit(what).value
        yield Case(f"{what}: {most:,}（上限まで）", make(most))
        yield Case(f"{what}: {most + 1:,}（上限を超える）", make(most + 1))


# --- of another shape --------------------------------------------------------------------------


def _oddities() -> Iterator[Case]:
    yield Case("メッセージがない", [])
    yield Case("空の文", [_text("")])
    yield Case("知らない種類", [{"type": "hologram"}])
    yield Case("種類がない", [{"text": "はい"}])
    yield Case("altTextのないflex", [{"type": "flex", "contents": _bubble()}])
    yield Case("mailtoのリンク", [_button(_uri("mailto:a@example.jp"))])
    yield Case("javascriptのリンク", [_button(_uri("javascript:alert(1)"))])
    yield Case("名前で書いた色", [_flex(_bubble(color="red"))])
    yield Case("文のないflexの文字", [_flex(_bubble(""))])
    yield Case("大きさの違う吹き出しの列", [_row(_bubble(), {**_bubble(), "size": "kilo"})])
    yield Case("知らないキー", [{**_text("はい"), "txet": "はい"}], stricter=True)
    yield Case("httpのリンク", [_button(_uri("http://example.jp/"))], stricter=True)
    first = _asking(_postback())
    yield Case("最後でないquickReply", [first, _text("はい")], stricter=True)


def _text(words: str) -> Made:
    return {"type": "text", "text": words}


def _postback(**change: str) -> Made:
    return {"type": "postback", "label": "はい", "data": "1", "displayText": "はい", **change}


def _uri(uri: str) -> Made:
    return {"type": "uri", "label": "開く", "uri": uri}


def _asking(*actions: Made) -> Made:
    items = [{"type": "action", "action": action} for action in actions]
    return {**_text("どちらですか？"), "quickReply": {"items": items}}


def _flex(contents: Made) -> Made:
    return {"type": "flex", "altText": "ご案内", "contents": contents}


def _bubble(words: str = "あ", **looks: str) -> Made:
    body = [{"type": "text", "text": words, **looks}]
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": body}}


def _row(*bubbles: Made) -> Made:
    return _flex({"type": "carousel", "contents": list(bubbles)})


def _wide(measured: int) -> Made:
    """A row of two bubbles of *measured* bytes, each well within a bubble's own limit."""
    words = measured - json_bytes(_row(_bubble(""), _bubble(""))["contents"])
    return _row(_bubble("x" * (words // 2)), _bubble("x" * (words - words // 2)))


def _button(action: Made) -> Made:
    bubble = _bubble()
    bubble["body"]["contents"].append({"type": "button", "action": action})
    return _flex(bubble)
