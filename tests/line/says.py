"""What the flow may say, for the tests: a few that look like ours, and any at all."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.line.speak import Wording
from flows.conversation import Button, Call, Card, Choice, Copy, Link, Pressed, Say

WORDING = Wording(alt_text="ご案内があります", choices_lead="番号でも選べます。")


def choice(label: str, trigger: str = "choose", turn: int = 3) -> Choice:
    return Choice(label, Pressed("example-navi", "choosing", trigger, "", turn))


QUESTION = Say(
    "checking_selection",
    text="いま選考中の応募はありますか？",
    choices=(choice("ない", "none"), choice("ある", "some"), choice("戻る", "back")),
)

STEPS = Card(
    title="エグザンプルナビの退会手順",
    text="メールで申し込みます。5分ほどで終わります。",
    items=("文面をコピーします。", "登録したメールアドレスから送ります。", "返事を待ちます。"),
    numbered=True,
    note="2026年8月20日に公式ページで確認しました。",
    buttons=(
        Copy("文面をコピー", "退会を希望します。\n氏名：【　】"),
        Call("電話する", "0120-000-000"),
        Link("公式の退会フォームを開く（外部サイト）", "https://example.jp/退会?a=b%20c#d"),
    ),
)

PANEL = Say(
    "showing_steps",
    cards=(STEPS,),
    choices=(choice("送りました", "send"), choice("まだです", "wait"), choice("戻る", "back")),
)

SERVICES = Say(
    "choosing_service",
    cards=tuple(
        Card(name, text="転職サイト", items=("応募履歴",), buttons=(choice("これを退会する"),))
        for name in ("エグザンプルナビ", "サンプルエージェント", "見本スカウト")
    ),
)

TURN = (Say("recap", text="おかえりなさい。"), SERVICES, PANEL)


# --- any at all: every Say that keeps to LINE's counts --------------------------------------

CHARACTERS = st.characters(codec="utf-8")
"""Whatever can be sent at all: anything but half a surrogate pair."""


def words(longest: int) -> st.SearchStrategy[str]:
    """Text with something to read in it, of at most *longest* characters of one unit each."""
    narrow = st.characters(codec="utf-8", max_codepoint=0xFFFF)
    return st.text(narrow, max_size=longest).filter(lambda text: bool(text.strip()))


PRESSES = st.builds(
    Pressed,
    service=st.sampled_from(["", "example-navi"]),
    state=st.sampled_from(["choosing", "showing_steps"]),
    trigger=st.sampled_from(["choose", "back", "leave"]),
    argument=st.text(CHARACTERS, max_size=8),
    turn=st.integers(0, 10**6),
)
QUICK = st.lists(st.builds(Choice, words(20), PRESSES), max_size=13).map(tuple)
BUTTONS: st.SearchStrategy[Button] = st.one_of(
    st.builds(Choice, words(40), PRESSES),
    st.builds(Call, words(40), st.from_regex(r"0[0-9]{1,3}-[0-9]{2,4}-[0-9]{4}", fullmatch=True)),
    st.builds(Copy, words(40), words(1_000)),
    st.builds(
        Link, words(40), st.text(CHARACTERS, max_size=20).map(lambda t: f"https://example.jp/{t}")
    ),
)
CARDS = st.builds(
    Card,
    title=words(40),
    text=st.just("") | words(200),
    items=st.lists(words(60), max_size=6).map(tuple),
    numbered=st.booleans(),
    note=st.just("") | words(80),
    buttons=st.lists(BUTTONS, max_size=3).map(tuple),
)
SAYS = st.builds(Say, id=st.just("any"), text=words(500), choices=QUICK) | st.builds(
    Say, id=st.just("any"), cards=st.lists(CARDS, min_size=1, max_size=3).map(tuple), choices=QUICK
)
