"""Text → what stands in it, as YAML's events. Two parsers, one result.

libyaml's is some fifteen times quicker, and what people wait for at every start. PyYAML's own
is the rule: it is there on every platform, and its errors say more. So the quick one is only
believed where the two are known to agree, and what it refuses is read again by the other.
"""

from __future__ import annotations

import re
from contextlib import suppress

import yaml
from yaml.error import Mark
from yaml.events import (
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    ScalarEvent,
    StreamEndEvent,
    StreamStartEvent,
)

QUICK = yaml.__with_libyaml__
"""Whether libyaml is here; PyYAML's wheels carry it, its source builds without it too."""

# libyaml minds no tab, no byte order mark inside, no comment stuck to a block's sign and no
# question mark before a blank in brackets, and counts the line of an empty document differently.
_ONLY_FOR_THE_RULE = re.compile(r"[\t\ufeff]|[|>][-+\d]*#|\?\s|(?:\A|[\r\n\x85\u2028\u2029])---")

_AROUND = (StreamStartEvent, StreamEndEvent, DocumentStartEvent, DocumentEndEvent)
_TAGGED = (ScalarEvent, CollectionStartEvent)  # and libyaml takes nearly anything for a tag
_HALF = re.compile(r"[\ud800-\udfff]")
_BEYOND = re.compile(r"\\U(?!000|0010)[\da-fA-F]{8}")


class UnreadableError(yaml.MarkedYAMLError):
    """What a parser lets pass, though nobody can use it; told of as the parsers' own errors."""

    def __init__(self, problem: str, event: Event) -> None:
        mark = Mark("", 0, line_of(event) - 1, 0, None, 0)
        super().__init__(problem=problem, problem_mark=mark)


class NoCharacterError(yaml.YAMLError):
    """On ``line``, ``character`` is written with a backslash, and there is no such one."""

    def __init__(self, line: int, character: str) -> None:
        super().__init__(f"no character: {character}")
        self.line, self.character = line, character


def line_of(event: Event) -> int:
    """The line on which *event* begins; the first is 1."""
    assert event.start_mark is not None  # only events that somebody made by hand have none
    return event.start_mark.line + 1


def parsed(text: str, *, quick: bool = QUICK) -> list[Event]:
    """The events of the one document in *text*, in their order; none where there is nothing.

    *quick* asks for libyaml's parser. Raises yaml.YAMLError.
    """
    if quick and not _ONLY_FOR_THE_RULE.search(text):
        with suppress(yaml.YAMLError):  # told of below, in the words `content.syntax` knows
            events = _one_document(list(yaml.parse(text, Loader=yaml.CBaseLoader)))
            if not any(isinstance(event, _TAGGED) and event.tag for event in events):
                return events
    try:
        return _one_document(list(yaml.parse(text, Loader=yaml.BaseLoader)))
    except (ValueError, OverflowError) as error:  # of chr(), or of a number in a %YAML line
        beyond = _BEYOND.search(text)
        if beyond is None:
            raise yaml.YAMLError(str(error)) from None
        line = text.count("\n", 0, beyond.start()) + 1
        raise NoCharacterError(line, beyond.group()) from None


def _one_document(events: list[Event]) -> list[Event]:
    inside = [event for event in events if not isinstance(event, _AROUND)]
    starts = [event for event in events if isinstance(event, DocumentStartEvent)]
    if len(starts) > 1:
        raise UnreadableError("found another document", starts[1])
    for event in inside:
        if isinstance(event, ScalarEvent) and (half := _HALF.search(event.value)):
            raise NoCharacterError(line_of(event), f"U+{ord(half.group()):04X}")
    return inside
