"""What people sent besides words: pictures, films, recordings and files, by the message's id."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.simulator.fake_line.asked import Answer, Asked, Endpoint
from bot.simulator.fake_line.refusals import RefusalError
from bot.simulator.fake_line.samples import PICTURE, SAMPLES, Sample


@dataclass(slots=True)
class _Kept:
    kind: str
    sample: Sample
    unsent: bool = False


class Contents:
    """The contents LINE keeps. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def take(self, event: Mapping[str, Any]) -> None:
        """A webhook with *event* is on its way: keep what was sent, let go of what was unsent."""
        message = event.get("message", {})
        with self._lock:
            if sample := SAMPLES.get(message.get("type", "")):
                self._kept.setdefault(message["id"], _Kept(message["type"], sample))
            elif event["type"] == "unsend" and event["unsend"]["messageId"] in self._kept:
                self._kept[event["unsend"]["messageId"]].unsent = True

    def endpoints(self) -> Sequence[Endpoint]:
        path = "/v2/bot/message/{message_id}/content"
        return (
            Endpoint("GET", path, self._content),
            Endpoint("GET", f"{path}/preview", self._preview),
            Endpoint("GET", f"{path}/transcoding", self._transcoding),
        )

    def _content(self, asked: Asked) -> Answer:
        sample = self._of(asked).sample
        return Answer(file=sample.content, file_type=sample.type)

    def _preview(self, asked: Asked) -> Answer:
        if self._of(asked).kind not in ("image", "video"):
            raise RefusalError(400, "The content can not be previewed")
        return Answer(file=PICTURE.content, file_type=PICTURE.type)

    def _transcoding(self, asked: Asked) -> Answer:
        if self._of(asked).kind not in ("video", "audio"):
            raise RefusalError(400, "Transcoding status doesn't support this type of content")
        return Answer({"status": "succeeded"})

    def _of(self, asked: Asked) -> _Kept:
        with self._lock:
            kept = self._kept.get(asked.named("message_id"))
        if kept is None:
            raise RefusalError(404, "not found")
        if kept.unsent:
            raise RefusalError(410, "The content is gone")
        return kept
