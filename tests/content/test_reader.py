"""The strict reader: what is written is what is read, and every fault has its line and its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.events import QUICK
from content.problems import Problem
from content.reader import Data, read

TAB = "タブが使われています → タブを空白に置きかえてください"
ALIAS = "別名（& や *）は使えません → 同じ内容をもう一度書いてください"
COLON = "「: 」の位置が読めません → 字下げを揃え、値の中に「: 」があれば値を引用符で囲んでください"
SIGN = "引用符なしでは使えない記号で始まっています → 値を引用符で囲んでください"
QUOTE = "引用符が閉じていません → 閉じる引用符を書き足してください"
NAME = "項目の名前が文字ではありません → 「名前: 値」の形で書いてください"
TWICE = "「b」が二度書かれています（一度目は 2 行目） → どちらかを消してください"
HOUR = '引用符のない 10:30 は別の値に化けることがあります → "10:30" と引用符で囲んでください'
BRACKET = "かっこが閉じていないか、「,」がありません → 閉じるかっこや「,」を書き足してください"


def reading(path: Path, text: str | bytes) -> tuple[Data, list[str]]:
    """What the reader makes of *text*: the data, and what it complains about; libyaml or not."""
    file = path / "f.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    results = []
    for quick in (QUICK, False):
        problems: list[Problem] = []
        document = read(file, path, problems, quick=quick)
        results.append((document.data, [str(problem) for problem in problems]))
    assert results[0] == results[1]
    return results[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a: 1\nb:\n\tc: 2\n", [f"f.yaml:3: {TAB}"], id="a tab before a key"),
        pytest.param("a: 1\nb:\t2\n", [f"f.yaml:2: {TAB}"], id="a tab before a value"),
        pytest.param("a: 1\nb: 「はい」: 押す\n", [f"f.yaml:2: {COLON}"], id="two colons"),
        pytest.param("a: 1\n  b: 2\n", [f"f.yaml:2: {COLON}"], id="a wrong indent"),
        pytest.param("a: 1\n\nb: @x\n", [f"f.yaml:3: {SIGN}"], id="an at sign"),
        pytest.param("a: 1\nb: `x`\n", [f"f.yaml:2: {SIGN}"], id="a backtick"),
        pytest.param("a: 1\nb: 'x\nc: 2\nd: 3\n", [f"f.yaml:2: {QUOTE}"], id="an open quote"),
        pytest.param("a: 1\nb: [x, y\nc: 2\n", [f"f.yaml:2: {BRACKET}"], id="an open bracket"),
        pytest.param("a: 1\nb: {x: y\nc: 2\n", [f"f.yaml:2: {BRACKET}"], id="an open brace"),
        pytest.param(
            "a: 1\nb: *x\n",
            ["f.yaml:2: 別名（& や *）は使えません → * で始まる値は引用符で囲み、"
             "別名は同じ内容をもう一度書いてください"],
            id="an alias of nothing",
        ),
        pytest.param("a: 1\nb: &x 2\nc: *x\n", [f"f.yaml:2: {ALIAS}"], id="an anchor"),
        pytest.param("a:\n  - &x [*x]\n", [f"f.yaml:2: {ALIAS}"], id="an anchor in itself"),
        pytest.param(
            "a: 1\nb: !include x\n",
            ["f.yaml:2: 型の印（!include）は使えません → 印を消してください"],
            id="a tag",
        ),
        pytest.param("a: 1\n&x b: 2\n", [f"f.yaml:2: {ALIAS}"], id="an anchor at a key"),
        pytest.param("a:\n  - &x 1\n*x : 2\n", [f"f.yaml:2: {ALIAS}", f"f.yaml:3: {NAME}"],
                     id="an alias for a key"),
        pytest.param("a: &x 1\nb: 2\nb: *x\n", [f"f.yaml:1: {ALIAS}", f"f.yaml:3: {TWICE}"],
                     id="an alias at a key written twice"),
        pytest.param(
            "a: 1\n!t b: 2\n",
            ["f.yaml:2: 型の印（!t）は使えません → 印を消してください"],
            id="a tag at a key",
        ),
        pytest.param(
            "a: 1\n---\nb: 2\n",
            ["f.yaml:2: 区切り（---）があります → 一つのファイルに一つだけ書いてください"],
            id="two documents",
        ),
        pytest.param(
            "a: 1\nb: x\x07\n",
            ["f.yaml:2: 使えない文字（U+0007）があります → その文字を消してください"],
            id="a control character",
        ),
        pytest.param(
            "a: 1\n? [b, c]\n: 2\n",
            [f"f.yaml:2: {NAME}"],
            id="a key that is no word",
        ),
        pytest.param(
            "a: 1\n? {b: c}\n: {d: no}\ne: 10:30\n",
            [f"f.yaml:2: {NAME}", f"f.yaml:4: {HOUR}"],
            id="a fault behind a key that is no word",
        ),
        pytest.param(
            'a: 1\nb: "\\ud83d"\n',
            ["f.yaml:2: 使えない文字（U+D83D）があります → その文字を消してください"],
            id="half a character, escaped",
        ),
        pytest.param(
            'a: 1\nb:\n  - x\n  - "\\U00110000"\n',
            ["f.yaml:4: 使えない文字（\\U00110000）があります → その文字を消してください"],
            id="a number that is no character",
        ),
        pytest.param(
            "a: 1\nb: 2\n\na: 3\n",
            ["f.yaml:4: 「a」が二度書かれています（一度目は 1 行目） → どちらかを消してください"],
            id="a key written twice",
        ),
        pytest.param(
            "a: 1\nb: {c: 1, c: 2}\n",
            ["f.yaml:2: 「c」が二度書かれています（一度目は 2 行目） → どちらかを消してください"],
            id="a key written twice on a line",
        ),
        pytest.param(
            b"a: 1\nb: 2\nc: " + "日本".encode("cp932") + b"\n",
            ["f.yaml:3: UTF-8 の文字ではありません → UTF-8 で保存し直してください"],
            id="Shift_JIS",
        ),
        pytest.param(
            "a: [1\nb: 2]\nb: %x\n",
            [f"f.yaml:1: {BRACKET}"],
            id="two faults of which only the first can be read",
        ),
    ],
)  # fmt: skip
def test_what_is_no_clean_yaml_is_told_with_its_line(
    tmp_path: Path, text: str | bytes, said: list[str]
) -> None:
    """Each fault of the file itself names the line where it is to be mended, and how."""
    assert reading(tmp_path, text)[1] == said


@pytest.mark.parametrize(
    "value",
    ["no", "Yes", "ON", "y", "10:30", "1:2:3", "0312345678", "012", "1.0", ".5", "1.", "-1.5",
     "1_000", "1e3", "1.5e-3", "0x1F", "0o17", "0b11", ".inf", ".NaN"],
)  # fmt: skip
def test_what_other_tools_would_change_has_to_be_quoted(tmp_path: Path, value: str) -> None:
    """A value that is a boolean, an hour or a number to some tools is read as written, and told."""
    said = f"引用符のない {value} は別の値に化けることがあります"
    mend = f'"{value}" と引用符で囲んでください'

    assert reading(tmp_path, f"a: x\nb: {value}\n") == (
        {"a": "x", "b": value},
        [f"f.yaml:2: {said} → {mend}"],
    )
    assert reading(tmp_path, f'a: x\nb: "{value}"\n') == ({"a": "x", "b": value}, [])
    assert reading(tmp_path, f"a: x\nb: [{value}]\n")[1] == [f"f.yaml:2: {said} → {mend}"]


@pytest.mark.parametrize(
    ("value", "read_as"),
    [("true", "true"), ("3", "3"), ("2026-11-22", "2026-11-22"), ("2025-09", "2025-09"),
     ("null", None), ("~", None), ("", None), ("20-23", "20-23"), ("'null'", "null"),
     ("【重要】", "【重要】"), ("「no」", "「no」")],
)  # fmt: skip
def test_what_everybody_reads_alike_needs_no_quotes(
    tmp_path: Path, value: str, read_as: str | None
) -> None:
    """Dates, whole numbers and ordinary words are taken as they stand; only null is nothing."""
    assert reading(tmp_path, f"a: {value}\n") == ({"a": read_as}, [])


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """Whoever mends a file has to save it once, not once for each fault."""
    text = "a: no\nb: &x 1\na: 2\nc: [y, 1.0]\nd: !t z\n"

    lines = [said.split(" ")[0] for said in reading(tmp_path, text)[1]]

    assert lines == ["f.yaml:1:", "f.yaml:2:", "f.yaml:3:", "f.yaml:4:", "f.yaml:4:", "f.yaml:5:"]


@pytest.mark.parametrize("text", [b"", b"# nothing but a comment\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_data(tmp_path: Path, text: bytes) -> None:
    """Nothing written is nothing read; whether that is a fault, the catalog decides."""
    assert reading(tmp_path, text) == (None, [])


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    """A byte order mark and \\r\\n are no fault of the person who wrote the file."""
    assert reading(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: no\r\n") == (
        {"a": "1", "b": "no"},
        [
            "f.yaml:2: 引用符のない no は別の値に化けることがあります"
            ' → "no" と引用符で囲んでください'
        ],
    )


def test_a_place_inside_a_file_has_its_line(tmp_path: Path) -> None:
    """A part is found on its own line; what is left out, on the line of what should hold it."""
    (tmp_path / "f.yaml").write_text("a: 1\nb:\n  c:\n    - x\n    - {d: y,\n       e: z}\n")
    document = read(tmp_path / "f.yaml", tmp_path, [])
    places = [("a",), ("b",), ("b", "c", 0), ("b", "c", 1, "e"), ("b", "c", 1, "f"), ("g",), ()]

    assert [document.line(place) for place in places] == [1, 2, 4, 6, 5, 1, 1]
