"""`flows.check`: what a writer can break, named with file and line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import flows
from content.catalog import Catalog, load
from flows.check import problems
from flows.sentences import AS_WRITTEN, LINES, PHRASES
from flows.withdrawal import TABLE
from tests.flows.catalogs import write_invented

TEXTS = "texts/withdrawal.yaml"
PHRASES_FILE = "phrases.yaml"
PHRASED = ("phrase", "saying")
"""The functions that ask for a phrase by its name."""


@dataclass(frozen=True)
class Spoilt:
    """One mistake: the line at `place` becomes `by` (… stands for the line itself)."""

    file: str
    place: str
    by: str
    found_at: str
    words: str


SPOILT = {
    "words for a question that there is not": Spoilt(
        "words.yaml", "checking_selection:", "checking_selction: {deny: [なし]}\n…",
        "checking_selction:", "質問 checking_selction はありません",
    ),
    "words for a button that there is not": Spoilt(
        "words.yaml", "checking_selection:|  deny:", "  denny: [なし]\n…",
        "checking_selection:|  denny:", "ボタン denny はありません",
    ),
    "a text for a state that is gone": Spoilt(
        TEXTS, "staying:", "dreaming: {name: 夢, say: 夢です。, again: 夢？}\n…", "dreaming:",
        "もうありません",
    ),
    "a button that leads nowhere": Spoilt(
        TEXTS, "checking_reward:|    confirm:", "…\n    fly: 飛ぶ",
        "checking_reward:|    fly:", "進む先がありません",
    ),
    "a button that belongs to another state": Spoilt(
        TEXTS, "checking_selection:|    doubt:", "…\n    agree: 消す",
        "checking_selection:|    agree:", "進む先がありません",
    ),
    "a way without a button": Spoilt(
        TEXTS, "stopping_for_reward:|    receive:", "", "stopping_for_reward:|  buttons:",
        "receive で進むためのボタンの言葉がありません",
    ),
    "an unknown hole in a question": Spoilt(
        TEXTS, "choosing_service:|  again:", '  again: "{rewards}"', "choosing_service:|  again:",
        "{rewards} に入るものがありません",
    ),
    "a brace that is not closed": Spoilt(
        TEXTS, "choosing_service:|  again:", '  again: "{service"', "choosing_service:|  again:",
        "揃っていません",
    ),
    "a hole in a button": Spoilt(
        TEXTS, "following_steps:|    finish:", '    finish: "{service}を完了"',
        "following_steps:|    finish:", "{service} に入るものがありません",
    ),
    "a hole of another line": Spoilt(
        TEXTS, "choosing_method:|    pick:", '    pick: "{fields}にする"',
        "choosing_method:|    pick:", "{fields} に入るものがありません",
    ),
    "a line that is missing": Spoilt(
        TEXTS, "following_steps:|    warning:", "", "following_steps:|  lines:",
        "「warning」の一文がありません",
    ),
    "a line that nobody says": Spoilt(
        TEXTS, "following_steps:|    warning:", '…\n    farewell: さようなら',
        "following_steps:|    farewell:", "「farewell」の一文はどこでも言いません",
    ),
    "a phrase that nobody says": Spoilt(
        PHRASES_FILE, "undone:", "farewell: さようなら\n…", "farewell:",
        "「farewell」の言葉はどこでも言いません",
    ),
    "a phrase that is missing": Spoilt(
        PHRASES_FILE, "undone:", "", "greeting:", "「undone」の言葉がありません",
    ),
    "an unknown hole in a phrase": Spoilt(
        PHRASES_FILE, "fresh_dated:", 'fresh_dated: "{day}"', "fresh_dated:",
        "{day} に入るものがありません",
    ),
    "a hole in a phrase that is said as written": Spoilt(
        PHRASES_FILE, "call:", 'call: "{service}に電話"', "call:",
        "{service} に入るものがありません",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder to spoil, one file at a time."""
    return write_invented(tmp_path_factory.mktemp("spoilt"))


def test_the_shipped_content_has_no_problem() -> None:
    """What is shipped passes its own check."""
    assert problems(load()) == []


def line_of(lines: list[str], place: str) -> int:
    """The index of the line that begins like the last part of *place*, behind the others."""
    at = 0
    for beginning in place.split("|"):
        at = next(n for n in range(at, len(lines)) if lines[n].startswith(beginning))
    return at


@pytest.mark.parametrize("wrong", SPOILT)
def test_each_mistake_is_one_problem_at_its_place(folder: Path, wrong: str) -> None:
    """One mistake, one problem, with the file and the line where it is mended."""
    spoilt = SPOILT[wrong]
    path = folder / spoilt.file
    text = path.read_text("utf-8")
    lines = text.splitlines()
    at = line_of(lines, spoilt.place)
    lines[at : at + 1] = spoilt.by.replace("…", lines[at]).splitlines()
    path.write_text("\n".join(lines), "utf-8")
    try:
        [problem] = problems(load(folder))
    finally:
        path.write_text(text, "utf-8")

    assert (problem.file, problem.line) == (spoilt.file, line_of(lines, spoilt.found_at) + 1)
    assert spoilt.words in problem.what
    assert problem.mend


def test_a_state_without_words_is_a_problem(invented: Catalog) -> None:
    """Nobody could speak there; the message names the state and the file to write in."""
    texts = {state: text for state, text in invented.texts.items() if state != "staying"}
    documents = {**invented.documents}
    whole = documents[TEXTS]
    assert isinstance(whole.data, dict)
    data = {state: text for state, text in whole.data.items() if state != "staying"}
    documents[TEXTS] = replace(whole, data=data)
    [problem] = problems(replace(invented, texts=texts, documents=documents))

    assert (problem.file, problem.line) == (TEXTS, 0)
    assert "staying" in problem.what


# --- the list of sentences and the code ---------------------------------------------------------


def calls() -> Iterator[tuple[str, list[object], set[str]]]:
    """Every call of `phrase` and `line` in the flow: its name, fixed arguments, what it fills."""
    for path in Path(flows.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                args: list[object] = [
                    arg.value for arg in node.args if isinstance(arg, ast.Constant)
                ]
                yield node.func.id, args, {str(word.arg) for word in node.keywords}


def read_as_written() -> set[str]:
    """Every `…phrases["name"]` in the flow."""
    return {
        node.slice.value
        for path in Path(flows.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "phrases"
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }


def test_the_list_of_sentences_is_what_the_code_asks_for() -> None:
    """No sentence is asked for that the check does not look for, with just the holes it fills."""
    phrases = [(args[0], words) for name, args, words in calls() if name in PHRASED and args]
    lines = [(tuple(args), words) for name, args, words in calls() if name == "line" and args]

    assert len(phrases) > 20
    for key, words in phrases:
        assert PHRASES[str(key)].split() == sorted(words, key=PHRASES[str(key)].split().index)
    assert len(lines) > 20
    for found, words in lines:
        if len(found) == 2:  # one whose key is chosen at run time names the state alone
            own = LINES[str(found[0]), str(found[1])].split()
            assert words - {"service", "state"} == set(own)
    assert read_as_written() <= set(AS_WRITTEN)
    assert {state for state, _ in LINES} <= set(TABLE.states)
