"""The privacy page: complete, true, harmless to open."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from bot.engine import retention
from bot.privacy import PrivacyPage
from bot.store.rules import DAY, HOUR
from tests.engine import standin
from tests.engine.posting import request
from tests.engine.running import serving


class Reader(HTMLParser):
    """What a page shows, which tags it has, and what it links to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", list[str](), list[str]()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """A running server of an operator with a name that needs care."""
    settings = standin.settings(
        operator_name="<b>退会</b> & {{operator_contact}}",
        database_url="sqlite:///unused.db",
    )
    from bot.store.sqlite import SqliteStore

    store = SqliteStore.open(None)
    with serving(settings=settings, store=store) as base:
        yield base


def page(base: str) -> tuple[dict[str, str], str]:
    """Headers and text of the page."""
    status, headers, body = request(base, "GET", "/privacy", headers={})
    assert status == 200
    return headers, body.decode("utf-8")


def test_it_names_the_operator_as_written_and_no_further(served: str) -> None:
    """What an operator wrote is shown, never obeyed: no tag, no place to fill in."""
    _, html = page(served)
    reader = Reader(html)

    assert "<b>退会</b> & {{operator_contact}}" in reader.text
    assert "b" not in reader.tags
    assert reader.text.count("taro@example.jp") == 1
    assert reader.links == ["mailto:taro@example.jp"]
    assert not re.search(r"\{\{(?!operator_contact)", reader.text)


def test_it_says_what_people_have_to_know(served: str) -> None:
    """Who, whether official, what is kept, for how long, how to erase it, whom to ask."""
    text = Reader(page(served)[1]).text

    for words in (
        "公式アカウントではありません",
        "「退会」と送っても、サービスの退会にはなりません",
        f"{retention.CONVERSATIONS // DAY}日",
        f"{retention.EVENT_IDS // DAY}日",
        f"{retention.TOMBSTONES // DAY}日",
        f"{retention.ANSWERS // HOUR}時間",
        "データを消す",
        "ブロック",
        "お問い合わせ先",
        "LINEヤフー株式会社",
        "バックアップ",
        "送信取消",
    ):
        assert words in text


def test_a_browser_may_do_nothing_with_it_but_show_it(served: str) -> None:
    """No script, no form, no picture, nothing loaded; its own style and no other."""
    headers, html = page(served)
    reader = Reader(html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()

    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert not {"script", "form", "img", "link", "iframe", "object"} & set(reader.tags)
    assert not {name for name in reader.attributes if name.startswith("on") or name == "style"}


def test_it_can_be_read_on_a_phone_and_read_aloud(served: str) -> None:
    """Language, width, headings and table headers are told."""
    html = page(served)[1]

    assert html.startswith('<!doctype html>\n<html lang="ja">')
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in html
    assert html.count("<h1>") == 1
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == html.count("<tr>") - 1


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (
            "https://taikai.jp/contact",
            '<a href="https://taikai.jp/contact" rel="noopener noreferrer">',
        ),
        ("taro@example.jp", '<a href="mailto:taro@example.jp">'),
        ("03-1234-5678", "<dd>03-1234-5678</dd>"),
        ("javascript:alert(1)", "<dd>javascript:alert(1)</dd>"),
        ('https://x.jp/"onclick=alert(1)', "&quot;onclick"),
    ],
)
def test_a_contact_is_a_link_where_it_is_an_address(contact: str, shown: str) -> None:
    """And nothing but text where it is not."""
    assert shown in PrivacyPage("誰か", contact)._body.decode()
