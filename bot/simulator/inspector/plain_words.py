"""What the flow made of an event, told to staff in Japanese: how it was read, what was asked."""

from __future__ import annotations

from bot.simulator.watch import Told
from bot.store.port import Outcome
from content.catalog import Catalog
from flows.conversation import Followed, Pressed, Sent
from flows.tracing import Trace
from flows.understanding import (
    Command,
    Distress,
    ErasureAtService,
    Greeting,
    NamedLookalike,
    NamedService,
    Nothing,
    PersonalData,
    Picked,
    Reading,
    SeveralServices,
    Unsupported,
)

GUARDS = {
    "rewards_a_found_job": "転職が決まったことへの特典がある",
    "rewards_a_balance": "退会で消える、貯めたものがある",
    "reason_is_open": "退会の理由がまだ分からない",
    "has_alternatives": "この理由に合う、退会のほかの方法がある",
    "has_several_methods": "退会の方法が二つ以上ある",
    "has_login_help": "ログインできないときの助けが書いてある",
}
"""What each guard of flows/withdrawal.py asks, as a sentence that is so or not."""

KINDS = {
    "sticker": "スタンプ",
    "image": "画像",
    "video": "動画",
    "audio": "音声",
    "file": "ファイル",
    "location": "位置情報",
}
"""What people send besides words."""

COMMANDS = {
    "back": "一つ前に戻る",
    "restart": "最初から",
    "review": "状況を見る",
    "help": "使い方を見る",
    "erase": "このボットのデータを消す",
}

OUTCOMES = {
    Outcome.LATE: "前の出来事より古いので、今の質問だけをもう一度示しました",
    Outcome.STALE: "一日より古いので、受けとった記録だけを残しました",
    Outcome.DROPPED: "データを消す前の出来事なので、捨てました",
    Outcome.ERASED: "この人のことを忘れました",
    Outcome.QUARANTINED: "処理できなかったので、おわびだけを返しました",
    Outcome.COALESCED: "短い間にたくさん届いたので、今の質問だけをもう一度示しました",
    Outcome.UNSENT: "読む前に取り消されたので、捨てました",
    Outcome.STANDBY: "ほかのボットが話している間なので、見送りました",
    Outcome.FOREIGN: "ほかのチャネルあてなので、見送りました",
    Outcome.DUPLICATE: "前に受けとった出来事なので、何もしませんでした",
}
"""What became of an event in which the flow had no say."""

ANSWERED_BEFORE = OUTCOMES[Outcome.DUPLICATE]

BESIDE = {Outcome.LATE, Outcome.COALESCED, Outcome.QUARANTINED}
"""Outcomes in which the flow was asked something else than what was done."""


def understood(told: Told | None, trace: Trace | None, catalog: Catalog) -> str:
    """One sentence on how an event was taken: *trace* is the flow's step, if it was asked."""
    if told is None:
        return "会話の流れには渡りませんでした"
    if trace is None or told.outcome in BESIDE:
        return OUTCOMES.get(told.outcome, "会話の流れには渡りませんでした")
    match trace.event:
        case Pressed() as pressed:
            return f"ボタン：{_press(pressed, catalog)}"
        case Sent(kind):
            return f"文字ではないもの（{kind}）：今の質問をもう一度示します"
        case Followed():
            return "友だち追加：最初の質問を示します"
    return _reading(trace.reading or Nothing(), catalog)


def guard(name: str) -> str:
    """What the guard *name* asks; its name where nobody has put that in words."""
    return GUARDS.get(name, name)


def _reading(reading: Reading, catalog: Catalog) -> str:
    match reading:
        case Picked(choice):
            return f"ボタン「{choice.label}」と同じ意味の言葉"
        case Command(name):
            return f"どこでも使える言葉：{COMMANDS[name]}"
        case NamedService(slug):
            return f"サービスの名前：{_service(slug, catalog)}"
        case NamedLookalike(slug, key):
            lookalike = catalog.services[slug].lookalikes[key]
            return f"まぎらわしい名前：{lookalike.name}（{_service(slug, catalog)}に似ている）"
        case SeveralServices(slugs):
            return f"いくつかのサービス：{'、'.join(_service(slug, catalog) for slug in slugs)}"
        case Unsupported():
            return "まだ案内のないサービス：一般的な手順へ"
        case ErasureAtService(slug):
            return f"サービスに残るデータを消したい：{_service(slug, catalog) or '今のサービス'}"
        case Distress():
            return "つらい気持ち：窓口を伝え、質問はそのまま"
        case PersonalData():
            return "個人情報らしい言葉：読まずに捨て、質問はそのまま"
        case Greeting():
            return "あいさつ、または退会したいという言葉：今の質問を示します"
        case Nothing():
            return "分からない言葉：言いかえてもう一度聞きます"


def _press(pressed: Pressed, catalog: Catalog) -> str:
    text = catalog.texts.get(pressed.state)
    state = text.name if text else pressed.state
    label = text.buttons.get(pressed.trigger, "") if text else ""
    what = label or f"{pressed.trigger} {_service(pressed.argument, catalog)}".strip()
    return f"「{state}」の「{what}」"


def _service(slug: str, catalog: Catalog) -> str:
    service = catalog.services.get(slug)
    return service.name if service else slug
