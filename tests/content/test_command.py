"""`taikai check` as people run it: a program with lines, an exit code and a list of stale data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from content.catalog import load
from flows.coverage import every_fact
from tests.content.folder import Folder, shipped

TAIKAI = Path(sys.executable).with_name("taikai")
ALFA = "services/alfa.yaml"


def taikai(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `taikai check` with *arguments* and wait for it."""
    return subprocess.run(
        [TAIKAI, "check", *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture
def real(tmp_path: Path) -> Folder:
    """A copy of the content shipped with the bot, to be spoiled."""
    return shipped(tmp_path / "real")


def test_content_without_a_fault_exits_0() -> None:
    """The content shipped with the bot, without any argument."""
    done = taikai()

    assert (done.returncode, done.stdout, done.stderr) == (0, "誤りはありません。\n", "")


def test_every_fault_is_a_line_and_the_exit_is_1(real: Folder) -> None:
    """Two faults in two files: both lines with their places, and how many they are."""
    mail = real.swap("services/yakukyari.yaml", "value: taikai@m3.com", "value: taikai＠m3.com")
    title = real.swap("letters/other-pause.yaml", "title: ", "titel: ")

    done = taikai(real.path)

    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert done.stderr == f"{len(lines)} 件の誤りがあります。\n"
    assert (
        f"{real.path}/services/yakukyari.yaml:{mail}: taikai＠m3.com は mail の形ではありません"
        " → 半角で name@example.jp の形に書いてください"
    ) in lines
    assert (
        f"{real.path}/letters/other-pause.yaml:{title}: 「titel」という項目はありません"
        " → つづりを直すか、消してください"
    ) in lines
    assert {line.removeprefix(f"{real.path}/").split(":")[0] for line in lines} == {
        "services/yakukyari.yaml",
        "letters/other-pause.yaml",
    }


def test_several_folders_are_checked_in_one_run(spoken_folder: Folder, tmp_path: Path) -> None:
    """Each line names the folder it is about."""
    line = spoken_folder.swap(ALFA, "verified_on: null", "verified_on: 先月")
    (tmp_path / "empty").mkdir()

    done = taikai(spoken_folder.path, tmp_path / "empty")

    said = f"{line}: 「verified_on」の形が違います → 2026-11-22 の形か null で書いてください"
    assert done.returncode == 1
    assert f"{spoken_folder.path}/{ALFA}:{said}" in done.stdout.splitlines()
    assert f"{tmp_path}/empty/words.yaml:0: " in done.stdout


def test_one_file_is_checked_alone(real: Folder) -> None:
    """Faults of other files are not shown to whoever asks about one."""
    file = "letters/other-pause.yaml"
    title = real.swap(file, "title: ", "titel: ")
    real.swap("services/careertrek.yaml", "status: ", "state: ")

    done = taikai(real.path / file)

    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            f"{real.path}/{file}:{title}: 「titel」という項目はありません"
            " → つづりを直すか、消してください",
            f"{real.path}/{file}:{title}: 「title」がありません → 「title」を書き足してください",
        ],
    )
    clean = taikai(real.path / "services/yakukyari.yaml")
    assert (clean.returncode, clean.stdout) == (0, "誤りはありません。\n")


def test_facts_lists_each_fact_with_a_way_to_it(spoken_folder: Folder) -> None:
    """Whoever wrote a fact sees where people will meet it."""
    done = taikai(spoken_folder.path, "--facts")

    ways = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert list(ways) == every_fact(load(spoken_folder.path))
    assert ways["alfa.old"] == "choose alfa"
    assert ways["alfa.pro_is"] == "ask_back alfa/pro"
    assert ways["alfa.points_go"] == "choose alfa > deny > confirm"


def test_stale_lists_everything_a_person_should_confirm() -> None:
    """Every contact, every service, every public desk and every article of the law."""
    done = taikai("--stale")

    about = [line.split(": ", 1)[1] for line in done.stdout.splitlines()]
    contacts = {
        "アポプラス薬剤師 の 退会の連絡と相談 0120-332-290（記事は2025-09、公式では未確認）",
        "ハタラクティブ の 退会の連絡 0120-979-185（記事は日付不明、公式では未確認）",
        "ハタラクティブ の 担当者の交代だけ ht-oubo@leverages.jp（記事は日付不明、公式では未確認）",
        "薬キャリ の 退会の連絡先 taikai@m3.com（記事は日付不明、公式では未確認）",
    }
    assert done.returncode == 0
    assert contacts <= set(about)
    assert sum(" の事実 " in line for line in about) == 6
    assert sum("キャリトレ の事実 " in line and "記事は2020-12" in line for line in about) == 1
    desks = ("0120-279-338", "0570-064-556", "03-6457-9849", "第35条第5項")
    assert all(sum(desk in line for line in about) == 1 for desk in desks)
    assert len(about) == len(contacts) + 6 + len(desks)


def test_help_shows_an_example() -> None:
    """Whoever asks how to use it is shown."""
    done = taikai("--help")

    assert done.returncode == 0
    assert "例: taikai check" in done.stdout
