"""``taikai chat``: the simulator at a prompt, for a terminal, a screen reader or a pipe."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TextIO

from bot.simulator import travel
from bot.simulator.chat import CannotTapError
from bot.simulator.jump import jump
from bot.simulator.live import LiveContent
from bot.simulator.loopback import SimulatorRefusedError
from bot.simulator.people import Person
from bot.simulator.quiet import keep_logs_out
from bot.simulator.screen import Button, Message
from bot.simulator.session import Session
from bot.simulator.settling import UnsettledError
from bot.simulator.talk.record import talk
from bot.simulator.talk.steps import period
from bot.simulator.terminal.ahead import ahead, not_there, troubles_there_are
from bot.simulator.terminal.commands import HELP, number, sendable
from bot.simulator.terminal.own_session import own_session
from bot.simulator.terminal.state import state_lines
from bot.simulator.terminal.streams import make_readable
from bot.simulator.terminal.view import View, choices, older
from content.problems import ContentError

TROUBLES = (CannotTapError, UnsettledError, LookupError, ValueError, OSError)
"""What a command may end in without ending the chat."""


def chat(
    session: Session | None = None, *, stdin: TextIO | None = None, stdout: TextIO | None = None
) -> int:
    """Talk with the bot, line by line, until /quit, Ctrl-C or the end of the input.

    A *session* given is left open. The result is the exit code: 1, and a sentence on standard
    error, when the bot cannot be started.
    """
    with suppress(ImportError):  # not on Windows
        import readline  # noqa: F401 - imported, it edits and remembers what `input` reads
    try:
        with ExitStack() as closing:
            if session is None:
                make_readable(sys.stdin, sys.stdout, sys.stderr)
                keep_logs_out()
                try:
                    session = closing.enter_context(own_session())
                except (ContentError, SimulatorRefusedError) as refused:
                    print(f"taikai: {refused}", file=sys.stderr)
                    return 1
            _Terminal(session, stdin or sys.stdin, View(stdout or sys.stdout)).run()
    except KeyboardInterrupt:
        View(stdout or sys.stdout).note("")  # the shell's prompt begins on a line of its own
    return 0


class _Terminal:
    def __init__(self, session: Session, stdin: TextIO, view: View) -> None:
        self._session = session
        self._stdin = stdin
        self._view = view
        self._live = LiveContent(session)
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
                self._take_up_content()
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
                self._view.note("")
                return None
        line = self._stdin.readline()
        if line:
            self._view.mine(self._person.name, line.strip())
        return line.strip() if line else None

    def _take_up_content(self) -> None:
        """Use what was saved in content/ since the last line, or say what is wrong with it."""
        if not self._live.look():
            return
        told = self._live.told() or {"problems": []}
        if told["problems"]:
            self._view.problem("内容に誤りがあります。直るまで、前の内容のまま動きます")
        else:
            self._view.note("内容を読み直しました")
        for wrong in told["problems"]:
            self._view.problem(f"{wrong['place']}: {wrong['what']} → {wrong['mend']}")

    def _typed(self, line: str) -> None:
        there, (first, _, rest) = choices(self._person), line.partition(" ")
        if first.isdecimal() and 0 < int(first) <= len(there):
            message, button = there[int(first) - 1]
            if button.kind == "datetimepicker" or not rest:
                self._press(message, button, rest.strip())
                return
        self._do("say", line)

    def _command(self, name: str, rest: str) -> None:
        match name:
            case "/help":
                self._view.note(HELP)
            case "/old":
                self._old = older(self._person)
                self._view.old(self._old)
            case "/tap":
                which, _, picked = rest.partition(" ")
                if not which.isdecimal() or not 0 < int(which) <= len(self._old):
                    raise ValueError("/old で番号を確かめて、/tap 1 のように打ってください")
                self._press(*self._old[int(which) - 1], picked.strip())
            case "/say":
                self._do("say", rest)
            case "/send":
                self._do("send", sendable(rest))
            case "/sticker" | "/image":
                self._do("send", name[1:])
            case "/follow" | "/unsend" | "/redeliver" | "/arrive":
                self._do(name[1:])
            case "/block":
                self._do("unfollow")
            case "/dup":
                self._do("duplicate")
            case "/state":
                self._view.note("\n".join(state_lines(self._session, self._person)))
            case "/undo":
                self._undo()
            case "/jump":
                self._jump(*(rest.split() or [""])[:2])
            case "/clock":
                self._clock(rest)
            case "/fault":
                self._fault(*rest.split()[:2])
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
        turn = method() if value is None else method(value)
        self._view.answer(self._person, not_there(turn))

    def _press(self, message: Message, button: Button, picked: str) -> None:
        turn = self._person.press(message, button, picked=picked)
        if turn is None:
            did = "コピーしました" if button.kind == "clipboard" else "開きました"
            what = self._person.clipboard if button.kind == "clipboard" else self._person.opened[-1]
            self._view.note(f"{did}:\n{what}")
            return
        self._view.answer(self._person, not_there(turn))

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
        self._stand(self._session.person(name))
        if new:
            self._do("follow")
        else:
            self._view.buttons(choices(self._person))

    # --- around the conversation -----------------------------------------------------------------

    def _clock(self, by: str) -> None:
        before = len(self._person.done)
        if by:
            self._session.wait(period(by.removeprefix("+")))
        self._view.note(f"{self._session.clock.now():%Y-%m-%d %H:%M:%S}")
        if len(self._person.done) > before:
            self._view.note("遅れていたものが届きました")
            self._view.answer(self._person)

    def _fault(self, kind: str = "", times: str = "1") -> None:
        if kind == "off":
            self._session.troubles.clear()
            self._view.note("これからは、何も起きません")
        elif kind:
            self._session.troubles.inject(kind, number(times, f"/fault {kind} 2"))
            self._view.note(f"次の{times}回は {kind} になります")
        else:
            lines = (*troubles_there_are(), *ahead(self._session, self._person))
            self._view.note("\n".join(lines))

    def _save(self, file: str) -> None:
        if not file:
            self._view.note(talk("（題名）", self._person.done))
            return
        path = Path(file)
        try:
            with path.open("x", encoding="utf-8") as out:
                out.write(talk(path.stem, self._person.done))
        except FileExistsError:
            raise ValueError(f"{path} はもうあります。別の名前にしてください") from None
        self._view.note(f"{path} に書きました。talk: の題名を直してください")
