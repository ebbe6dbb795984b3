"""`taikai check` beyond the files: words against the table of the flow, messages against LINE."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.check import problem_lines, problems, stale_lines
from bot.engine.phrases import Phrases
from tests.content.conftest import NOON
from tests.content.folder import Folder

ALFA, TEXTS, ASK = "services/alfa.yaml", "texts/withdrawal.yaml", "letters/alfa-ask.yaml"


def said(folder: Folder) -> list[str]:
    """Everything the check finds in *folder*."""
    return [str(problem) for problem in problems(folder.path)]


def test_the_invented_services_pass(spoken_folder: Folder) -> None:
    """Whatever the other tests find wrong is what they planted."""
    assert said(spoken_folder) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (ALFA, "name: アルファ求人\nabout", "name: {}\nabout"),
        (ALFA, "name: メールで頼む", "name: {}"),
        (ALFA, "name: お休みする", "name: {}"),
        (ALFA, "name: 情報のこと", "name: {}"),
        (ALFA, "label: アルファ求人を退会", "label: {}"),
        (ASK, "title: 問い合わせの文面", "title: {}"),
        ("reasons.yaml", "resting: しばらく休みたい", "resting: {}"),
        ("phrases.yaml", "\nback: 戻る", "\nback: {}"),
        ("phrases.yaml", "copy_letter: 文面をコピー", "copy_letter: {}"),
        ("phrases.yaml", "topic_unknown: 分かっていないこと", "topic_unknown: {}"),
        (TEXTS, "confirm: 数日以内にある", "confirm: {}"),
        (TEXTS, "pick: この方法にする", "pick: {}"),
    ],
)
def test_a_label_longer_than_a_button_is_told(
    spoken_folder: Folder, file: str, old: str, new: str
) -> None:
    """Twenty graphemes are the most LINE shows on a button; an emoji of several parts is one."""
    family = "👨\u200d👩\u200d👧\u200d👦"
    line = spoken_folder.swap(file, old, new.format("長" * 20 + family))
    line += old.startswith("\n")
    label = "長" * 20 + family

    first, *more = said(spoken_folder)

    assert first.startswith(f"{file}:{line}: ボタンの言葉が長すぎます（「{label}」は 21 文字）")
    assert first.endswith("） → 20 文字までにしてください")
    assert more == []
    spoken_folder.swap(file, label, "長" * 19 + family)
    assert said(spoken_folder) == []


def test_a_label_made_of_a_name_is_measured_whole(spoken_folder: Folder) -> None:
    """「…を変える」 has to fit with the name of every state in it."""
    line = spoken_folder.swap(TEXTS, "  name: 選考の確認", "  name: " + "長" * 17)

    (only,) = said(spoken_folder)

    assert only.startswith(
        f"{TEXTS}:{line}: ボタンの言葉が長すぎます（「{'長' * 17}を変える」は 21 文字）"
    )


def test_a_message_too_long_for_line_is_told_where_it_is_written(spoken_folder: Folder) -> None:
    """A bubble of text takes 5,000 UTF-16 units: the longest fact in it is the one to cut."""
    line = spoken_folder.swap(ALFA, "古い記事をもとにしています。", "古" * 5000)

    (only,) = said(spoken_folder)

    assert only.startswith(f"{ALFA}:{line}: メッセージ notice がLINEの決まりに合いません")
    assert "of at most 5,000 UTF-16 units" in only
    assert only.endswith(" → 文を短くするか、項目を減らしてください")


def test_a_panel_too_big_for_line_is_told_where_it_is_written(spoken_folder: Folder) -> None:
    """A panel takes 30 KB: the longest step in it is the one to cut."""
    line = spoken_folder.swap(ALFA, "文面を書きます。", "文" * 11_000)

    (only,) = said(spoken_folder)

    assert only.startswith(f"{ALFA}:{line}: メッセージ steps がLINEの決まりに合いません")
    assert "of at most 30,000 bytes" in only


@pytest.mark.parametrize(
    ("file", "old", "message"),
    [
        (ALFA, "文面を書きます。", "steps"),
        (ALFA, "古い記事をもとにしています。", "notice"),
        (ASK, "一度だけ送ります。", "letter_head:alfa-ask"),
    ],
)
def test_a_hole_nothing_fills_is_told_where_it_is_written(
    spoken_folder: Folder, file: str, old: str, message: str
) -> None:
    """Only letters and the bot's own sentences have holes; elsewhere people would see them."""
    line = spoken_folder.swap(file, old, '"{when}です。"')

    assert said(spoken_folder) == [
        f"{file}:{line}: メッセージ {message} に {{when}} が残っています"
        " → つづりを直すか、{ } を消してください"
    ]


def test_a_state_without_words_and_words_without_a_state_are_told(spoken_folder: Folder) -> None:
    """A renamed state is missing under the old name and unknown under the new one."""
    line = spoken_folder.swap(TEXTS, "\nstaying:\n", "\nremaining:\n") + 1

    assert said(spoken_folder) == [
        f"{TEXTS}:0: 状態 staying の言葉がありません"
        " → staying: の見出しで name・say・again を書いてください",
        f"{TEXTS}:{line}: 状態 remaining はもうありません → 見出しごと消してください",
    ]


def test_a_button_without_a_way_and_a_way_without_a_button_are_told(
    spoken_folder: Folder,
) -> None:
    """A misspelt trigger would be a button that never works and a way nobody can take."""
    line = spoken_folder.swap(TEXTS, "    settle: これ", "    setle: これ")

    assert said(spoken_folder) == [
        f"{TEXTS}:{line - 1}: settle で進むためのボタンの言葉がありません"
        " → buttons に settle: を書き足してください",
        f"{TEXTS}:{line}: ボタン setle を押しても進む先がありません"
        " → flows/withdrawal.py の表にある名前に直すか、消してください",
    ]


@pytest.mark.parametrize("name", [field.name for field in fields(Phrases)])
def test_a_missing_sentence_of_the_engine_is_told(spoken_folder: Folder, name: str) -> None:
    """Without it the server would not start; nothing is filled into it, so no hole may be left."""
    spoken_folder.swap("phrases.yaml", f"\n{name}:", f"\n{name}_gone:")
    missing = f"phrases.yaml:2: 「{name}」の言葉がありません → {name}: を書き足してください"
    assert missing in said(spoken_folder)

    spoken_folder.swap("phrases.yaml", f"\n{name}_gone:", f"\n{name}: '{{service}}です'\n{name}_2:")
    left_open = "{service} に入るものがありません → { } を消してください"
    assert [problem.endswith(left_open) for problem in said(spoken_folder)].count(True) == 1


def test_files_words_labels_are_told_in_one_run(spoken_folder: Folder) -> None:
    """A fault in a file hides neither a state that is gone nor a label that is too long."""
    title = "title: " + "長" * 21
    expected = [
        (ASK, spoken_folder.swap(ASK, "title: 問い合わせの文面", title)),
        ("phrases.yaml", spoken_folder.add("phrases.yaml", "back: もどる\n")),
        (ALFA, spoken_folder.swap(ALFA, "[lose_all]", "[lose_all, lose_more]")),
        (TEXTS, spoken_folder.add(TEXTS, "waiting: {name: 待つ, say: 待つ。, again: 待つ。}\n")),
    ]

    assert [(problem.file, problem.line) for problem in problems(spoken_folder.path)] == expected


def test_one_file_is_told_its_own_faults_only(spoken_folder: Folder) -> None:
    """Whoever edits one file is shown that file, checked against all the others."""
    lines = [
        spoken_folder.swap(ALFA, "verified_on: null", "verified_on: 先月"),
        spoken_folder.swap(ALFA, "name: メールで頼む", "name: " + "長" * 21),
        spoken_folder.swap(ALFA, "text: 控えを残します。", "text: 即日、控えを残します。"),
    ]
    other = spoken_folder.swap(ASK, "channel: form", "channel: fax")

    found = problems(spoken_folder.path / ALFA)

    assert sorted((problem.file, problem.line) for problem in found) == sorted(
        (ALFA, line) for line in lines
    )
    assert [str(problem) for problem in problems(spoken_folder.path / ASK)] == [
        f"{ASK}:{other}: 「fax」が channels.yaml にありません → つづりを直してください"
    ]
    assert problems(spoken_folder.path / "phrases.yaml") == []
    assert [line.split(":")[0] for line in problem_lines(spoken_folder.path / ASK)] == [
        f"{spoken_folder.path}/{ASK}"
    ]


def test_a_message_too_long_is_told_of_the_one_file(spoken_folder: Folder) -> None:
    """A fault that only the walk shows is told of the file that has to be mended."""
    line = spoken_folder.swap(ALFA, "古い記事をもとにしています。", "古" * 5000)

    assert [problem.line for problem in problems(spoken_folder.path / ALFA)] == [line]
    assert problems(spoken_folder.path / ASK) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("services/charlie.yaml", "ファイルもフォルダーもありません → つづりを確かめてください"),
        (
            "notes.md",
            "content として読まれるファイルではありません"
            " → services・letters・texts の中か、その隣の .yaml ファイルを指してください",
        ),
    ],
)
def test_a_path_that_is_no_content_is_told(spoken_folder: Folder, name: str, says: str) -> None:
    """A slip in the path must not look like content without a fault."""
    spoken_folder.write("notes.md", "x")

    assert [str(it) for it in problems(spoken_folder.path / name)] == [f"{name}:0: {says}"]


def test_a_relative_path_is_understood(
    spoken_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is started from anywhere; what it prints can be opened from there."""
    spoken_folder.swap(ASK, "channel: form", "channel: fax")

    monkeypatch.chdir(spoken_folder.path.parent)
    assert [it.split(":")[0] for it in problem_lines(Path("content"))] == [f"content/{ASK}"]

    monkeypatch.chdir("content/letters")
    file = f"{spoken_folder.path}/{ASK}"
    assert [it.split(":")[0] for it in problem_lines(Path("alfa-ask.yaml"))] == [file]


@pytest.mark.parametrize(
    ("file", "old", "day"),
    [
        (ALFA, "verified_on: null", "2999-01-01"),
        (ALFA, "as_of: 2025-04", "2099-12"),
        ("desks.yaml", "verified_on: null", "2999-01-01"),
        ("law.yaml", "verified_on: null", "2999-01-01"),
    ],
)
def test_a_day_that_has_not_come_is_told(
    spoken_folder: Folder, file: str, old: str, day: str
) -> None:
    """A slip of the year would keep a datum off the list of what to look at for ever."""
    line = spoken_folder.swap(file, old, f"{old.split(':')[0]}: {day}")

    assert said(spoken_folder) == [
        f"{file}:{line}: {day} はまだ来ていません → 確かめた日や、書かれた月に直してください"
    ]


def test_what_a_person_confirmed_is_not_stale_for_half_a_year(spoken_folder: Folder) -> None:
    """The list of what to look at again holds the day on which a datum was looked at."""
    line = spoken_folder.swap(ALFA, "verified_on: null", "verified_on: 2026-06-01") - 5

    def listed(day: int) -> list[str]:
        today = NOON.date().replace(month=11, day=day)
        return [it for it in stale_lines(spoken_folder.path, today) if "leave@alfa" in it]

    assert listed(28) == []  # the 180th day
    assert [it.split("alfa.yaml:")[1] for it in listed(29)] == [
        f"{line}: アルファ求人 の 退会の窓口 leave@alfa.example（2026-06-01 に確認）"
    ]
