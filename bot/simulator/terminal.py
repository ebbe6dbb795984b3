"""``taikai chat``: the simulator at a prompt, for a terminal, a screen reader or a pipe."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TextIO

from bot.simulator.chat import CannotTapError
from bot.simulator.loopback import SimulatorRefusedError
from bot.simulator.people import Person
from bot.simulator.quiet import keep_logs_out
from bot.simulator.screen import Button, Message
from bot.simulator.session import Session, UnsettledError
from bot.simulator.talk_record import TalkRecord
from bot.simulator.talk_steps import period
from bot.simulator.terminal_view import View, choices, older
from content.problems import ContentError

HELP = """\
文字はそのまま送られます。番号を打つと、その番号のボタンを押します。
/old           前のメッセージのボタンを並べます。/tap 2 で、その2番を押します
/send 種類     スタンプなどを送ります（sticker image video audio file location hologram）
/sticker /image  上の短い形です
/say 1         ボタンを押さずに「1」と送ります（/ で始まる文字も）
/state         いまの状態・サービス・答え
/undo          最後の一つを取り消して、新しい人として同じところまで進みます
/clock +24h    時計を進めます（30s 5m 24h 3d）
/dup /redeliver  最後のイベントをもう一度届けます
/fault 429 2   次の2回の返信を失敗させます（500 500-after 429 401 timeout reset …）
/user 名前     別の人になります
/follow /block   友だち追加・ブロック
/save ファイル   ここまでの会話を、テストの形（YAML）で書き出します
/quit          終わります"""

TROUBLES = (CannotTapError, UnsettledError, LookupError, ValueError, OSError)
"""What a command may end in without ending the chat."""


def chat(
    session: Session | None = None, *, stdin: TextIO | None = None, stdout: TextIO | None = None
) -> int:
    """Talk with the bot, line by line, until /quit or the end of the input.

    A *session* given is left open. The result is the exit code: 1, and a sentence on standard
    error, when the bot cannot be started.
    """
    with suppress(ImportError):  # not on Windows
        import readline  # noqa: F401 - imported, it edits and remembers what `input` reads
    with ExitStack() as closing, suppress(KeyboardInterrupt):
        if session is None:
            keep_logs_out()
            try:
                session = closing.enter_context(Session())
            except (ContentError, SimulatorRefusedError) as refused:
                print(f"taikai: {refused}", file=sys.stderr)
                return 1
        _Terminal(session, stdin or sys.stdin, View(stdout or sys.stdout)).run()
    return 0


class _Terminal:
    def __init__(self, session: Session, stdin: TextIO, view: View) -> None:
        self._session = session
        self._stdin = stdin
        self._view = view
        self._records: dict[str, TalkRecord] = {}
        self._old: list[tuple[Message, Button]] = []
        self._person: Person = session.person("hanako")

    def run(self) -> None:
        """Until there is nothing more to read."""
        self._view.note("退会ナビと話します。/help で使い方、/quit で終わります。")
        self._command("/follow", "")
        while (line := self._read()) is not None:
            if line == "/quit":
                break
            name, _, rest = line.partition(" ")
            try:
                if name.startswith("/"):
                    self._command(name, rest.strip())
                elif line:
                    self._typed(line)
            except TROUBLES as trouble:
                self._view.problem(str(trouble))

    def _read(self) -> str | None:
        """The next line, None at the end. `input` is for people; a pipe's lines are echoed."""
        if self._stdin is sys.stdin and self._stdin.isatty():
            try:
                return input(f"{self._person.name}> ").strip()
            except EOFError:
                return None
        line = self._stdin.readline()
        if line:
            self._view.mine(self._person.name, line.strip())
        return line.strip() if line else None

    def _typed(self, line: str) -> None:
        there = choices(self._person)
        if line.isdecimal() and 0 < int(line) <= len(there):
            self._press(*there[int(line) - 1])
        else:
            self._do("say", line)

    def _command(self, name: str, rest: str) -> None:
        match name:
            case "/help":
                self._view.note(HELP)
            case "/old":
                self._old = older(self._person)
                self._view.old(self._old)
            case "/tap":
                if not rest.isdecimal() or not 0 < int(rest) <= len(self._old):
                    raise ValueError("/old で番号を確かめて、/tap 1 のように打ってください")
                self._press(*self._old[int(rest) - 1])
            case "/say":
                self._do("say", rest)
            case "/send":
                self._do("send", rest)
            case "/sticker" | "/image":
                self._do("send", name[1:])
            case "/follow" | "/unsend":
                self._do(name[1:])
            case "/block":
                self._do("unfollow")
            case "/dup" | "/redeliver":
                self._do({"/dup": "duplicate"}.get(name, "redeliver"))
            case "/state":
                self._show_state()
            case "/undo":
                self._undo()
            case "/clock":
                self._clock(rest)
            case "/fault":
                self._fault(*(rest.split() or [""]))
            case "/user":
                self._become(rest)
            case "/save":
                self._save(rest)
            case _:
                raise ValueError(f"{name} は分かりません。/help で一覧を見られます")

    # --- what the person does --------------------------------------------------------------------

    def _do(self, deed: str, value: str | None = None) -> None:
        """Do what a talk would write as ``deed: value``, and show what comes of it."""
        method = getattr(self._person, deed)
        method() if value is None else method(value)
        self._record.did(deed, value)
        self._answered()

    def _press(self, message: Message, button: Button) -> None:
        step = self._tap(message, button)
        if self._person.press(message, button) is None:
            did = "コピーしました" if button.kind == "clipboard" else "開きました"
            what = self._person.clipboard if button.kind == "clipboard" else self._person.opened[-1]
            self._record.did("tap", step)
            self._view.note(f"{did}:\n{what}")
            return
        self._record.did("tap", step)
        self._answered()

    def _tap(self, message: Message, button: Button) -> object:
        """How a talk writes a tap on *button*."""
        nth = self._person.nth(message, button)
        if nth is None and message in self._person.latest:
            return button.label
        step = {"label": button.label, "of": message.say_id or message.id}
        return step | ({"nth": str(nth)} if nth else {})

    def _answered(self) -> None:
        self._record.answered(self._person.answer, self._person.state)
        self._view.answer(self._person)

    def _undo(self) -> None:
        if len(self._person.deeds) < 2:
            raise ValueError("取り消せることがありません")
        self._record.undo()
        self._person = self._session.again(self._person, len(self._person.deeds) - 1)
        self._view.note(f"{self._person.name} は新しい人として、一つ前まで進みました")
        self._view.answer(self._person)

    def _become(self, name: str) -> None:
        if not name:
            raise ValueError("/user taro のように名前を打ってください")
        new = name not in {person.name for person in self._session.people}
        self._person = self._session.person(name)
        if new:
            self._do("follow")
        else:
            self._view.buttons(choices(self._person))

    # --- around the conversation -----------------------------------------------------------------

    @property
    def _record(self) -> TalkRecord:
        return self._records.setdefault(self._person.name, TalkRecord())

    def _show_state(self) -> None:
        person, conversation = self._person, self._person.conversation
        lines = [f"{self._session.clock.now():%Y-%m-%d %H:%M:%S}  {person.name}"]
        if conversation is None:
            lines.append("何も覚えられていません")
        else:
            lines.append(f"状態 {person.state}  サービス {conversation.service or 'なし'}")
            moves = (f"{m.state} → {m.trigger} {m.argument}".rstrip() for m in conversation.trail)
            lines += [f"  {move}" for move in moves]
        if left := len(self._session.line.faults):
            lines.append(f"これから失敗する呼び出し: {left}")
        self._view.note("\n".join(lines))

    def _clock(self, by: str) -> None:
        if by:
            self._session.clock.advance(period(by.removeprefix("+")))
            self._record.did("wait", by.removeprefix("+"))
            self._session.settle()
        self._view.note(f"{self._session.clock.now():%Y-%m-%d %H:%M:%S}")

    def _fault(self, kind: str, times: str = "1") -> None:
        self._session.line.faults.inject(kind, int(times))
        self._record.did("fault", {"kind": kind, "times": times})
        self._view.note(f"次の{times}回は {kind} になります")

    def _save(self, file: str) -> None:
        if not file:
            self._view.note(self._record.yaml("（題名）"))
            return
        path = Path(file)
        with path.open("x", encoding="utf-8") as out:
            out.write(self._record.yaml(path.stem))
        self._view.note(f"{path} に書きました。talk: の題名を直してください")
