"""Words no database or messenger likes: the same answer on both databases, and nothing breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import postgres
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import event, tell
from tests.engine.running import serving
from tests.faults.looking import rows

TEXTS = [
    "", " ", "\0", "a\0b", "\ud83d", "\ude00\ud83d", "\uffff", "\ufffe", "\U0010ffff", "\x1b[2J",
    "👩‍👩‍👧‍👦" * 50, "🏳️‍🌈", "が" * 300, "e" + "\u0301" * 400, "\u202eあいう\u202c", "\u200b",
    "שלום عليكم", "あ" * 5_000, "😀" * 2_500, "\r\n\r\n", "\t", "{service}", "{0.__class__}",
    "%s%n", "${x}", "<b>&amp;</b>", "'; DROP TABLE person; --", "\\u0000", '"', "\\",
]  # fmt: skip


@pytest.fixture
def both(tmp_path: Path, shared_url: str) -> Iterator[tuple[str, str, FakeLine, FakeLine]]:
    """One server on SQLite and one on PostgreSQL, each with a LINE of its own."""
    with ExitStack() as closing:
        bases, lines = [], []
        for url in (standin.database_url(tmp_path), shared_url):
            line = closing.enter_context(FakeLine())
            given = standin.settings(line_api_base=line.base, database_url=url)
            bases.append(closing.enter_context(serving(settings=given)))
            lines.append(line)
        yield bases[0], bases[1], lines[0], lines[1]


def test_every_text_has_the_same_answer_on_both_databases(
    both: tuple[str, str, FakeLine, FakeLine], tmp_path: Path, shared_url: str
) -> None:
    """Rows 36, 37 and 38: NUL, half characters, what only looks like code, a family of four: what
    was said comes back as it was said, and both databases record the same."""
    *bases, left, right = both
    for who, text in enumerate(TEXTS, 1):
        happening = event(text, who=who)
        assert [tell(base, happening) for base in bases] == [200, 200], repr(text)
    count = len(TEXTS)
    for line in (left, right):
        assert line.wait_until(lambda line=line: len(line.delivered) == count, 15)  # type: ignore[misc]

    told = [sorted(line.texts()) for line in (left, right)]
    assert told[0] == told[1]
    lossless = [text for text in TEXTS if not any(0xD800 <= ord(c) < 0xE000 for c in text)]
    assert {f"1:{text}" for text in lossless} <= set(told[0])
    query = "SELECT outcome, count(*) FROM inbox GROUP BY outcome ORDER BY outcome"
    assert rows(tmp_path / "taikai.db", query) == asyncio.run(postgres.rows(shared_url, query))


@pytest.mark.parametrize("odd", ["\0", "\ud800", "\uffff", "x" * 255, "'; --"])
def test_odd_names_are_the_same_on_both_databases(
    both: tuple[str, str, FakeLine, FakeLine], tmp_path: Path, shared_url: str, odd: str
) -> None:
    """Row 37: in ids and tokens too, where LINE never has them."""
    *bases, left, right = both
    events = [
        event("a", who=1, webhookEventId=f"e{odd}"),
        event("b", source={"type": "user", "userId": f"U{odd}"}),
        event("c", who=3, replyToken=f"t{odd}"),
        event({"type": "unsend", "unsend": {"messageId": odd}}, who=4),
        event("d", who=5),
    ]
    assert [tell(base, *events) for base in bases] == [200, 200]
    assert [line.wait_until(lambda line=line: "1:d" in line.texts()) for line in (left, right)] == [  # type: ignore[misc]
        True,
        True,
    ]
    query = "SELECT outcome, count(*) FROM inbox GROUP BY outcome ORDER BY outcome"
    assert rows(tmp_path / "taikai.db", query) == asyncio.run(postgres.rows(shared_url, query))
