"""Content saved while one talks at the prompt is used for the next line, or told to be wrong."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.session import Session
from bot.simulator.terminal.chat import chat
from content.catalog import HERE, load
from tests.simulator.typist import Typist

QUESTION = "応募はありますか？"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """The wording, in a copy of the content."""
    folder = tmp_path / "content"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder / "texts" / "withdrawal.yaml"


@pytest.fixture
def session(texts: Path) -> Iterator[Session]:
    """A session that talks about the copy."""
    with Session(catalog=load(texts.parent.parent), seed=5) as session:
        yield session


def test_what_was_saved_is_said_in_the_next_answer(session: Session, texts: Path) -> None:
    """Where one is; and it is told, so that nobody wonders."""

    def save() -> None:
        text = texts.read_text("utf-8")
        texts.write_text(text.replace(QUESTION, "応募は残っていますか？"), "utf-8")

    out = io.StringIO()
    chat(session, stdin=Typist("薬キャリ", save, "ない", "戻る"), stdout=out)

    before, after = out.getvalue().split("内容を読み直しました\n")
    assert QUESTION in before
    assert "m3ポイントは残っていますか？" in after
    assert "応募は残っていますか？" in after


def test_what_cannot_be_used_is_told_with_its_line_and_the_old_stays(
    session: Session, texts: Path
) -> None:
    """Once, not with every line; mended, it is used."""
    good = texts.read_text("utf-8")
    bad = good.replace("  say: ", "  sey: ", 1)
    line = next(n for n, row in enumerate(bad.splitlines(), 1) if row.startswith("  sey: "))

    def save(text: str) -> None:
        texts.write_text(text, "utf-8")

    out = io.StringIO()
    chat(
        session,
        stdin=Typist(
            *(lambda: save(bad), "薬キャリ", "状況"),
            *(lambda: save(good), "ない"),
        ),
        stdout=out,
    )

    shown = out.getvalue()
    assert shown.count("！ 内容に誤りがあります。直るまで、前の内容のまま動きます") == 1
    place = f"！ content/texts/withdrawal.yaml:{line}: 「sey」"
    assert shown.index(place) < shown.index(QUESTION) < shown.index("内容を読み直しました")
