"""The README is the product's front door: what it shows has to be so."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import Settings
from content.catalog import load
from flows.conversation import Conversation, Typed
from flows.step import step

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TAIKAI = Path(sys.executable).parent / "taikai"
NAMES = "serve|simulate|chat|check|explore|coverage|gallery|diff|graph|bench|parity|db upgrade"
COMMANDS = sorted(set(re.findall(rf"taikai ({NAMES})\b", README)))


def between(mark: str) -> str:
    """What stands between the README's two markers *mark*."""
    found = re.search(rf"<!-- {mark}:start -->\n(.*?)<!-- {mark}:end -->", README, re.DOTALL)
    assert found, f"README.md has no {mark} markers"
    return found[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_it_names_exists_and_explains_itself(command: str) -> None:
    """Each has a --help with an example."""
    done = subprocess.run(
        [TAIKAI, *command.split(), "--help"], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0
    assert "例:" in done.stdout


def test_every_command_there_is_is_named() -> None:
    """Nobody has to read the code to find a command."""
    listed = subprocess.run([TAIKAI, "--help"], capture_output=True, text=True, timeout=60).stdout

    assert set(re.findall(r"^  (\w+)  ", listed, re.MULTILINE)) == {
        command.split()[0] for command in COMMANDS
    }


def test_the_two_first_commands_are_the_ones_dev_py_has() -> None:
    """`run` and `test`, word for word."""
    shown = subprocess.run(
        [sys.executable, ROOT / "dev.py", "--help"], capture_output=True, text=True, timeout=60
    ).stdout

    for command in ("python3 dev.py run", "python3 dev.py test", "python3 dev.py lock"):
        assert command in README
        assert command.split()[-1] in shown


def test_its_conversation_is_what_the_bot_says() -> None:
    """Lines after 「>」 are typed; every other line is in the answer to the line before it."""
    block = between("talk").replace("```text\n", "").replace("```", "")
    catalog, now = load(), datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    conversation: Conversation | None = Conversation(turn=1)
    said, typed = "", 0
    for line in filter(None, block.splitlines()):
        if line.startswith("> "):
            assert conversation is not None
            conversation, says = step(conversation, Typed(line[2:]), catalog, now)
            cards = [card for say in says for card in say.cards]
            parts = [say.text for say in says]
            parts += [part for card in cards for part in (card.title, card.text, *card.items)]
            choices = [choice.label for choice in says[-1].choices]
            said = "\n".join([*parts, " / ".join(choices[:3]), *choices])
            typed += 1
        else:
            for part in line.strip().split(" … "):
                assert part in said, line

    assert typed >= 5


def test_the_tree_it_draws_is_there() -> None:
    """Every file and folder of the floor plan exists."""
    drawn = README.split("content/\n", 1)[1].split("```", 1)[0]
    for folder in ("content", "flows", "bot", "tests"):
        assert (ROOT / folder).is_dir()
    here = "content"
    for line in drawn.splitlines():
        if line and not line.startswith(" "):
            names, here = line.split(), line.split("/")[0]
            if not names[0].endswith("/") or len(names) > 1:
                for name in names:
                    assert list(ROOT.glob(name.rstrip("/"))), name
            continue
        for name in re.findall(r"^[\w./<>*-]+|(?<= )[\w-]+\.(?:py|yaml|md)", line.strip()):
            pattern = re.sub(r"<\w+>", "*", name.rstrip("/"))
            assert list((ROOT / here).glob(pattern)), f"{here}/{name}"


def test_every_setting_is_named() -> None:
    """An operator finds each setting of the code in the README."""
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in README


def test_its_pictures_exist() -> None:
    """No broken image at the front door."""
    for path in re.findall(r"!\[[^]]*]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
