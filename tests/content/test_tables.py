"""Services side by side: ways to leave, what each asks for, reasons, rewards, days, names."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.understanding import NamedLookalike, NamedService, understand

_APOPLUS = {
    "registered_name", "name_kana", "birth_date", "registered_mail", "phone", "advisor",
    "selection_status",
}  # fmt: skip
NEEDS: dict[str, dict[str, set[str]]] = {
    "mymylink": {
        "mypage": {"registered_mail"},
        "form": {"registered_name", "registered_mail", "registered_phone"},
        "phone": {"registered_name", "registered_mail", "registered_phone"},
    },
    "yakukyari": {
        "mail": {"facility", "m3_id", "registered_mail"},
        "consultant": {"advisor", "name"},
        "deletion_form": {"name", "registered_mail", "phone", "prefecture", "city", "street",
                          "form_reason"},
    },
    "careertrek": {"app": set()},
    "apoplus": {"phone": _APOPLUS, "form": _APOPLUS, "consultant": _APOPLUS},
    "hataractive": {
        "form": {"registered_phone", "registered_mail"},
        "phone": {"registered_phone", "registered_mail"},
        "advisor": {"advisor", "registered_phone", "registered_mail"},
    },
}  # fmt: skip
"""Service → way to leave, in the order offered → what is asked for there."""

ALL = (
    "decided_here", "decided_elsewhere", "stopping", "resting", "too_many_contacts",
    "no_good_jobs", "no_scouts", "advisor_mismatch", "dissatisfied", "focusing_elsewhere",
    "erase_data", "registered_by_mistake", "unsaid",
)  # fmt: skip
NOT_ASKED = {
    "mymylink": {"decided_elsewhere", "no_good_jobs", "no_scouts", "advisor_mismatch",
                 "registered_by_mistake"},
    "yakukyari": {"no_scouts"},
    "careertrek": {"advisor_mismatch", "registered_by_mistake"},
    "apoplus": {"no_scouts", "registered_by_mistake"},
    "hataractive": {"no_scouts", "registered_by_mistake"},
}  # fmt: skip
"""Service → reasons it has no use for."""

INSTEAD = {
    "mymylink": {"stopping": "think_reuse", "resting": "ask_pause",
                 "too_many_contacts": "ask_pause", "dissatisfied": "ask_pause",
                 "erase_data": "ask_deletion"},
    "yakukyari": {"resting": "pause", "too_many_contacts": "pause", "no_good_jobs": "use_beside",
                  "advisor_mismatch": "advisor_change", "dissatisfied": "talk_first",
                  "focusing_elsewhere": "use_beside"},
    "careertrek": {"decided_here": "keep", "decided_elsewhere": "keep", "stopping": "keep",
                   "resting": "mail_settings", "too_many_contacts": "mail_settings",
                   "no_good_jobs": "profile", "no_scouts": "profile", "dissatisfied": "ask_desk",
                   "focusing_elsewhere": "mail_settings"},
    "apoplus": {"stopping": "pause", "resting": "pause", "too_many_contacts": "frequency",
                "no_good_jobs": "conditions", "advisor_mismatch": "advisor_change",
                "dissatisfied": "frequency", "focusing_elsewhere": "pause"},
    "hataractive": {"stopping": "info_only", "resting": "info_only",
                    "too_many_contacts": "no_applying", "no_good_jobs": "conditions",
                    "advisor_mismatch": "advisor_change", "dissatisfied": "conditions"},
}  # fmt: skip
"""Service → reason → what is offered first; where nothing is named, nothing is invented."""

FORM_REASONS = {
    "registered_by_mistake": "間違い登録のため(薬剤師ではない)",
    "stopping": "転職を取りやめたため",
    "resting": "転職を取りやめたため",
    "decided_here": "就職先が決まったため",
    "decided_elsewhere": "就職先が決まったため",
    "dissatisfied": "サービス内容に不満があった",
    "advisor_mismatch": "サービス内容に不満があった",
    "no_good_jobs": "サービス内容に不満があった",
    "default": "その他",
}

CALLED = {
    "mymylink": ("マイマイリンク", "まいまいりんく", "MyMylink", "mymylink", "my my link",
                 "マイマイ", "マイマイリング", "マイリンク"),
    "yakukyari": ("薬キャリ", "やくきゃり", "ヤクキャリ", "薬きゃり", "yakukyari", "yakucari",
                  "薬キャリア", "約キャリ"),
    "careertrek": ("キャリトレ", "きゃりとれ", "キャリアトレック", "きゃりあとれっく", "careertrek",
                   "career trek", "キャリトレー", "キャリアトレ"),
    "apoplus": ("アポプラス薬剤師",),
    "hataractive": ("ハタラクティブ", "はたらくてぃぶ", "hataractive", "hatarakutibu", "hataractiv",
                    "ハタラクテイブ", "ハタラクティヴ", "はたらくティブ"),
}  # fmt: skip
DOUBTFUL = {
    "apoplus/bare": ("アポプラス", "あぽぷらす", "apoplus", "apo plus", "アポプラ", "アポロプラス"),
    "apoplus/touroku": ("アポプラス登録販売者",),
    "yakukyari/m3": ("m3", "m3.com", "エムスリー"),
    "yakukyari/yakukyari_agent": ("薬キャリエージェント",),
    "mymylink/doda_challenge": ("dodaチャレンジ",),
    "mymylink/atgp": ("atGP",),
}
OTHERS = ("マイナビ", "キャリコネ", "キャリタス", "ビズリーチ")


@pytest.mark.parametrize("slug", NEEDS)
def test_each_way_to_leave_asks_for_its_own_items(catalog: Catalog, slug: str) -> None:
    """No way is missing or invented, and the blanks of its first letter hold what it asks for."""
    methods = catalog.services[slug].methods

    assert {key: set(method.needs) for key, method in methods.items()} == NEEDS[slug]
    assert list(methods) == list(NEEDS[slug])
    for method in methods.values():
        assert set(method.needs) <= set(catalog.letters[method.letters[0]].fields)


@pytest.mark.parametrize("slug", NOT_ASKED)
def test_each_service_asks_for_its_own_reasons(catalog: Catalog, slug: str) -> None:
    """A reason nothing depends on is not asked for; "rather not say" always is."""
    assert tuple(catalog.reasons) == ALL
    assert set(catalog.services[slug].reasons) == set(ALL) - NOT_ASKED[slug]


@pytest.mark.parametrize("slug", INSTEAD)
def test_each_reason_is_offered_its_own_alternative(catalog: Catalog, slug: str) -> None:
    """What comes first for a reason, and nothing where the article offers nothing."""
    reasons = catalog.services[slug].reasons.items()

    offered = {reason: it.alternatives[0] for reason, it in reasons if it.alternatives}

    assert offered == INSTEAD[slug]


def test_a_reward_is_asked_for_where_one_can_be_lost(catalog: Catalog) -> None:
    """A balance is used up, a gift applied for; three services have neither."""
    rewards = {slug: it.reward and it.reward.kind for slug, it in catalog.services.items()}

    assert rewards == {
        "apoplus": None,
        "careertrek": "job_found",
        "hataractive": None,
        "mymylink": None,
        "other": "balance",
        "yakukyari": "balance",
    }


def test_days_are_counted_only_where_an_article_gives_them(catalog: Catalog) -> None:
    """Three for what is sent to アポプラス薬剤師, five for ハタラクティブ's form, no others."""
    days = {
        slug: {method: service.aftercare.chase.days_after(method) for method in service.methods}
        for slug, service in catalog.services.items()
    }

    assert {slug: counts for slug, counts in days.items() if any(counts.values())} == {
        "apoplus": {"phone": None, "form": 3, "consultant": 3},
        "hataractive": {"form": 5, "phone": None, "advisor": None},
    }


def test_the_deletion_form_is_suggested_the_reason_that_was_given(catalog: Catalog) -> None:
    """Each reason of ours has its label on 薬キャリ's form."""
    passage = catalog.letters["yakukyari-deletion-form"].passages["suggested"]

    assert {reason: text.strip("（）") for reason, text in passage.items()} == FORM_REASONS
    options = catalog.services["yakukyari"].facts["form_reasons"].text
    assert [label for label in FORM_REASONS.values() if f"「{label}」" not in options] == []


@pytest.mark.parametrize(("slug", "name"), [(s, n) for s, names in CALLED.items() for n in names])
def test_a_service_is_known_by_every_name_people_use(
    catalog: Catalog, slug: str, name: str
) -> None:
    """Names, kana, romaji and known misspellings start the service at once."""
    assert understand(name, [], catalog) == NamedService(slug)


@pytest.mark.parametrize(("key", "name"), [(k, n) for k, names in DOUBTFUL.items() for n in names])
def test_a_doubtful_name_asks_back(catalog: Catalog, key: str, name: str) -> None:
    """A name that may mean several services, or another one, starts none of them."""
    assert understand(name, [], catalog) == NamedLookalike(*key.split("/"))


@pytest.mark.parametrize("name", OTHERS)
def test_a_service_that_only_sounds_alike_starts_none_of_ours(catalog: Catalog, name: str) -> None:
    """Leaving the wrong service cannot be undone."""
    read = understand(name, [], catalog)

    assert not isinstance(read, NamedService | NamedLookalike)
