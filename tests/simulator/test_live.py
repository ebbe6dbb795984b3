"""Content that is changed while people talk is used at once, or told to be wrong in its place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.live import LiveContent
from bot.simulator.session import Session
from content.catalog import HERE, load

QUESTION = "どのサービスを退会しますか？"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the content, to be changed."""
    folder = tmp_path / "content"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


@pytest.fixture
def session(root: Path) -> Iterator[Session]:
    """A session that talks about the copy."""
    with Session(catalog=load(root), seed=5) as session:
        yield session


def rewritten(path: Path, old: str, new: str) -> None:
    """Somebody edits the file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_changed_text_is_said_at_once_where_people_are(session: Session, root: Path) -> None:
    """The version is another one; the person goes on from the question they were asked."""
    hanako, live, version = session.person("hanako"), LiveContent(session), session.catalog.version
    hanako.follow()
    hanako.say("薬キャリ")
    rewritten(root / "texts" / "withdrawal.yaml", "応募はありますか？", "応募は残っていますか？")

    assert live.look()
    hanako.say("ﾋﾟﾖﾋﾟﾖ")
    hanako.tap("ない")
    hanako.tap("戻る")

    assert session.catalog.version != version
    assert "応募は残っていますか？" in hanako.answer[-1].text
    assert hanako.state == "checking_selection"
    told = live.told()
    assert told is not None
    assert told["problems"] == []


def test_broken_content_is_told_and_the_old_stays(session: Session, root: Path) -> None:
    """File, line, what and how to mend it; mended, it is used."""
    live, version = LiveContent(session), session.catalog.version
    texts = root / "texts" / "withdrawal.yaml"
    rewritten(texts, f"say: {QUESTION}", f"sey: {QUESTION}")
    line = texts.read_text("utf-8").splitlines().index(f"  sey: {QUESTION}") + 1

    assert live.look()

    told = live.told()
    assert told is not None
    problem = next(
        p for p in told["problems"] if p["place"] == f"content/texts/withdrawal.yaml:{line}"
    )
    assert "sey" in problem["what"]
    assert problem["mend"]
    assert session.catalog.version == version
    rewritten(texts, f"sey: {QUESTION}", f"say: {QUESTION}")
    assert live.look()
    assert session.catalog.version == version
    assert live.told() == {"at": live.told()["at"], "problems": []}  # type: ignore[index]


def test_nothing_changed_is_nothing_to_tell(session: Session) -> None:
    """No restart of the app for it either."""
    live, address = LiveContent(session), session.callback

    assert not live.look()

    assert live.told() is None
    assert session.callback == address


def test_it_looks_by_itself_while_it_is_open(session: Session, root: Path) -> None:
    """Whoever listens hears that something happened; a file more or less counts too."""
    with LiveContent(session) as live:
        (root / "phrases.yaml").unlink()
        with session.changed:
            assert session.changed.wait_for(lambda: live.told() is not None, 30)

    told = live.told()
    assert told is not None
    assert told["problems"][0]["place"] == "content/phrases.yaml:0"
