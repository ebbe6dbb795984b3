"""``--update`` writes the ids that came, and nothing else of the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tests.conftest
import tests.talks.conftest
from bot.simulator.talk.schema import schema
from bot.simulator.talk.update import CannotUpdateError, with_ids
from content.reader import read

pytest_plugins = ("pytester",)

TALKS = Path(tests.talks.conftest.__file__).parent

TALK = """\
# 一行目の注釈
talk: 例 # 題の注釈
steps:
  - follow:
  - {bot: welcome, state: "x"} # 一つめ
  - say: やあ
  - bot: [heard, "letter:a"]   # 二つめ
    says: [やあ]
  - say: もう一度
  - state: choosing_service
    bot:
      - heard # 三つめ
      - panel
"""


def test_one_id_takes_the_place_of_another() -> None:
    """Comments, quotes and spaces around it stay."""
    assert with_ids(TALK, 1, ["hello"]) == TALK.replace("bot: welcome", "bot: hello")


def test_a_list_takes_the_place_of_one_and_the_other_way_round() -> None:
    """Ids YAML could take for something else get quotes; no message at all is ``nothing``."""
    assert with_ids(TALK, 1, ["hello", "letter:b"]) == TALK.replace(
        "bot: welcome", 'bot: [hello, "letter:b"]'
    )
    assert with_ids(TALK, 3, ["heard"]) == TALK.replace('[heard, "letter:a"]', "heard")
    assert with_ids(TALK, 3, []) == TALK.replace('[heard, "letter:a"]', "nothing")


def test_a_list_with_one_id_a_line_stays_one() -> None:
    """As many ids: each in its line, comments and all. More: the list grows."""
    assert with_ids(TALK, 5, ["told", "panel"]) == TALK.replace("- heard #", "- told #")
    assert with_ids(TALK, 5, ["a", "b", "c"]).endswith("      - a\n      - b\n      - c\n")


@pytest.mark.parametrize("ids", [["（idのないimage）"], [""]])
def test_what_has_no_id_cannot_be_written(ids: list[str]) -> None:
    """Somebody has to look at it."""
    with pytest.raises(CannotUpdateError, match="id"):
        with_ids(TALK, 1, ids)


@pytest.mark.parametrize("written", ["${id}", "[a, '${id}']", "\n      - ${id}"])
def test_ids_that_differ_by_value_are_left_to_people(written: str) -> None:
    """``each:`` fills them in."""
    with pytest.raises(CannotUpdateError, match="each"):
        with_ids(f"talk: t\nsteps:\n  - follow:\n  - bot: {written}\n", 1, ["b"])


GOOD = "talk: よい例\nsteps:\n  - follow:\n  - bot: [greeting, choosing_service] # 二つ\n"
"""What the real bot says to somebody new."""


def held(pytester: pytest.Pytester, *options: str) -> dict[str, str]:
    """What became of each talk: "" where it passed, else what is shown."""
    result = pytester.inline_run(
        *("-p", "no:randomly", "-W", "error", *options),
        plugins=[tests.conftest, tests.talks.conftest],
    )
    passed, _, failed = result.listoutcomes()
    return {report.nodeid.split("::")[0]: "" for report in passed} | {
        report.nodeid.split("::")[0]: str(report.longrepr) for report in failed
    }


def test_failing_ids_are_written_and_the_talk_then_holds(pytester: pytest.Pytester) -> None:
    """All of them in one run; the same file passes afterwards without the option."""
    more = "  - say: 薬キャリ\n  - bot: welcome\n"
    path = pytester.makefile(
        ".yaml", wrong=GOOD.replace("[greeting, choosing_service]", "nothing") + more
    )

    assert held(pytester, "--update") == {"wrong.yaml": ""}
    mended = GOOD + more.replace("welcome", "[notice, checking_selection]")
    assert path.read_text("utf-8") == mended.rstrip("\n")
    assert held(pytester) == {"wrong.yaml": ""}


def test_no_other_failure_is_written_away(pytester: pytest.Pytester) -> None:
    """A wrong state, a missing button, an answer nobody looked at: the file stays as it is."""
    wrong = {
        "state": GOOD.replace(" # 二つ", "\n    state: finishing"),
        "button": GOOD + "  - tap: どこにもない\n",
        "open": GOOD + "  - say: 薬キャリ\n",
    }
    pytester.makefile(".yaml", **wrong)

    told = held(pytester, "--update")

    assert "状態は choosing_service です" in told["state.yaml"]
    assert "「どこにもない」というボタンはありません" in told["button.yaml"]
    assert "確かめていません" in told["open.yaml"]
    for name, text in wrong.items():
        assert (pytester.path / f"{name}.yaml").read_text("utf-8") == text.rstrip("\n")


def test_one_line_is_not_written_twice(pytester: pytest.Pytester) -> None:
    """Two values of ``each:`` that are answered otherwise: a line cannot be right for both."""
    text = (
        "talk: 例\neach: {words: [薬キャリ, こんにちは]}\nsteps:\n"
        "  - say: '${words}'\n  - bot: nothing\n"
    )
    path = pytester.makefile(".yaml", both=text)

    result = pytester.inline_run(
        *("-p", "no:randomly", "-W", "error", "--update"),
        plugins=[tests.conftest, tests.talks.conftest],
    )

    passed, _, failed = result.listoutcomes()
    assert (len(passed), len(failed)) == (1, 1)
    assert (
        path.read_text("utf-8").splitlines()[-1].endswith("[greeting, notice, checking_selection]")
    )


def test_pytest_knows_the_option_wherever_it_is_called() -> None:
    """Without a path too: then it reads the options of the tests' own conftest and no other."""
    root = TALKS.parents[1]
    for path in ((), ("tests/talks",), ("tests/talks/line/group.talk.yaml",)):
        asked = subprocess.run(
            [sys.executable, "-m", "pytest", "--update", "--help", *path],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (asked.returncode, asked.stderr) == (0, "")
        assert asked.stdout.count("--update ") == 1


# --- what an editor knows of the form ------------------------------------------------------------


def test_the_schema_beside_the_talks_is_that_of_the_models() -> None:
    """Made anew with: python -m bot.simulator.talk.schema > tests/talks/talk.schema.json"""
    assert json.loads((TALKS / "talk.schema.json").read_text("utf-8")) == schema()


def test_the_schema_explains_every_key_in_japanese() -> None:
    """An editor shows it where the key is written."""
    made = schema()
    kinds = [made, *made["$defs"].values()]
    for kind in kinds:
        for key, about in kind.get("properties", {}).items():
            assert any("ぁ" <= letter <= "龠" for letter in about["description"]), key


def test_every_key_of_every_talk_is_one_the_schema_has() -> None:
    """No talk that holds is marked as wrong in an editor for a key."""
    made = schema()
    known = made["$defs"]["Step"]["properties"].keys()
    paths = sorted(TALKS.rglob("*.yaml"))
    assert len(paths) > 20
    for path in paths:
        data = read(path, TALKS, []).data
        assert isinstance(data, dict)
        assert data.keys() <= made["properties"].keys(), path
        for step in data["steps"]:
            assert step.keys() <= known, path
            assert sum({"required": [key]} in made["$defs"]["Step"]["oneOf"] for key in step) == 1
