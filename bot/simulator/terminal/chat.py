"""``taikai chat``: the simulator at a prompt, for a terminal, a screen reader or a pipe."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TextIO

from bot.simulator import travel
from bot.simulator.chat import CannotTapError
from bot.simulator.jump import jump
from bot.simulator.loopback import SimulatorRefusedError
from bot.simulator.people import Person
from bot.simulator.quiet import keep_logs_out
from bot.simulator.screen import Button, Message
from bot.simulator.session import Session, UnsettledError
from bot.simulator.talk.record import talk
from bot.simulator.talk.steps import period
from bot.simulator.terminal.state import state_lines
from bot.simulator.terminal.view import View, choices, older
from content.problems import ContentError

HELP = """\
文字はそのまま送られます。番号を打つと、その番号のボタンを押します。
/old           前のメッセージのボタンを並べます。/tap 2 で、その2番を押します
/send 種類     スタンプなどを送ります（sticker image video audio file location hologram）
/sticker /image  上の短い形です
/say 1         ボタンを押さずに「1」と送ります（/ で始まる文字も）
/unsend        最後のメッセージの送信を取り消します
/state         いまの状態・サービス・答えと、最後の番がどう読まれ、どの行で動いたか
/undo          最後の一つを取り消して、その前に戻ります
/jump 状態 サービス  新しい人として、その状態までいちばん短い道で進みます（サービスは省けます）
/clock +24h    時計を進めます（30s 5m 24h 3d）
/dup /redeliver  最後のイベントをもう一度届けます
/fault 429 2   次の2回の返信を失敗させます（500 500-after 429 401 timeout reset restart …）
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
            case "/jump":
                self._jump(*(rest.split() or [""]))
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
        self._view.answer(self._person)

    def _press(self, message: Message, button: Button) -> None:
        if self._person.press(message, button) is None:
            did = "コピーしました" if button.kind == "clipboard" else "開きました"
            what = self._person.clipboard if button.kind == "clipboard" else self._person.opened[-1]
            self._view.note(f"{did}:\n{what}")
            return
        self._view.answer(self._person)

    def _undo(self) -> None:
        if len(self._person.done) < 2:
            raise ValueError("取り消せることがありません")
        self._stand(travel.undo(self._session, self._person))
        self._view.note("一つ前に戻りました")
        self._view.answer(self._person)

    def _jump(self, state: str, service: str = "") -> None:
        if not state:
            raise ValueError("/jump following_steps yakukyari のように打ってください")
        self._stand(jump(self._session, self._person.name, state, service))
        self._view.note(f"新しい人として {state} まで進みました")
        self._view.answer(self._person)

    def _stand(self, person: Person) -> None:
        """*person* is who talks from now on; buttons listed before are on another phone."""
        self._person, self._old = person, []

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

    def _show_state(self) -> None:
        self._view.note("\n".join(state_lines(self._session, self._person)))

    def _clock(self, by: str) -> None:
        if by:
            self._session.wait(period(by.removeprefix("+")))
        self._view.note(f"{self._session.clock.now():%Y-%m-%d %H:%M:%S}")

    def _fault(self, kind: str, times: str = "1") -> None:
        self._session.line.faults.inject(kind, int(times))
        self._view.note(f"次の{times}回は {kind} になります")

    def _save(self, file: str) -> None:
        if not file:
            self._view.note(talk("（題名）", self._person.done))
            return
        path = Path(file)
        with path.open("x", encoding="utf-8") as out:
            out.write(talk(path.stem, self._person.done))
        self._view.note(f"{path} に書きました。talk: の題名を直してください")
