"""A number with a unit that no fact has is told, wherever somebody types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.catalog import Catalog
from content.problems import Problem
from content.rules import agreement, numbers
from tests.content.folder import shipped, with_more

LETTERS = {
    "apoplus": "apoplus-nudge",
    "careertrek": "careertrek-gift",
    "hataractive": "hataractive-nudge",
    "mymylink": "mymylink-nudge",
    "yakukyari": "yakukyari-nudge",
}
"""One letter of each service that no other hands over."""

OURS = {
    "apoplus": "help_phone_closed",
    "careertrek": "gift_now_unknown",
    "hataractive": "chase_after",
    "mymylink": "undated",
    "yakukyari": "points_unknown",
}
WRONG = {
    "apoplus": ["平日10時から19時", "7営業日", "2024年9月", "５，０００円"],
    "careertrek": ["3,000円分", "2週間", "五営業日", "2021年1月"],
    "hataractive": ["3営業日", "一か月", "午前九時", "60秒"],
    "mymylink": ["5営業日", "平日9:00〜18:00", "3日", "千円"],
    "yakukyari": ["1営業日", "半年", "500ポイント", "9時"],
}
RIGHT = {
    "apoplus": ["平日9時から18時", "午後六時", "一～三営業日", "２０２５年９月時点"],
    "careertrek": ["５千円", "¥5,000", "二、三日", "令和2年12月時点", "2022年12月"],
    "hataractive": ["５営業日", "五 営業日", "30 秒"],
    "mymylink": ["７日", "2021年2月"],
    "yakukyari": ["１分", "60秒"],
}


def pairs(sentences: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Service and sentence, one a test."""
    return [(slug, said) for slug, every in sentences.items() for said in every]


def test_the_shipped_content_has_no_number_that_nothing_has(catalog: Catalog) -> None:
    """And no two facts that rest on one line of an article differ."""
    assert [*numbers.problems(catalog), *agreement.problems(catalog)] == []


@pytest.mark.parametrize(("slug", "said"), pairs(WRONG))
def test_a_number_of_no_fact_is_told_in_a_letter(catalog: Catalog, slug: str, said: str) -> None:
    """With the service that has no such fact, at the line of the text."""
    file = f"letters/{LETTERS[slug]}.yaml"
    spoiled, line = with_more(catalog, file, f"ご返信は{said}でお願いします。")

    found = list(numbers.problems(spoiled))

    assert found
    assert {(it.file, it.line) for it in found} == {(file, line)}
    name = catalog.services[slug].name
    assert all(f"は{name}のどの事実にもありません" in it.what for it in found)
    assert {it.mend for it in found} == {"事実を書くか、文を直してください"}


@pytest.mark.parametrize(("slug", "said"), pairs(RIGHT))
def test_a_number_of_a_fact_may_be_spelt_otherwise(catalog: Catalog, slug: str, said: str) -> None:
    """Width, kanji, another calendar or clock: what a fact has may be said in a letter."""
    file = f"letters/{LETTERS[slug]}.yaml"
    spoiled, _ = with_more(catalog, file, f"ご案内は{said}と伺いました。")

    assert list(numbers.problems(spoiled)) == []


@pytest.mark.parametrize(("slug", "said"), pairs(WRONG))
def test_advice_of_our_own_brings_no_number(tmp_path: Path, slug: str, said: str) -> None:
    """A fact without a source says only what one with a source has, or that it is a suggestion."""
    folder = shipped(tmp_path)
    file = f"services/{slug}.yaml"
    before = f"  {OURS[slug]}:\n    text: "
    line = folder.swap(file, before, f"{before}目安は{said}です。") + 1

    found = [it for it in folder.problems() if "出典のあるどの事実にもありません" in it]

    assert found
    assert all(it.startswith(f"{file}:{line}: 「") for it in found)
    folder.swap(file, f"目安は{said}です。", f"私たちからの提案です。目安は{said}です。")
    assert not [it for it in folder.problems() if "出典のあるどの事実にもありません" in it]


@pytest.mark.parametrize(
    ("file", "old", "new", "here", "told", "there", "other"),
    [
        (
            "services/hataractive.yaml",
            "送ったあと、5営業日以内に",
            "送ったあと、3営業日以内に",
            "手続きを待ちます。5営業日以内に",
            "「5営業日」は、記事の同じ行（8）による form_five_days",
            "送ったあと、3営業日以内に",
            "「3営業日」",
        ),
        (
            "services/careertrek.yaml",
            "ギフト券5,000円は受け取れません",
            "ギフト券3,000円分は受け取れません",
            "ギフト券3,000円分は受け取れません",
            "「3,000円」は、記事の同じ行（33）による gift_lost_after",
            "ギフト券5,000円は申請できず",
            "「5,000円」",
        ),
        (
            "services/apoplus.yaml",
            "0120-332-290（平日9:00〜18:00）にかけます",
            "0120-332-290（平日10時から19時）にかけます",
            "0120-332-290（平日10時から19時）にかけます",
            "「10時・19時」は、記事の同じ行（8）による phone",
            'hours: {days: weekdays, open: "9:00", close: "18:00"}',
            "「9:00・18:00」",
        ),
        (
            "services/careertrek.yaml",
            "よっては2〜3日届く",
            "よっては2〜4日届く",
            "よっては2〜3日は届く",
            "「2〜3日」は、記事の同じ行（51）による mails_two_three_days",
            "よっては2〜4日届く",
            "「2〜4日」",
        ),
    ],
)
def test_facts_of_one_line_of_an_article_agree(
    tmp_path: Path, file: str, old: str, new: str, here: str, told: str, there: str, other: str
) -> None:
    """A fact brings its own number, but another that rests on the same line may not differ."""
    folder = shipped(tmp_path)
    folder.swap(file, old, new)

    told = f"{told}（{folder.line(file, there)} 行目）の{other}と違います"
    mend = "記事を見て、違うほうの数か lines を直してください"
    assert f"{file}:{folder.line(file, here)}: {told} → {mend}" in folder.problems()


def test_a_fact_may_say_less_than_its_line(tmp_path: Path) -> None:
    """Of the hours, only when they begin; and in words of its own."""
    folder = shipped(tmp_path)
    folder.swap("services/apoplus.yaml", "（平日9:00〜18:00）にかけます", "（朝9時から）にかけます")

    assert folder.problems() == []


def test_the_month_of_an_article_is_no_other_month(tmp_path: Path) -> None:
    """Not even one that a fact of the same service has."""
    folder = shipped(tmp_path)
    line = folder.swap(
        "services/careertrek.yaml", "これは2020年12月時点の", "これは2022年12月時点の"
    )

    assert folder.problems() == [
        f"services/careertrek.yaml:{line}: キャリトレの出典に「2022年12月」のものはありません"
        " → 文の年月か、sources の as_of を直してください"
    ]


def test_the_days_to_wait_are_those_of_a_fact(tmp_path: Path) -> None:
    """The bot counts a date from them, so no sentence would show the mistake."""
    folder = shipped(tmp_path)
    line = folder.swap("services/hataractive.yaml", "business_days: 5", "business_days: 4")

    assert folder.problems() == [
        f"services/hataractive.yaml:{line}: 「4営業日」はハタラクティブのどの事実にもありません"
        " → 事実を書くか、文を直してください"
    ]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("phrases.yaml", "約5分"),
        ("texts/withdrawal.yaml", "30日以内"),
        ("reasons.yaml", "1年"),
        ("fields.yaml", "5,000円"),
    ],
)
def test_what_is_said_of_every_service_has_no_number(
    catalog: Catalog, file: str, said: str
) -> None:
    """Only the hours of public desks, and that our own questions take about a minute."""
    spoiled, line = with_more(catalog, file, f"（{said}）")
    written = said.removeprefix("約").removesuffix("以内")

    assert list(numbers.problems(spoiled)) == [
        Problem(
            file,
            line,
            f"「{written}」は desks.yaml と law.yaml のどこにもありません",
            "数を使わずに書くか、{ } で事実から入れてください",
        )
    ]
    assert list(numbers.problems(with_more(catalog, file, "（24時間、平日9時30分〜)")[0])) == []


def test_a_letter_of_several_services_needs_the_number_from_each(catalog: Catalog) -> None:
    """What one of them has, another has not."""
    spoiled, _ = with_more(catalog, "letters/selection-decline.yaml", "5営業日お待ちください。")

    lacking = {it.what.split("は")[1].split("のどの")[0] for it in numbers.problems(spoiled)}

    assert "ハタラクティブ" not in lacking
    assert {"キャリトレ", "薬キャリ"} <= lacking
