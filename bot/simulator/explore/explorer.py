"""The walk: one simulated person in one service presses every button in every place.

Depth first: press, look at what came back, and go back with 戻る, which is proved on the way: it
has to lead exactly to where the press was made. Every turn is held against
`bot.simulator.explore.invariants`, and what the service's file offers has to have been chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.line.postback import encode
from bot.simulator import journal
from bot.simulator.explore.explored import Explored
from bot.simulator.explore.invariants import Invariants
from bot.simulator.session import Session
from flows.conversation import LOBBY, Answer, Conversation, Pressed
from flows.moves import here
from flows.turn import TOLD_IN_PLACE, Turn
from flows.walk import outlook, presses

SERVICE_UNAVAILABLE = 503
REDELIVERIES = 5
MOST_PLACES = 5_000
"""Above it the walk fails: something in the flow makes places without end."""

ODD = ("sticker", "image", "hologram")
"""What people send that is no answer; tried once in every state of every service."""


class Explorer:
    """One person in one service, whose every place is entered once."""

    def __init__(
        self,
        session: Session,
        slug: str,
        explored: Explored,
        log: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """*log* gives what the app logged since it was asked last."""
        self._session, self._slug, self._explored = session, slug, explored
        self._person = session.newcomer(slug)
        self._invariants = Invariants(session, log)
        self._broken: set[str] = set()
        self._pressed: set[tuple[str, str]] = set()
        self._seen: set[tuple[str, ...]] = set()
        self._tried: set[str] = set()
        self._conversation = Conversation()
        self._meant = False

    def walk(self) -> None:
        """From the greeting through the look-alikes and every place of the service."""
        self._look("follow", self._person.follow())
        for key in self._session.catalog.services[self._slug].lookalikes:
            self._look_alike(Pressed(LOBBY, "choosing_service", "ask_back", f"{self._slug}/{key}"))
        self._start()
        # Once more for who says first that the service's data should go: a reason is known then.
        self._say(self._session.catalog.words.restart[0])
        self._say(self._session.catalog.words.erase[0])
        self._press(Pressed(LOBBY, "confirming_erasure", "mean_service"))
        self._meant = True
        self._start()
        self._everything_was_chosen()

    def _look_alike(self, asked: Pressed) -> None:
        """A doubtful name: what it is, and every place it may mean."""
        self._press(asked)
        for pressed in self._offered():
            self._press(pressed)
            self._say(self._session.catalog.words.restart[0])
            self._press(asked)
        self._say(self._session.catalog.words.restart[0])

    def _start(self) -> None:
        self._press(Pressed(LOBBY, "choosing_service", "choose", self._slug))
        self._deeper()

    # --- one place ------------------------------------------------------------------------------

    def _deeper(self) -> None:
        at = self._turn()
        self._seen.add(outlook(at))
        self._explored.place(at, len(self._seen))
        if len(self._seen) > MOST_PLACES:
            [(state, count)] = Counter(place[1] for place in self._seen).most_common(1)
            raise RuntimeError(
                f"{MOST_PLACES} か所を超えました。いちばん多いのは {state} の {count} か所、"
                f"最後の場所は {outlook(at)} です"
            )
        offered = self._offered()
        if at.state not in self._tried:
            self._tried.add(at.state)
            self._odd_things(at)
        for pressed in offered:
            self._press(pressed)
            after = self._turn()
            if pressed.trigger in TOLD_IN_PLACE:
                self._expect(at.trail, f"{at.state} で文面や話題を見ても同じ場所のまま")
                continue
            if after.slug == self._slug and outlook(after) not in self._seen:
                self._deeper()
            self._go_back(at, after, pressed)

    def _go_back(self, at: Turn, after: Turn, pressed: Pressed) -> None:
        """To where the press was made: by 戻る, or by the same answers again."""
        if len(after.trail) > len(at.trail):
            self._say(self._session.catalog.words.back[0])
            self._expect(at.trail, f"{pressed.state} の {pressed.trigger} は 戻る で取り消せる")
            return
        missing = at.trail[len(after.trail) :]
        if after.slug != self._slug or at.trail[: len(after.trail)] != after.trail:
            self._say(self._session.catalog.words.restart[0])
            if self._meant:
                self._say(self._session.catalog.words.erase[0])
                self._press(Pressed(LOBBY, "confirming_erasure", "mean_service"))
            missing = at.trail
        for move in missing:
            service = LOBBY if move.state == "choosing_service" else self._slug
            self._press(Pressed(service, move.state, move.trigger, move.argument))
        self._expect(at.trail, f"{pressed.state} へは同じ答えでもう一度来られる")

    def _odd_things(self, at: Turn) -> None:
        """Whatever arrives, the current question is asked again and nothing is lost."""
        words = self._session.catalog.words
        for kind in ODD:
            self._look(kind, self._person.send(kind))
        self._say("ﾋﾟﾖﾋﾟﾖ🐤")
        self._say(words.help[0])
        self._expect(at.trail, f"{at.state} で関係のないものを送っても同じ場所のまま")
        for word in (words.review[0], words.erase[0]):
            self._say(word)
            self._explored.place(self._turn(), len(self._seen))
            self._say(words.back[0])
            self._expect(at.trail, f"{at.state} で「{word}」のあと 戻る で元の場所に戻れる")

    def _everything_was_chosen(self) -> None:
        """What the service's file names to be picked was picked by somebody: nothing is hidden."""
        service = self._session.catalog.services[self._slug]
        to_pick: Mapping[str, Iterable[str]] = {
            "giving_reason": service.reasons,
            "considering_alternative": service.alternatives,
            "choosing_method": service.methods if len(service.methods) > 1 else (),
            "reviewing_losses": service.topics,
        }
        for state, keys in to_pick.items():
            for key in keys:
                if (state, key) not in self._pressed:
                    self._explored.fault(f"誰も選べません: {self._slug} の {state} の {key}")

    # --- doing and looking -----------------------------------------------------------------------

    def _press(self, pressed: Pressed) -> None:
        self._explored.presses += 1
        self._pressed.add((pressed.state, pressed.argument))
        cause = f"{pressed.state} {pressed.trigger} {pressed.argument}"
        self._look(cause, self._person.postback(encode(pressed)))

    def _say(self, words: str) -> None:
        self._look(words, self._person.say(words))

    def _look(self, cause: str, taken: journal.Turn) -> None:
        """Hold the answer against everything every answer has to be."""
        for _ in range(REDELIVERIES):
            if taken.status != SERVICE_UNAVAILABLE:
                break
            taken = self._person.redeliver()  # as LINE does; a loaded machine may be slow
        for told in taken.told.values():
            remembered = self._session.watch.remembered(told.whose)
            self._conversation = remembered or self._conversation
        self._explored.seen.turn(taken, self._session.catalog)
        messages = self._person.answer
        self._explored.messages += len(messages)
        where = f"{self._slug} {cause}".strip()
        for sentence in self._invariants.broken(taken):
            if sentence not in self._broken:  # once, with the first press that led to it
                self._broken.add(sentence)
                self._explored.fault(f"{sentence}（{where}）")
        if not messages:
            self._explored.fault(f"返事がありません: {where}")
        for message in messages:
            if message.say is None:
                self._explored.fault(f"何を言ったか分かりません: {where}: {message.text[:40]}")

    def _offered(self) -> list[Pressed]:
        """What the latest answer offers, 戻る aside: it is tried after every press."""
        says = tuple(message.say for message in self._person.answer if message.say)
        found = [choice.press for choice in presses(says)]
        return [pressed for pressed in found if pressed.trigger != "back"] or found

    def _turn(self) -> Turn:
        return here(self._conversation, self._session.catalog, self._session.clock.now())

    def _expect(self, trail: tuple[Answer, ...], promise: str) -> None:
        if self._turn().trail != trail:
            self._explored.fault(f"守られていません: {self._slug}: {promise}")
