"""What may stand in the project's files, and what may not."""

import re

import pytest

import dev
from tests.tree import project_files

# Taken apart, so that this file does not name what it forbids.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"(?:pypi|npmjs|yarnpkg|crates|docker|quay|ghcr)\.(?:" + "org|com|io)",
            "python" + r"hosted\.org",
            r"--(?:extra-)?index" + "-url",
            "--find" + "-links",
            # A path of one machine, where a path can begin: not the middle of an address.
            r"(?<![\w.:/-])/(?:wo"
            + r"rk/(?:main|shared)|tm"
            + r"p/\w|ro"
            + r"ot/\.|ho"
            + r"me/\w)",
        )
    ),
    re.IGNORECASE,
)


def test_uv_lock_is_not_in_the_tree() -> None:
    """uv.lock names the hosts packages came from; the hash locks do not."""
    assert not [path for path in project_files() if path.name == "uv.lock"]
    assert "uv.lock" in (dev.ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    """The project installs from wherever its user's tools do, and runs from any folder."""
    found = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            if match := FORBIDDEN.search(line):
                found.append(f"{path.relative_to(dev.ROOT)}:{number}: {match.group()}")

    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "https://py" + "pi.org/simple",
        "resolved: https://registry.npm" + "js.org/htm",
        "FROM dock" + "er.io/library/python",
        "-" + "-index-url somewhere",
        'open("/tm' + 'p/x")',
        "cd /ho" + "me/taro/bot",
    ],
)
def test_the_search_for_hosts_and_paths_finds_them(line: str) -> None:
    """Without this, the test above could be green because it looks for nothing."""
    assert FORBIDDEN.search(line)
