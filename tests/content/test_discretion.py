"""What others may see on a lock screen tells nothing."""

from __future__ import annotations

import re
import unicodedata

from content.catalog import Catalog

TELLING = re.compile(
    "退会|解約|転職|就職|就活|求人|選考|応募|面接|辞退|内定|スカウト|エージェント|キャリア"
    "|担当者|退職|仕事|会社|登録|抹消|個人情報"
)


def test_the_alternative_text_gives_nothing_away(catalog: Catalog) -> None:
    """A notification names no service, no withdrawal and no change of job."""
    alt_text = catalog.phrases["alt_text"]
    names = {
        name
        for service in catalog.services.values()
        for name in (service.name, *(it.name for it in service.lookalikes.values()))
    } | {
        name
        for service in catalog.services.values()
        for group in (service, *service.lookalikes.values())
        for name in (*group.names, *group.romaji, *group.misspelt)
    }

    shown = unicodedata.normalize("NFKC", alt_text).casefold()
    assert [name for name in names if unicodedata.normalize("NFKC", name).casefold() in shown] == []
    assert not TELLING.search(shown)
    assert 0 < len(alt_text) <= 40
