"""LINE's limits in the words of whoever writes content: what each is a limit of, and its unit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.line.measure import Unit

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "messages": "一度に送るメッセージの数",
        "request": "一度に送るデータ全体の大きさ",
        "text": "本文",
        "text.emojis": "本文のLINE絵文字の数",
        "textV2": "本文（差しこみあり）",
        "textV2.substitution": "本文の差しこみの数",
        "textV2.substitution.key": "差しこみの名前",
        "textV2.mentions": "本文のメンションの数",
        "textV2.emojis": "本文のLINE絵文字の数（差しこみ）",
        "quickReply.items": "返信の候補の数",
        "quickReply.label": "返信の候補の言葉",
        "quickReply.imageUrl": "返信の候補の画像のアドレス",
        "sender.name": "話し手の名前",
        "sender.iconUrl": "話し手のアイコンのアドレス",
        "flex.altText": "通知に出る言葉",
        "flex.bubble": "カード1枚の大きさ",
        "flex.carousel": "並んだカード全体の大きさ",
        "flex.carousel.bubbles": "並んだカードの枚数",
        "flex.label": "ボタンの言葉",
        "flex.imageUrl": "カードの画像のアドレス",
        "flex.animated": "動く画像の数",
        "postback.data": "ボタンが送るデータ",
        "postback.displayText": "ボタンを押すと出る言葉",
        "postback.text": "ボタンを押すと送られる言葉（古い形）",
        "postback.fillInText": "ボタンを押すと入力欄に入る言葉",
        "message.text": "ボタンを押すと送られる言葉",
        "uri": "リンクのアドレス",
        "clipboard.clipboardText": "コピーする文",
        "datetimepicker.data": "日時のボタンが送るデータ",
        "camera.label": "カメラのボタンの言葉",
        "cameraRoll.label": "写真のボタンの言葉",
        "location.label": "位置情報のボタンの言葉",
        "richmenuswitch.data": "メニューを替えるボタンが送るデータ",
        "richmenuswitch.label": "メニューを替えるボタンの言葉",
        "template.altText": "通知に出る言葉",
        "template.label": "テンプレートのボタンの言葉",
        "buttons.title": "ボタンテンプレートの題",
        "buttons.text": "ボタンテンプレートの文",
        "buttons.text.beside_title_or_image": "ボタンテンプレートの文（題か画像があるとき）",
        "buttons.actions": "ボタンテンプレートのボタンの数",
        "confirm.text": "確認テンプレートの文",
        "confirm.actions": "確認テンプレートのボタンの数",
        "carousel.columns": "カルーセルの枚数",
        "carousel.title": "カルーセルの題",
        "carousel.text": "カルーセルの文",
        "carousel.text.beside_title_or_image": "カルーセルの文（題か画像があるとき）",
        "carousel.actions": "カルーセル1枚のボタンの数",
        "image_carousel.columns": "画像カルーセルの枚数",
        "image_carousel.label": "画像カルーセルの言葉",
        "imagemap.altText": "通知に出る言葉",
        "imagemap.actions": "イメージマップの押せる場所の数",
        "imagemap.uri": "イメージマップのリンクのアドレス",
        "imagemap.text": "イメージマップを押すと送られる言葉",
        "imagemap.clipboardText": "イメージマップでコピーする文",
        "imagemap.label": "イメージマップの場所の名前",
        "media.url": "画像・動画・音声のアドレス",
        "location.title": "場所の名前",
        "location.address": "場所の住所",
        "coupon.deliveryTag": "クーポンの配信タグ",
    }
)
"""What each limit of ``bot/line/limits.yaml`` that a message can meet is a limit of."""

UNITS: Mapping[Unit, str] = MappingProxyType(
    {Unit.UTF16: "文字", Unit.GRAPHEMES: "文字", Unit.ITEMS: "個", Unit.BYTES: "バイト"}
)


def says(what: str) -> str:
    """The limit called *what* in Japanese; its own name where nobody has put that in words."""
    return WORDS.get(what, what)
