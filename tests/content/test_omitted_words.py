"""The same twenty in their words: numbers, names and what is asked for, exactly."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from content.catalog import Catalog
from flows.walk import Arrival
from tests.content.test_facts_shown import words

SAID = {
    "careertrek.gift_lost_after": ("ギフト券5,000円", "受け取れなくなります"),
    "careertrek.gift_again": ("ギフト券5,000円", "先に申請してください"),
    "careertrek.uninstall_not_leaving": ("アンインストール", "退会になりません"),
    "careertrek.uninstall_data_stay": ("サーバーに残ります",),
    "careertrek.account_gone": ("元に戻せません",),
    "careertrek.chat_stops": ("チャットが使えなくなります",),
    "careertrek.as_of_2020": ("2020年12月時点",),
    "careertrek.closed_reported": ("2022年12月", "情報があります", "公式には確認できていません"),
    "careertrek.step_stop_mails": ("「メールの配信設定」",),
    "yakukyari.points_vanish": ("m3ポイント", "消えます"),
    "yakukyari.points_use_up": ("使い切ってから退会",),
    "yakukyari.step_send_mail": ("taikai@m3.com",),
    "yakukyari.prepare_three": ("「施設名」", "「m3.comのID」", "「登録しているメールアドレス」"),
    "yakukyari.help_fill_three": ("一つでも抜けると",),
    "yakukyari.pause_possible": ("休止",),
    "apoplus.not_automatic": ("すべて自動で止まるとは限りません", "案件ごとに停止"),
    "apoplus.soon_direct": ("日程の直前", "応募先へ直接連絡"),
    "apoplus.erase_three": ("「消去」", "「利用停止」", "「第三者提供の停止」"),
    "apoplus.mail_stop_not_erasure": ("別のこと", "両方"),
    "apoplus.mypage_unconfirmed": ("マイページからの退会は案内を確認できませんでした",),
    "apoplus.touroku_has_mypage": ("登録販売者", "別のサービス"),
    "apoplus.step_phone_call": ("0120-332-290", "平日9:00〜18:00"),
    "apoplus.prepare_identity": (
        "氏名",
        "フリガナ",
        "生年月日",
        "登録時のメールアドレス",
        "電話番号",
    ),
    "apoplus.chase_days": ("1〜3営業日", "連絡がなければ"),
    "apoplus.chase_not_promise": ("処理にかかる日数ではありません",),
    "apoplus.dated": ("2025年9月時点",),
    "apoplus.step_pause_dates": ("開始日", "再開の目安"),
    "hataractive.as_registered": ("登録時の電話番号とメールアドレス", "残るおそれ"),
    "hataractive.change_address_only": ("ht-oubo@leverages.jp", "退会には使いません"),
    "hataractive.form_five_days": ("5営業日以内", "とされています"),
    "hataractive.step_phone_call": ("0120-979-185",),
    "hataractive.phone_hours_unknown": ("受付時間は確認できていません",),
    "hataractive.rejoin_from_scratch": ("はじめから入れ直します",),
    "hataractive.rejoin_counselling": ("カウンセリングをもう一度",),
    "mymylink.unconfirmed": ("確認できていません",),
    "mymylink.then_form": ("問い合わせフォームや電話",),
    "mymylink.kept_then_deleted": ("すぐには消えず",),
    "mymylink.company_copies_stay": ("企業の側に残った情報",),
    "mymylink.save_before": ("退会の前に控えて",),
    "mymylink.pause_unknown": ("一時的な利用停止", "確認できていません"),
    "yakukyari.kept_for_period": ("すぐには消えません",),
    "yakukyari.no_restore": ("元に戻せません",),
}


@pytest.mark.parametrize("fact", SAID)
def test_the_fact_says_what_matters(catalog: Catalog, fact: str) -> None:
    """Reworded it may be; its number, its name and its warning stay."""
    slug, key = fact.split(".")
    text = catalog.services[slug].facts[key].text

    assert [part for part in SAID[fact] if part not in text] == []


@pytest.mark.parametrize(
    ("letter", "blanks", "parts"),
    [
        ("yakukyari-withdrawal-mail", {"facility", "m3_id", "registered_mail"},
         ("施設名：", "m3.comのID：", "登録しているメールアドレス：")),
        ("apoplus-withdrawal",
         {"registered_name", "name_kana", "birth_date", "registered_mail", "phone", "advisor",
          "selection_status"},
         ("消去（削除）", "利用の停止", "第三者への提供の停止", "選考の停止を直ちに", "本日付")),
        ("apoplus-phone", {"name_kana", "birth_date", "registered_mail", "phone"},
         ("個人情報の削除", "利用停止", "第三者提供の停止", "案件ごとに選考の停止")),
        ("apoplus-consultant", {"registered_name", "name_kana", "birth_date", "registered_mail"},
         ("消去", "利用の停止", "第三者への提供の停止")),
        ("apoplus-case-stop", {"company", "position"}, ("選考の停止を直ちに",)),
        ("apoplus-pause", {"start_date", "resume_date"}, ("停止を始める日", "再開の目安")),
        ("hataractive-form", {"registered_phone", "registered_mail"},
         ("登録時の電話番号", "登録時のメールアドレス")),
        ("hataractive-phone", {"registered_phone", "registered_mail"}, ("登録時の電話番号",)),
        ("hataractive-advisor", {"registered_phone", "registered_mail"}, ("登録時の電話番号",)),
        ("hataractive-nudge", {"registered_phone", "registered_mail"}, ("登録時の電話番号",)),
        ("yakukyari-pause", {"start_date", "resume_date"}, ("休止の開始日", "再開の目安")),
        ("mymylink-withdrawal", {"registered_name", "registered_mail", "registered_phone"},
         ("手続きが終わるまでの日数", "本人確認に必要な書類")),
        ("careertrek-chat-move", {"mail_for_company", "phone_for_company"},
         ("チャットが使えなくなります",)),
    ],
)  # fmt: skip
def test_the_letter_asks_for_what_matters(
    catalog: Catalog, letter: str, blanks: set[str], parts: tuple[str, ...]
) -> None:
    """The items a service needs are blanks of the letter, and what is asked for stands in it."""
    written = catalog.letters[letter]

    assert blanks <= set(written.fields)
    assert [part for part in parts if part not in written.text] == []


def test_nobody_is_told_that_one_to_three_days_are_a_promise(
    everywhere: Mapping[str, list[Arrival]],
) -> None:
    """Where アポプラス names its days, it says in the same message what they are for."""
    says = [say for it in everywhere["apoplus"] for say in it.says]
    naming = [say for say in says if "apoplus.chase_days" in say.facts and say.id == "chase"]

    assert naming
    assert all("apoplus.chase_not_promise" in say.facts for say in naming)
    assert not any("3営業日以内" in words(say) for say in says)


def test_the_number_without_hours_never_stands_alone(
    everywhere: Mapping[str, list[Arrival]],
) -> None:
    """Beside 0120-979-185 as a contact it is said that its hours are not known."""
    says = [say for it in everywhere["hataractive"] for say in it.says]
    naming = [say for say in says if "hataractive.contacts.phone" in say.facts]

    assert naming
    assert all("受付時間は確認できていません" in words(say) for say in naming)
