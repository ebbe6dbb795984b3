"""Holds talks: whole conversations written as YAML, with the real bot, checked word for id.

For pytest, which collects ``tests/talks/*.yaml``, and for whoever wants to hear one at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.clock import SystemClock
from bot.simulator.chat import CannotTapError, Chat
from bot.simulator.explore.invariants import Invariants
from bot.simulator.group import Group
from bot.simulator.journal import Turn
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.settling import UnsettledError
from bot.simulator.talk.format import Talk
from bot.simulator.talk.steps import NOTHING, Step
from bot.simulator.talk.telling import answer_told, difference, name_of, told
from flows.step import step as withdrawal_step

FIRST_PERSON = "hanako"
"""Who talks before any ``user:``."""


class TalkFailedError(Exception):
    """A talk did not go as written. The message is the whole transcript, with the line.

    Where other messages came than a ``bot:`` names, and only there, ``came`` are their ids and
    ``step`` is the place of that step, counted from 0.
    """

    def __init__(
        self,
        talk: Talk,
        line: int,
        reasons: Sequence[str],
        transcript: str,
        came: Sequence[str] | None = None,
    ) -> None:
        self.line = line
        self.reasons = tuple(reasons)
        self.came = came
        self.step = talk.lines.index(line) if came is not None else None
        why = "\n".join(f"    {reason}" for reason in reasons)
        super().__init__(f"{talk.file}:{line}: {talk.title}\n{why}\n\n{transcript}")


class _BrokenError(Exception):
    def __init__(self, *reasons: str, came: Sequence[str] | None = None) -> None:
        self.reasons = reasons
        self.came = came


def hold(talk: Talk, session: Session) -> None:
    """Hold *talk* with people of its own. Raises TalkFailedError at the first thing amiss.

    On every turn, without its being written, `bot.simulator.explore.invariants` hold: those of
    the wire alone where another flow than ours answers.
    """
    session.troubles.clear()
    session.clock.unfreeze()
    session.clock.set(talk.clock or SystemClock().now())
    _Held(talk, session).to_the_end()
    session.troubles.clear()


class _Held:
    """A talk being held."""

    def __init__(self, talk: Talk, session: Session) -> None:
        self._talk = talk
        self._session = session
        self._people: dict[str, Person] = {}
        self._group: Group | None = None
        self._person = self._meet(FIRST_PERSON)
        self._chat: Chat = self._person
        self._open: list[Chat] = []
        self._judged: dict[str, int] = {}
        self._lines: list[str] = []
        self._invariants = Invariants(session, any_flow=session.step is not withdrawal_step)

    def to_the_end(self) -> None:
        line = place = 0
        try:
            for step, line in zip(self._talk.steps, self._talk.lines, strict=True):
                place = len(self._lines)
                self._lines.append(f"{line:>4}  {self._chat.name}  {told(step)}")
                self._take(step)
            self._nothing_is_open()
        except (_BrokenError, CannotTapError, UnsettledError, LookupError, OSError) as broken:
            reasons: Sequence[str] = (str(broken),)
            came: Sequence[str] | None = None
            if isinstance(broken, _BrokenError):
                reasons, came = broken.reasons, broken.came
            if len(self._lines) == place + 1:
                self._lines += answer_told(self._chat.answer)
            self._lines[place] += "   ← ここ"
            shown = "\n".join(self._lines)
            raise TalkFailedError(self._talk, line, reasons, shown, came) from None

    # --- what people do --------------------------------------------------------------------------

    def _take(self, step: Step) -> None:
        if step.bot is not None:
            self._expect(step, step.bot)
        elif step.copied is not None:
            self._has("コピーされた文字", self._person.clipboard, step.copied)
        elif step.opened is not None:
            opened = self._person.opened[-1] if self._person.opened else "（なし）"
            if opened != step.opened:
                raise _BrokenError(f"開いたリンクは {opened} です")
        elif step.wait is not None:
            self._wait(step.wait)
        elif step.fault is not None:
            self._session.troubles.inject(step.fault.kind, step.fault.times)
        elif step.user is not None:
            self._person = self._people.get(step.user) or self._meet(step.user)
            self._chat = self._person
        else:
            self._nothing_is_open()
            turn = self._deed(step)
            if turn is not None:
                self._open = [self._chat]
                if isinstance(self._chat, Group):
                    self._went_well(turn)
            self._judge()

    def _wait(self, time: timedelta) -> None:
        """Let *time* pass; who gets an answer by it is to be looked at like anybody."""
        passed = self._session.waited + time
        waiting = [person for person in self._people.values() if person.mail.due(passed)]
        if waiting:
            self._nothing_is_open()
        self._session.wait(time)
        self._open += waiting
        self._judge()

    def _deed(self, step: Step) -> Turn | None:
        if step.deed in ("join", "leave", "say_in_group"):
            group = self._group = self._group or self._session.group()
            self._chat = group
            if step.say_in_group is not None:
                return group.say(self._person, step.say_in_group)
            return group.join() if step.deed == "join" else group.leave()
        person = self._chat = self._person
        if step.tap is not None:
            tap = step.tap
            return person.tap(tap.label, tap.of, tap.times, tap.nth, tap.picks)
        argument = getattr(step, step.deed)
        deed: Callable[..., Turn] = getattr(person, step.deed)
        return deed() if argument is None else deed(argument)

    def _meet(self, name: str) -> Person:
        person = self._people[name] = self._session.newcomer(name)
        return person

    def _judge(self) -> None:
        """Hold what people did since last against the rules, whatever reached the bot of it."""
        for person in self._people.values():
            judged = self._judged.get(person.id, 0)
            self._judged[person.id] = len(person.done)
            for done in person.done[judged:]:
                if done.turn is not None and done.turn.arrives:
                    self._went_well(done.turn, is_late=done.deed.name == "arrive")

    def _went_well(self, turn: Turn, *, is_late: bool = False) -> None:
        silenced = any(call.fault and call.fault.may_silence for call in turn.calls)
        if broken := self._invariants.broken(turn, trouble=is_late or silenced):
            raise _BrokenError(*broken)

    def _nothing_is_open(self) -> None:
        """Whatever the bot said must have been looked at before the talk goes on."""
        for chat in self._open:
            if chat.answer:
                ids = "、".join(map(name_of, chat.answer))
                raise _BrokenError(f"{chat.name}への返信を bot: で確かめていません: {ids}")
        self._open = []

    # --- what the bot should say -----------------------------------------------------------------

    def _expect(self, step: Step, ids: Sequence[str]) -> None:
        self._lines += answer_told(self._chat.answer)
        wanted = [] if list(ids) == [NOTHING] else list(ids)
        came = [name_of(message) for message in self._chat.answer]
        if came != wanted:
            raise _BrokenError(*difference(wanted, came), came=came)
        self._open = [chat for chat in self._open if chat is not self._chat]
        answer = self._chat.answer
        labels = [button.label for message in answer for button in message.buttons]
        labels += [button.label for button in self._chat.quick_replies]
        words = "\n".join(message.text for message in answer)
        facts = [fact for message in answer if message.say for fact in message.say.facts]
        self._has("ボタン", labels, step.buttons)
        self._lacks("ボタン", labels, step.no_buttons)
        self._has("文", words, step.says)
        self._lacks("文", words, step.says_not)
        self._has("事実", facts, step.facts)
        self._lacks("事実", facts, step.no_facts)
        self._asks_for(words, step)
        self._stands(step)

    def _has(self, what: str, there: Sequence[str], wanted: Sequence[str]) -> None:
        if missing := [each for each in wanted if each not in there]:
            listed = there if isinstance(there, str) else "、".join(there)
            raise _BrokenError(
                *(f"{what}「{each}」がありません" for each in missing), f"あるもの: {listed}"
            )

    def _lacks(self, what: str, there: Sequence[str], unwanted: Sequence[str]) -> None:
        if found := [each for each in unwanted if each in there]:
            raise _BrokenError(*(f"{what}「{each}」があります" for each in found))

    def _asks_for(self, words: str, step: Step) -> None:
        if step.fields is None:
            return
        blanks = self._session.catalog.fields
        asked = {key for key, blank in blanks.items() if f"【{blank.label}】" in words}
        wanted = set(step.fields) - {NOTHING}
        if asked != wanted:
            raise _BrokenError(
                f"空欄が違います。あるはず: {'、'.join(sorted(wanted)) or 'なし'}",
                f"あるもの: {'、'.join(sorted(asked)) or 'なし'}",
            )

    def _stands(self, step: Step) -> None:
        conversation = self._person.conversation
        service = conversation.service if conversation else ""
        for what, wanted, found in (
            ("状態", step.state, self._person.state),
            ("サービス", step.service, service),
        ):
            if wanted is not None and (found or NOTHING) != wanted:
                raise _BrokenError(f"{what}は {found or NOTHING} です（{wanted} のはず）")
