"""What can be typed at the prompt besides words, as /help tells it."""

from __future__ import annotations

from bot.simulator.happenings import SENDABLE

HELP = f"""\
文字はそのまま送られます。番号を打つと、その番号のボタンを押します。
日時を選ぶボタンは、番号のあとに日時を打ちます（1 2026-04-01T10:00）。
/old           前のメッセージのボタンを並べます。/tap 2 で、その2番を押します
/send 種類     スタンプなどを送ります（{" ".join(SENDABLE)}）
/sticker /image  上の短い形です
/say 1         ボタンを押さずに「1」と送ります（/ で始まる文字も）
/unsend        最後のメッセージの送信を取り消します
/state         いまの状態・サービス・答えと、最後の番がどう読まれ、どの行で動いたか
/undo          最後の一つを取り消して、その前に戻ります
/jump 状態 サービス  新しい人として、その状態までいちばん短い道で進みます（サービスは省けます）
/clock +24h    時計を進めます（30s 5m 24h 3d）
/dup /redeliver  最後のイベントをもう一度届けます
/fault         起こせる故障を並べます。/fault 429 2 で次の2回に起こし、/fault off ですべて直します
/arrive        ボットへ届く途中のものを、いま届けます（時計を1分進めても届きます）
/user 名前     別の人になります
/follow /block   友だち追加・ブロック
/save ファイル   ここまでの会話を、テストの形（YAML）で書き出します
/quit          終わります（Ctrl-Dでも）"""


def number(words: str, example: str) -> int:
    """The whole number that *words* are. Raises ValueError with *example* for anything else."""
    if not words.isdecimal():
        raise ValueError(f"数で書いてください（例：{example}）")
    return int(words)


def sendable(kind: str) -> str:
    """*kind*, which can be sent. Raises ValueError with all that can."""
    if kind not in SENDABLE:
        raise ValueError(f"「{kind}」は送れません。送れるもの：{'・'.join(SENDABLE)}")
    return kind
