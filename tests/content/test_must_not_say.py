"""What must not be said of each shipped service: the patterns, and one sentence for each."""

from __future__ import annotations

import re
import unicodedata

import pytest

from content.catalog import Catalog
from content.rules import must_not_say
from tests.content.folder import with_more

NUMBER = r"0\d{1,4}-\d{1,4}-\d{3,4}"
MAIL = r"[\w.+-]+@[\w-]+\.[a-z]{2,}"
PATTERNS: dict[str, dict[str, tuple[str, str]]] = {
    "mymylink": {
        NUMBER: ("電話は03-1234-5678です。", "03-1234-5678"),
        MAIL: ("help＠mymylink.exampleへ送ります。", "help@mymylink.example"),
        r"\d{1,2}:\d{2}": ("受付は10：30からです。", "10:30"),
        r"(?<!数)\d+\s*営業日": ("５ 営業日で終わります。", "5 営業日"),
        r"必ず(?:すべて|全て|完全に)?削除され": (
            "情報は必ず完全に削除されます。",
            "必ず完全に削除され",
        ),
    },
    "yakukyari": {
        NUMBER: ("電話は０１２０-１１１-２２２です。", "0120-111-222"),
        r"\d+\s*営業日": ("3営業日で返事が来ます。", "3営業日"),
        r"(?:即時|即座|すぐ)に(?:個人情報が)?(?:すべて)?削除されます": (
            "送るとすぐに個人情報がすべて削除されます。",
            "すぐに個人情報がすべて削除されます",
        ),
        "アンインストール": ("ｱﾝｲﾝｽﾄｰﾙしてください。", "アンインストール"),
    },
    "careertrek": {
        NUMBER: ("電話は03-1234-5678です。", "03-1234-5678"),
        MAIL: ("info@careertrek.exampleへ送ります。", "info@careertrek.example"),
        "営業日": ("数営業日かかります。", "営業日"),
        r"アンインストール(?:すれば|で)(?:退会|完了)": (
            "アンインストールで退会できます。",
            "アンインストールで退会",
        ),
        r"退会後(?:も|に)(?:申請|受け取)(?:れます|できます)": (
            "ギフト券は退会後も申請できます。",
            "退会後も申請できます",
        ),
    },
    "apoplus": {
        r"3\s*営業日以内に.{0,6}(?:退会|削除|処理|完了)": (
            "３営業日以内に退会の処理が終わります。",
            "3営業日以内に退会の処理",
        ),
        r"マイページ(?:から|で)(?:いつでも|すぐ|簡単に)?退会できます": (
            "マイページから簡単に退会できます。",
            "マイページから簡単に退会できます",
        ),
        MAIL: ("taikai@apoplus.exampleへ送ります。", "taikai@apoplus.example"),
        r"退会すれば(?:すべての)?選考も(?:自動|すべて)": (
            "退会すればすべての選考も自動で止まります。",
            "退会すればすべての選考も自動",
        ),
    },
    "hataractive": {
        r"(?s:ht-oubo@leverages\.jp.{0,25}(?:退会|解約)(?:を|の)(?:希望|依頼|連絡))": (
            "ht-oubo@leverages.jp に、\n退会の連絡をします。",
            "ht-oubo@leverages.jp に、\n退会の連絡",
        ),
        r"\d{1,2}:\d{2}": ("受付は９：００からです。", "9:00"),
        "即日": ("即日で終わります。", "即日"),
        r"1\s*[~〜]\s*3\s*営業日": ("１～３営業日で終わります。", "1~3営業日"),
    },
}
SENTENCES = [
    pytest.param(slug, sentence, hit, id=f"{slug} {number}")
    for slug, patterns in PATTERNS.items()
    for number, (sentence, hit) in enumerate(patterns.values())
]


@pytest.mark.parametrize("slug", PATTERNS)
def test_the_patterns_are_written_in_the_services_file(catalog: Catalog, slug: str) -> None:
    """Taking one out would let its sentence in; a new one needs its sentence here."""
    assert list(catalog.services[slug].must_not_say) == list(PATTERNS[slug])


@pytest.mark.parametrize(("slug", "sentence", "hit"), SENTENCES)
@pytest.mark.parametrize("where", ["the service", "a letter"])
def test_a_sentence_that_must_not_be_said_is_told(
    catalog: Catalog, slug: str, sentence: str, hit: str, where: str
) -> None:
    """Written in whatever width, in a fact or in a letter, it is found on its line."""
    letter = min(name for name in catalog.letters if name.startswith(f"{slug}-"))
    file = f"services/{slug}.yaml" if where == "the service" else f"letters/{letter}.yaml"
    spoiled, line = with_more(catalog, file, sentence)

    found = [str(problem) for problem in must_not_say.problems(spoiled)]

    name = catalog.services[slug].name
    assert found[0] == (
        f"{file}:{line}: {name}について言ってはいけないこと（{hit}）が書かれています"
        " → 出典にある言い方に直してください"
    )
    assert all(problem.startswith(f"{file}:{line}: ") for problem in found)


@pytest.mark.parametrize("slug", PATTERNS)
def test_each_sentence_is_found_by_its_own_pattern_only(slug: str) -> None:
    """No other pattern of the service stands in for a broken one."""
    for pattern, (sentence, _) in PATTERNS[slug].items():
        normal = unicodedata.normalize("NFKC", sentence)

        assert [it for it in PATTERNS[slug] if re.search(it, normal)] == [pattern]


def test_nothing_shipped_says_any_of_it(catalog: Catalog) -> None:
    """The content shipped with the bot is clean."""
    assert list(must_not_say.problems(catalog)) == []
