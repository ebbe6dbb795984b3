"""The people who talk with the bot. What they do reaches it as signed webhooks, as from LINE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bot.simulator import date_picker, happenings
from bot.simulator.correspondent import Correspondent
from bot.simulator.happenings import Fields
from bot.simulator.journal import Turn
from bot.simulator.screen import Button, Message


class Person(Correspondent):
    """Somebody with LINE on their phone, in a one-to-one chat with the bot.

    What they do returns once the bot's answer is there, with the turn it made. What a tap copied
    is on the ``clipboard``, what it opened in ``opened``.
    """

    # --- what they do ------------------------------------------------------------------------

    def follow(self, *, unblocked: bool = False) -> Turn:
        """Add the bot as a friend, or unblock it."""
        done = self._begin("follow")
        unblocked = unblocked or self.account.blocked
        self.account.friend, self.account.blocked = True, False
        return self._do(done, happenings.follow(unblocked=unblocked))

    def unfollow(self) -> Turn:
        """Block the bot."""
        done = self._begin("unfollow")
        self.account.friend, self.account.blocked = False, True
        return self._do(done, happenings.unfollow())

    def say(self, words: str) -> Turn:
        """Write *words*."""
        happening = happenings.text(words, self._session.mint)
        return self._do(self._begin("say", words), happening, ("text", words))

    def send(self, kind: str) -> Turn:
        """Send a sticker, image, …: one of `happenings.SENDABLE`. Raises ValueError for another."""
        happening = happenings.sent(kind, self._session.mint)
        return self._do(self._begin("send", kind), happening, (kind, ""))

    def tap(
        self,
        label: str,
        of: str | None = None,
        times: int = 1,
        nth: int | None = None,
        picked: str | None = None,
    ) -> Turn | None:
        """Tap the button that reads *label*; see `Chat.find` for *of* and *nth*, else `press`."""
        return self.press(*self.find(label, of, nth), times=times, picked=picked)

    def press(
        self, message: Message, button: Button, times: int = 1, picked: str | None = None
    ) -> Turn | None:
        """Tap *button* on *message*, *times* before any answer: the taps come in one webhook.

        *picked* is what is then chosen on a date picker, as in "2026-04-01", "09:30" or
        "2026-04-01T09:30". None where LINE tells the bot nothing: a link is opened, a text is
        copied. Raises ValueError for what its picker would not let anybody choose, and for a kind
        of action LINE does not have in a chat.
        """
        action, kind = button.action, button.kind
        if kind not in happenings.TAPPABLE:
            raise ValueError(f"「{kind}」のボタンは、このシミュレーターでは動きません")
        params = None
        how = self.written(message, button, times)
        if kind == "datetimepicker":
            params = date_picker.params(action, picked or "")
            how = {"label": button.label} | (how if isinstance(how, dict) else {})
            how["picks"] = str(picked)
        done = self._begin("tap", how)
        if button.passing:
            self.dismiss()
        match kind:
            case "postback" | "datetimepicker" | "richmenuswitch":
                if alias := action.get("richMenuAliasId"):
                    status = self._session.line.rich_menus.switch(self.id, alias)
                    params = {"newRichMenuAliasId": alias, "status": status}
                said = action.get("displayText")
                mine = ("text", said) if said else None
                happening = happenings.postback(action["data"], params)
                return self._do(done, happening, mine, times=times)
            case "message":
                words = action["text"]
                happening = happenings.text(words, self._session.mint)
                return self._do(done, happening, ("text", words), times=times)
            case "camera" | "cameraRoll" | "location":  # the phone asks, and this is what is sent
                sent = "location" if kind == "location" else "image"
                happening = happenings.sent(sent, self._session.mint)
                return self._do(done, happening, (sent, ""), times=times)
            case "uri":
                self.opened.append(str(action.get("uri", action.get("linkUri"))))
            case _:
                self.clipboard = action["clipboardText"]
        self._end(done)
        return None

    def postback(self, data: str) -> Turn:
        """Send *data* as if a button carried it: what a forger, or an older release's, would."""
        return self._do(self._begin("postback", data), happenings.postback(data))

    def unsend(self) -> Turn:
        """Take back the last message. Raises LookupError when there is none."""
        mine = [message for message in self.seen if message.mine and not message.unsent]
        if not mine:
            raise LookupError("取り消せるメッセージがありません")
        done = self._begin("unsend")
        mine[-1].unsent = True
        self._taken_back |= {mine[-1].id}
        return self._do(done, happenings.unsend(mine[-1].id))

    def meet(self, name: Literal["beacon", "account_link", "unheard_of"]) -> Turn:
        """Cause one of the events that are no message."""
        make: Callable[[], Fields] = getattr(happenings, name)
        return self._do(self._begin("meet", name), make())

    def aside(self, words: str) -> Turn:
        """Write *words* while another bot holds the chat (``standby``)."""
        happening = happenings.text(words, self._session.mint)
        return self._do(self._begin("aside", words), happening, ("text", words), mode="standby")
