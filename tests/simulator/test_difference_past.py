"""`taikai diff`: the words of an earlier revision, said by its own flows."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.simulator.difference.command import DIFFERENT, SAME, UNUSABLE, compare
from bot.simulator.difference.past import OTHER_PROGRAMS, RevisionError, past
from tests.simulator.revisions import Repository


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """One revision as it is now, in a repository that each test leaves as it was."""
    made = Repository(tmp_path_factory.mktemp("project"))
    made.commit()
    return made


NOTICE = 'head = f"【{turn.service.name}】{turn.service.about}"'


def test_a_revision_without_a_difference_ends_with_0(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """The revision that is checked out, and nothing changed since."""
    assert compare("HEAD", root=repository.path) == SAME
    assert "違いはありません" in capsys.readouterr().out


def test_a_changed_sentence_ends_with_1_and_stands_in_the_page(
    repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Content that is not even committed counts: that is when one wants to look."""
    html = tmp_path / "diff.html"
    repository.swap("content/phrases.yaml", "undone: 一つ前", "undone: 前の質問")
    try:
        assert compare("HEAD", html, repository.path) == DIFFERENT
    finally:
        repository.swap("content/phrases.yaml", "undone: 前の質問", "undone: 一つ前")

    out = capsys.readouterr().out
    assert "変わった　undone" in out
    assert "[-一つ前-]{+前の質問+}に戻りました。" in out
    assert "<del>一つ前</del>" in html.read_text("utf-8")


def test_a_changed_flow_counts_though_no_content_changed(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """The old flow speaks for itself: what it said otherwise is a difference."""
    repository.swap("flows/screens/anywhere.py", NOTICE, NOTICE.replace("】", "】旧："))
    then = repository.commit()
    repository.swap("flows/screens/anywhere.py", NOTICE.replace("】", "】旧："), NOTICE)
    repository.commit()

    assert compare(then, root=repository.path) == DIFFERENT
    out = capsys.readouterr().out
    assert "変わった　notice" in out
    assert "[-旧：-]" in out
    assert "※" not in out


def test_programs_that_no_longer_run_are_replaced_and_that_is_said(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A package that is gone: the flows are still the old ones, and the report says what is not."""
    repository.swap("content/reader.py", "import re\n", "import re\nimport gone_for_good\n")
    repository.swap("flows/screens/anywhere.py", NOTICE, NOTICE.replace("】", "】旧："))
    then = repository.commit()
    repository.swap("flows/screens/anywhere.py", NOTICE.replace("】", "】旧："), NOTICE)
    repository.swap("content/reader.py", "import gone_for_good\n", "")
    repository.commit()

    assert compare(then, root=repository.path) == DIFFERENT
    out = capsys.readouterr().out
    why = "ModuleNotFoundError: No module named 'gone_for_good'"
    assert OTHER_PROGRAMS.format(then, why) in out
    assert "[-旧：-]" in out


def test_flows_that_cannot_be_listed_leave_the_content_to_be_compared(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Old content with the flows of today, and a sentence that says so."""
    repository.swap("flows/walk.py", "def presses(", "def pressed_once(")
    repository.swap("content/phrases.yaml", "undone: 一つ前", "undone: 前の質問")
    then = repository.commit()
    repository.swap("flows/walk.py", "def pressed_once(", "def presses(")
    repository.swap("content/phrases.yaml", "undone: 前の質問", "undone: 一つ前")
    repository.commit()

    assert compare(then, root=repository.path) == DIFFERENT
    out = capsys.readouterr().out
    assert "content だけをその版にして、いまの flows で比べました。" in out
    assert "{+一つ前+}" in out


def test_content_that_can_be_read_by_nothing_is_refused(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first thing that is wrong with it, and what to do."""
    repository.swap("content/phrases.yaml", "undone: ", "undone_: ")
    then = repository.commit()
    repository.swap("content/phrases.yaml", "undone_: ", "undone: ")
    repository.commit()

    assert compare(then, root=repository.path) == UNUSABLE
    error = capsys.readouterr().err
    assert "phrases.yaml" in error
    assert "もっと新しい版" in error


@pytest.mark.parametrize("revision", ["nobody", "--help", "HEAD:content", ""])
def test_a_bad_revision_ends_with_2_and_a_sentence(
    repository: Repository, capsys: pytest.CaptureFixture[str], revision: str
) -> None:
    """A name nobody knows, an option, a file: none of them is a revision."""
    assert compare(revision, root=repository.path) == UNUSABLE
    assert f"「{revision}」という版は見つかりません" in capsys.readouterr().err


def test_the_command_ends_as_the_comparison_does() -> None:
    """`taikai diff`: 2 and a sentence where there is nothing to compare with."""
    said = CliRunner().invoke(main, ["diff", "no-such-revision"])

    assert said.exit_code == UNUSABLE
    assert "→" in said.stderr


def test_a_page_that_cannot_be_written_is_told(
    repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report is printed all the same."""
    assert compare("HEAD", tmp_path / "missing" / "diff.html", repository.path) == UNUSABLE
    said = capsys.readouterr()
    assert "違いはありません" in said.out
    assert "別の場所にしてください" in said.err


def test_a_revision_before_the_content_is_told(repository: Repository) -> None:
    """The tree of it has nothing to say."""
    empty = repository.git("hash-object", "-t", "tree", "/dev/null").strip()
    first = repository.git("commit-tree", empty, "-m", "first").strip()

    with pytest.raises(RevisionError, match="まだ content と flows がありません"):
        past(first, repository.path)


def test_outside_of_a_repository_that_is_said(tmp_path: Path) -> None:
    """A copy without its history, such as an image."""
    with pytest.raises(RevisionError, match="gitのリポジトリではありません"):
        past("HEAD", tmp_path)
