"""The shape of the project: who may import whom, what the flow may not know, what has a word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.catalog import load
from dev import ROOT
from flows.check import BEYOND_THE_TABLE
from flows.diagram import mermaid
from flows.withdrawal import TABLE

LAYERS = ("content", "flows", "bot")
"""From the inside out: a layer imports itself and those before it."""

WORLD = {
    "os", "sys", "io", "pathlib", "random", "secrets", "uuid", "time", "asyncio", "threading",
    "subprocess", "socket", "sqlite3", "urllib", "http", "aiohttp", "fastapi", "uvicorn",
    "linebot", "structlog", "bot",
}  # fmt: skip
"""What the flow may not know: clock, dice, disk, network, LINE."""

CLOCKS = {"now", "today", "utcnow"}
LONGEST = 300
"""Lines of a file; beyond, it asks to be two."""

START, END = "<!-- flow:start -->", "<!-- flow:end -->"


def sources(*folders: str) -> list[Path]:
    """Every Python file of the project's own packages named."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    """The file as a syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path: Path, within: ast.AST | None = None) -> Iterator[str]:
    """Every module the file imports, at its top, in functions and under TYPE_CHECKING alike."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(within or tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_in(module: str, package: str) -> bool:
    """Whether *module* is *package* or stands in it."""
    return module == package or module.startswith(f"{package}.")


def named(path: Path) -> str:
    """The file's path in the project."""
    return path.relative_to(ROOT).as_posix()


# --- layers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_inward(layer: str) -> None:
    """bot may know flows and content, flows may know content, content knows nobody."""
    outer = (*LAYERS[LAYERS.index(layer) + 1 :], "tests", "dev")
    assert sources(layer)
    found = [
        f"{named(path)} imports {module}"
        for path in sources(layer)
        for module in imports(path)
        if any(is_in(module, other) for other in outer)
    ]

    assert found == []


def test_the_flow_knows_nothing_of_the_world() -> None:
    """No clock, no dice, no disk, no network: one question has one answer."""
    found = [
        f"{named(path)} imports {module}"
        for path in sources("flows")
        for module in imports(path)
        if any(is_in(module, other) for other in WORLD)
    ]

    assert found == []


def test_the_flow_never_asks_what_time_it_is() -> None:
    """`now` is passed in, so that any moment can be tested."""
    found = [
        f"{named(path)}:{node.lineno} calls {node.func.attr}()"
        for path in sources("flows", "content")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    ]

    assert found == []


def test_only_the_edge_knows_the_line_sdk() -> None:
    """LINE's own types stop in bot/line; the simulator and the tests check against them."""
    found = [
        f"{named(path)} imports {module}"
        for path in sources("content", "flows", "bot")
        for module in imports(path)
        if is_in(module, "linebot") and not named(path).startswith(("bot/line/", "bot/simulator/"))
    ]

    assert found == []


def test_production_does_not_need_the_simulator() -> None:
    """It is left out of the image; only a command's own body may ask for it."""
    found = []
    for path in sources("bot"):
        if named(path).startswith("bot/simulator/"):
            continue
        late = set()
        if named(path) == "bot/cli.py":
            functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]
            late = {module for node in functions for module in imports(path, node)}
        wanted = [module for module in imports(path) if is_in(module, "bot.simulator")]
        found += [f"{named(path)} imports {module}" for module in wanted if module not in late]
        at_the_top = [
            module
            for node in tree(path).body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for module in imports(path, node)
            if is_in(module, "bot.simulator")
        ]
        found += [
            f"{named(path)} imports {module} before any command runs" for module in at_the_top
        ]

    assert found == []


def test_one_module_uses_transitions() -> None:
    """The idiom of flows/machine.py is guarded there; nobody binds a model elsewhere."""
    users = {
        named(path)
        for path in sources("content", "flows", "bot")
        for module in imports(path)
        if is_in(module, "transitions")
    }

    assert users == {"flows/machine.py"}


# --- words and pictures -----------------------------------------------------------------------


def glossary() -> set[str]:
    """Every name in backticks in the first column and the second of the glossary's tables."""
    rows = (ROOT / "content" / "glossary.md").read_text("utf-8").splitlines()
    return {name for row in rows if row.startswith("|") for name in re.findall(r"`(\w+)`", row)}


def test_every_state_has_its_word_in_the_glossary() -> None:
    """One idea, one English word, one Japanese one."""
    assert set(TABLE.states) - glossary() == set()


def test_every_trigger_has_its_word_in_the_glossary() -> None:
    """Those of the table, and those that work on the moves themselves."""
    triggers = {row.trigger for row in TABLE.rows} | set(BEYOND_THE_TABLE) | {"change"}

    assert triggers - glossary() == set()


def test_no_state_of_the_glossary_is_gone() -> None:
    """A word for a state nobody can be in would only mislead."""
    text = (ROOT / "content" / "glossary.md").read_text("utf-8")
    states = text.split("（states）")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)`", states, re.MULTILINE)) == set(TABLE.states)


def test_the_readme_shows_the_flow_as_it_is() -> None:
    """The picture between the markers is the one `taikai graph` draws today."""
    readme = ROOT / "README.md"
    assert readme.is_file(), "README.md is missing"
    text = readme.read_text("utf-8")
    for marker in (START, END):
        assert text.count(marker) == 1, f"README.md has no line {marker}"
    shown = text.split(START)[1].split(END)[0].strip()
    drawn = f"```mermaid\n{mermaid(load())}```"

    assert shown == drawn, f"put the output of `taikai graph` between {START} and {END}"


# --- size -------------------------------------------------------------------------------------


def test_no_file_is_too_long() -> None:
    """A file holds one idea, and is read in one sitting."""
    found = {
        named(path): lines
        for path in sources(*LAYERS)
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }

    assert found == {}
