"""Files that are missing, empty, misnamed or of another form; and everything told in one run."""

from __future__ import annotations

import shutil

import pytest

from content.catalog import load, survey
from content.problems import ContentError
from tests.content.folder import Folder

MISSING = "ファイルがありません → このファイルを置いてください"
EMPTY = "ファイルが空です → 中身を書いてください"
FORM = "ファイル全体の形が違います → いちばん外側を「名前: 値」の形で書いてください"
SUFFIX = "読まれないファイルです → ファイルの名前の終わりを .yaml にしてください"
NAME = "使えないファイル名です → 英小文字で始め、英小文字・数字・- だけの名前にしてください"
FILES = ("services/alfa.yaml", "letters/alfa-ask.yaml", "texts/withdrawal.yaml", "phrases.yaml",
         "words.yaml", "reasons.yaml", "fields.yaml", "channels.yaml", "law.yaml",
         "desks.yaml")  # fmt: skip


def test_the_invented_services_are_faultless(folder: Folder) -> None:
    """Whatever the other tests find wrong is what they planted."""
    assert folder.problems() == []
    assert set(load(folder.path).services) == {"alfa", "bravo", "other"}


@pytest.mark.parametrize(
    "file", [*(file for file in FILES if "/" not in file), "services/other.yaml"]
)
def test_a_missing_file_is_told(folder: Folder, file: str) -> None:
    """What every conversation needs has to be there; nothing else is blamed for its absence."""
    (folder.path / file).unlink()
    also = []
    if file == "services/other.yaml":
        letter = "letters/other-leave.yaml:1: どのサービスからも使われていない文面です"
        also = [f"{letter} → サービスの letters に書くか、ファイルを消してください"]

    assert folder.problems() == [*also, f"{file}:0: {MISSING}"]


def test_a_folder_without_content_is_told_file_by_file(folder: Folder) -> None:
    """A wrong path is seen at once."""
    shutil.rmtree(folder.path)
    folder.path.mkdir()

    problems = folder.problems()

    needed = [*(file for file in FILES if "/" not in file), "services/other.yaml"]
    assert problems == [f"{file}:0: {MISSING}" for file in sorted(needed)]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("text", ["", "# 何もありません\n"])
def test_an_empty_file_is_told(folder: Folder, file: str, text: str) -> None:
    """A file of no more than comments has lost its content."""
    folder.write(file, text)

    assert folder.problems() == [f"{file}:1: {EMPTY}"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("text", "line"), [("- a\n- b\n", 1), ("\n# c\n\nただの文\n", 4)])
def test_a_file_of_another_form_is_told(folder: Folder, file: str, text: str, line: int) -> None:
    """A list or a text where names and values belong; nothing else is blamed for it."""
    folder.write(file, text)

    assert folder.problems() == [f"{file}:{line}: {FORM}"]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_no_yaml_is_told_once(folder: Folder, file: str) -> None:
    """What points into an unreadable file is no fault of its own."""
    line = folder.add(file, "\tx: 1\n")

    assert folder.problems() == [
        f"{file}:{line}: タブが使われています → タブを空白に置きかえてください"
    ]


@pytest.mark.parametrize("file", FILES)
def test_a_file_in_another_encoding_is_told(folder: Folder, file: str) -> None:
    """Saved by an old editor, it cannot be read; the line of the first such letter is told."""
    text = folder.read(file)
    (folder.path / file).write_bytes(text.encode() + "x: 日本\n".encode("cp932"))

    line = text.count("\n") + 1
    assert folder.problems() == [
        f"{file}:{line}: UTF-8 の文字ではありません → UTF-8 で保存し直してください"
    ]


@pytest.mark.parametrize("name", ["charlie.yml", "letters/new.yml"])
def test_a_file_that_would_not_be_read_is_told(folder: Folder, name: str) -> None:
    """Somebody wrote it, and would wait in vain to see it."""
    file = name if "/" in name else f"services/{name}"
    folder.write(file, "name: x\n")

    assert folder.problems() == [f"{file}:0: {SUFFIX}"]


@pytest.mark.parametrize("file", ["services/Charlie Jobs.yaml", "letters/お礼.yaml"])
def test_a_file_named_so_that_nothing_can_point_to_it_is_told(folder: Folder, file: str) -> None:
    """The names of files are used in buttons that stay in chats for ever."""
    folder.write(file, "name: x\n")

    assert folder.problems() == [f"{file}:0: {NAME}"]


def test_a_state_with_words_in_two_files_is_told(folder: Folder) -> None:
    """One of the two would silently never be said."""
    folder.write("texts/zoo.yaml", "# x\nstarting: {name: 別, say: 別です。, again: 別。}\n")

    assert folder.problems() == [
        "texts/zoo.yaml:2: 「starting」は同じフォルダーの別のファイルにもあります"
        " → どちらか一つだけにしてください"
    ]


def test_every_fault_of_every_file_is_told_in_one_run(folder: Folder) -> None:
    """Faults of ten kinds in nine files: none hides another, and nothing else is blamed."""
    alfa, bravo = "services/alfa.yaml", "services/bravo.yaml"
    lines = {
        alfa: folder.swap(alfa, "verified_on: null", "verified_on: 2026-02-30"),
        f"{alfa} ": folder.swap(alfa, "losses: [lose_all]", "losses: [lose_all, lose_more]"),
        f"{alfa}  ": folder.swap(alfa, "text: 文面を書きます。", "text: 即日、文面を書きます。"),
        bravo: folder.swap(bravo, "text: 返事を待ちます。", "text: 0120-111-222 を待ちます。"),
        "letters/alfa-ask.yaml": folder.swap("letters/alfa-ask.yaml", "kind: inquiry", "kind: x"),
        "letters/alfa-leave.yaml": folder.swap(
            "letters/alfa-leave.yaml", "    resting: し", "    bored: し"
        ),
        "letters/bravo-leave.yaml": folder.swap(
            "letters/bravo-leave.yaml", "channel: form", "channel: fax"
        ),
        "letters/other-leave.yaml": folder.add("letters/other-leave.yaml", "\tx: 1\n"),
        "phrases.yaml": folder.add("phrases.yaml", "back: もどる\n"),
        "reasons.yaml": folder.swap("reasons.yaml", "erase_data: 個", "erase_data: no #"),
        "texts/withdrawal.yaml": folder.swap(
            "texts/withdrawal.yaml", "name: はじめ", "nama: はじめ"
        ),
        "texts/withdrawal.yaml ": 1,
    }

    problems = survey(folder.path)[1]

    expected = sorted((file.strip(), line) for file, line in lines.items())
    assert [(problem.file, problem.line) for problem in problems] == expected
    assert all(problem.what and problem.mend for problem in problems)


def test_loading_raises_them_all(folder: Folder) -> None:
    """The bot does not start on content with a fault, and says every one."""
    folder.swap("services/alfa.yaml", "about: ", "abuot: ")
    folder.swap("phrases.yaml", "back: 戻る", "back: no")

    with pytest.raises(ContentError) as raised:
        load(folder.path)

    assert [str(problem) for problem in raised.value.problems] == folder.problems()
    assert [problem.file for problem in raised.value.problems] == [
        "phrases.yaml",
        "services/alfa.yaml",
        "services/alfa.yaml",
    ]
    assert str(raised.value) == "\n".join(folder.problems())
