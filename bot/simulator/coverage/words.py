"""What was seen, in words for staff: what each thing is called, where it stands, the way to it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.simulator.coverage.reach import NOON
from bot.simulator.coverage.seen import BUTTON, LETTER, Kind, Thing, Way
from bot.simulator.inspector import plain_words
from bot.simulator.inspector.places import row_place, say_place
from content.catalog import Catalog
from flows.conversation import LOBBY, Answer, Followed, Pressed, Say, Sent
from flows.machine import ANYWHERE, SAME
from flows.offers import answers
from flows.trail import play
from flows.turn import ERASE_DATA
from flows.withdrawal import TABLE

KINDS = {
    Kind.STATE: "状態",
    Kind.ROW: "遷移の行",
    Kind.GUARD: "条件のはい・いいえ",
    Kind.FACT: "事実",
    Kind.LETTER: "文面",
    Kind.MESSAGE: "メッセージ",
    Kind.BUTTON: "ボタン",
    Kind.INPUT: "入力の種類",
}

INPUTS = {
    BUTTON: "ボタン",
    "Picked": "言葉で答え",
    "Command": "戻る・状況など",
    "NamedService": "サービス名",
    "NamedLookalike": "似た名前",
    "SeveralServices": "複数の名前",
    "Unsupported": "案内のない名前",
    "ErasureAtService": "サービスのデータ",
    "Greeting": "あいさつ",
    "Distress": "つらい気持ち",
    "PersonalData": "個人情報",
    "Nothing": "分からない言葉",
    **plain_words.KINDS,
    "unknown": "知らない種類",
    "unknown_button": "知らないボタン",
    "follow": "友だち追加",
}
"""Every kind of input, in the order of the report."""

SIDES = {"yes": "はい", "no": "いいえ"}


def row_named(number: int) -> str:
    """Row *number* of the table in a line."""
    row = TABLE.rows[number]
    source = "どこでも" if row.source == ANYWHERE else row.source
    dest = "同じ状態" if row.dest == SAME else row.dest
    asked = f"（{plain_words.guard(row.guard.__name__)}）" if row.guard else ""
    return f"{row.trigger}: {source} → {dest}{asked}"


def service_named(slug: str, catalog: Catalog) -> str:
    """A service's name; for none, what all have in common."""
    service = catalog.services.get(slug)
    return service.name if service else "共通"


def named(thing: Thing, catalog: Catalog) -> str:
    """*thing* with its kind, to be spoken of in a sentence."""
    kind = KINDS[thing.kind]
    match thing.kind:
        case Kind.ROW:
            return f"{kind}「{row_named(int(thing.what))}」"
        case Kind.GUARD:
            return f"条件「{row_named(int(thing.what))}」の{SIDES[thing.detail]}"
        case Kind.FACT:
            return f"{kind}「{thing.service}.{thing.what}」"
        case Kind.STATE:
            return f"{kind}「{state_named(thing.what, catalog)}」"
        case _:
            return f"{service_named(thing.service, catalog)}の{kind}「{thing.what}」"


def state_named(state: str, catalog: Catalog) -> str:
    """What people call *state*, with its id."""
    text = catalog.texts.get(state)
    return f"{text.name}（{state}）" if text else state or "記録なし"


def place(thing: Thing, catalog: Catalog) -> str:
    """Where *thing* is written, as ``file:line``; "" for what is put together from elsewhere."""
    match thing.kind:
        case Kind.ROW | Kind.GUARD:
            return row_place(int(thing.what))
        case Kind.FACT:
            say = Say("", facts=(f"{thing.service}.{thing.what}",))
        case Kind.LETTER:
            say = Say(f"{LETTER}{thing.what}")
        case _:
            asked = catalog.texts.get(thing.what)
            said = asked.say if asked else catalog.phrases.get(thing.what, "")
            say = Say(thing.what, said)
    return say_place(catalog, say, thing.service, thing.what)


def path(way: Way, catalog: Catalog) -> str:
    """The way as a person goes it: the labels of the buttons, and what was sent."""
    return " › ".join(labels(way, catalog))


def labels(way: Way, catalog: Catalog) -> Iterator[str]:
    """Each deed of the way: the label of a button, or what was sent."""
    if way.meant == ERASE_DATA:
        yield f"「{catalog.words.erase[0]}」と送る"
        yield catalog.texts["confirming_erasure"].buttons["mean_service"]
    elif way.meant:
        yield f"「{catalog.reasons[way.meant]}」と送る"
    moves: list[Answer] = []
    for move in way.moves:
        yield label(way, moves, move, catalog)
        moves.append(move)
    match way.event:
        case Pressed() as pressed:
            move = Answer(pressed.state, pressed.trigger, pressed.argument)
            yield label(way, moves, move, catalog)
        case Sent(kind):
            yield f"（{INPUTS.get(kind, kind)}を送る）"
        case Followed():
            yield "（友だち追加）"
        case typed:
            yield f"「{typed.text}」と送る"


def label(way: Way, made: list[Answer], move: Answer, catalog: Catalog) -> str:
    """What the button of *move* reads after the moves *made*; for a word, the word."""
    words = {"review": catalog.words.review[0], "erase": catalog.words.erase[0]}
    if move.trigger in words:
        return f"「{words[move.trigger]}」と送る"
    if move.state == "choosing_service":
        slug, _, lookalike = move.argument.partition("/")
        service = catalog.services.get(slug)
        if service and lookalike in service.lookalikes:
            return service.lookalikes[lookalike].name
        return "・".join(service_named(name, catalog) for name in slug.split("+"))
    turn = play(catalog, way.service or LOBBY, made, NOON, way.meant)
    for choice in answers(turn):
        if (choice.press.trigger, choice.press.argument) == (move.trigger, move.argument):
            return choice.label
    shown = catalog.texts[move.state].buttons if move.state in catalog.texts else {}
    return shown.get(move.trigger) or f"{move.trigger} {move.argument}".strip()  # an older button
