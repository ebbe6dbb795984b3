"""A transcript tells everything about a conversation but whose it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from bot.simulator.inspector.redaction import HIDDEN, Redaction
from bot.simulator.inspector.transcript import transcript
from bot.simulator.session import Session
from content.catalog import Catalog

PERSONAL = "私の名前は山田太郎です。電話は09012345678"


@pytest.fixture(scope="module")
def real(catalog: Catalog) -> Iterator[Session]:
    """A session with the real flow."""
    with Session(catalog=catalog, seed=6) as session:
        yield session


@pytest.fixture(scope="module")
def page(real: Session) -> str:
    """The transcript of somebody who typed what they should not, and met a fault."""
    hanako = real.person("hanako")
    hanako.follow()
    hanako.say(PERSONAL)
    hanako.say("薬キャリ")
    real.line.faults.inject("500")
    hanako.tap("ない")
    hanako.send("sticker")
    return unescape(transcript(real, hanako))


def test_it_names_version_time_and_faults(real: Session, page: str) -> None:
    """What one needs to see the same again."""
    assert real.catalog.version in page
    assert re.search(r"コミット）</dt><dd>([0-9a-f]{12}|不明)</dd>", page)
    assert re.search(r"シミュレーターの時刻</dt><dd>\d{4}-\d\d-\d\dT", page)
    assert "わざと起こした故障</dt><dd>500</dd>" in page


def test_it_shows_what_was_said_and_why(page: str) -> None:
    """Both sides, the row with its place, the guards, and the talk to hold it again."""
    assert "いま、選考中（書類選考・面接など）の応募はありますか？" in page
    assert '<div class="own">薬キャリ</div>' in page
    assert "checking_selection → checking_reward（flows/withdrawal.py:" in page
    assert "退会で消える、貯めたものがある：はい" in page
    assert "- bot: [reward, checking_reward]" in page


def test_it_tells_nothing_of_whose_it_was(real: Session, page: str) -> None:
    """No account, no token, no event id, no word of what was typed about oneself."""
    hanako = real.person("hanako")
    secrets = {hanako.id, real.destination, "山田", "0901234"}
    for turn in real.journal.of(hanako.id):
        secrets.update(turn.tokens)
        for event in turn.events:
            secrets.add(event["webhookEventId"])
            secrets.update(
                event.get("message", {}).get(key, hanako.id) for key in ("id", "quoteToken")
            )
    secrets.update(message.id for message in hanako.seen)

    assert not [secret for secret in secrets if secret in page]
    assert page.count(HIDDEN) > 10


def test_it_is_one_file_that_runs_and_loads_nothing(page: str) -> None:
    """It is opened from a disk and sent by mail."""
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href)=["']""", page)
    assert not re.search(r"@import|url\(", page)
    assert "<button" not in page


def test_public_words_are_left_alone() -> None:
    """Redaction hides what was typed about somebody, wherever it stands, and nothing beside it."""
    hide = Redaction(["住所は東京都千代田区丸の内1-1です", "ない"])

    assert hide.text("ないです") == "ないです"
    assert hide.json({"text": "A 住所は東京都千代田区丸の内1-1です B", "n": [1, None]}) == {
        "text": f"A {HIDDEN} B",
        "n": [1, None],
    }
    assert hide.json({"userId": "x", "to": ["x"]}) == {"userId": HIDDEN, "to": ["x"]}
