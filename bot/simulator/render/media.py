"""Messages that are one thing to look at, listen to or find on a map.

Nothing is loaded from outside: a picture, a film or a sticker is stood in for by a frame of its
shape, with its kind and its address.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.simulator.render.areas import areas, shape
from bot.simulator.render.flex_parts import picture
from bot.simulator.render.markup import Html, as_list, as_mapping, as_text, css, element

Message = Mapping[str, object]


def image(given: Message) -> Html:
    """An image; LINE shows its preview and opens the original at a tap."""
    return picture("画像", as_text(given.get("originalContentUrl")), "is-image")


def video(given: Message) -> Html:
    """A film, to be started."""
    return picture("▶ 動画", as_text(given.get("originalContentUrl")), "is-image")


def audio(given: Message) -> Html:
    """A sound, with how long it lasts: LINE tells that in minutes and seconds."""
    length = given.get("duration")
    seconds = length // 1000 if type(length) is int and 0 <= length < 10**9 else 0
    told = f"▶ 音声 {seconds // 60}:{seconds % 60:02}"
    return picture(told, as_text(given.get("originalContentUrl")), "is-audio")


def sticker(given: Message) -> Html:
    """A sticker, by its two numbers."""
    number = f"{as_text(given.get('packageId'))} / {as_text(given.get('stickerId'))}"
    return picture("スタンプ", number, "is-sticker")


def location(given: Message) -> Html:
    """A place: a map, its name and its address."""
    return element(
        "div",
        picture("地図", _coordinates(given), "is-map"),
        element("p", as_text(given.get("title")), class_="place-title"),
        element("p", as_text(given.get("address")), class_="place-address"),
        class_="place",
    )


def imagemap(given: Message) -> Html:
    """A picture with places to tap, which LINE does not mark; here they have a frame."""
    size = as_mapping(given.get("baseSize"))
    actions = [as_mapping(action) for action in as_list(given.get("actions"))]
    places = [(as_mapping(action.get("area")), action) for action in actions]
    return element(
        "div",
        picture("画像", as_text(given.get("baseUrl")), "is-image"),
        *areas(size, places),
        class_="map",
        role="group",
        aria_label=as_text(given.get("altText")) or "押せる場所のある画像",
        data_css=css({"aspect-ratio": shape(size)}),
    )


def _coordinates(given: Message) -> str:
    there = given.get("latitude"), given.get("longitude")
    return ", ".join(f"{each:.5f}" for each in there if type(each) in (int, float))
