"""Whether a PostgreSQL can be used, and making it so."""

from __future__ import annotations

import asyncpg

from bot.store.port import StoreRefusedError
from bot.store.postgres_pool import SETTINGS
from bot.store.schema import VERSION, changes, must_be_usable

SPELLING = {"bytes": "BYTEA", "compact": ""}
"""What `bot.store.schema` leaves to the database."""

OPEN_SECONDS = 5.0
"""How long a server may take to answer at the start, when nobody waits yet."""

UPGRADE_LOCK = 0x7461_696B_6169
"""Names the advisory lock that lets upgrades take turns; any fixed number would do."""

RUN_UPGRADE = "taikai db upgrade を実行してください。"

_MENDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        "ユーザー名かパスワードが受け付けられません。DATABASE_URLを確かめてください。",
    ),
    (
        asyncpg.InvalidCatalogNameError,
        "その名前のデータベースがありません。DATABASE_URLを直すか、データベースを作ってください。",
    ),
    (
        asyncpg.InsufficientPrivilegeError,
        "権限が足りません。DATABASE_URLのユーザーに、表を作り読み書きする権限を与えてください。",
    ),
    (
        asyncpg.LockNotAvailableError,
        "ほかのプログラムが表を使っています。DATABASE_URLのデータベースで長く続いている処理が"
        "終わってから、もう一度実行してください。",
    ),
    (
        asyncpg.TooManyConnectionsError,
        "接続が多すぎます。DATABASE_URLのサーバーのmax_connectionsを増やしてください。",
    ),
    (
        (ValueError, asyncpg.InterfaceError),
        "DATABASE_URLが読めません。postgresql://ユーザー:パスワード@ホスト/データベース"
        " の形で書いてください。",
    ),
    (
        OSError,
        "つながりません。DATABASE_URLのホストとポートが正しいか、"
        "サーバーが動いているか、暗号化(sslmode)の設定が合っているか確かめてください。",
    ),
)
"""What the operator does about an error, by its kind; the first that fits."""


def refused(error: Exception) -> StoreRefusedError:
    """*error* as a sentence for the operator. Its own words stay out: they may quote the URL."""
    mend = "使えません。DATABASE_URLとサーバーの記録を確かめてください。"
    for kinds, words in _MENDS:
        if isinstance(error, kinds):
            mend = words
            break
    return StoreRefusedError(f"PostgreSQL: {mend}({type(error).__name__})")


async def upgrade(url: str) -> None:
    """Make the layout, or bring it up to date, in one transaction: all of it or nothing.

    Others who upgrade wait their turn. Raises StoreRefusedError.
    """
    # Copying many rows may take long; waiting for a lock keeps everybody who serves waiting.
    patient = SETTINGS | {"statement_timeout": "0", "lock_timeout": "2000"}
    try:
        connection = await asyncpg.connect(url, timeout=OPEN_SECONDS, server_settings=patient)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
        raise refused(error) from None
    try:
        async with connection.transaction():
            await connection.execute(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
            found = await _found(connection)
            if found < VERSION:
                for statement in changes(found, SPELLING):
                    await connection.execute(statement)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise refused(error) from None
    finally:
        connection.terminate()


async def must_fit(connection: asyncpg.Connection) -> None:
    """Raises StoreRefusedError for a layout this code cannot work with."""
    try:
        found = await _found(connection)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise refused(error) from None
    if found == 0:
        raise StoreRefusedError(f"DATABASE_URLのデータベースが空です。{RUN_UPGRADE}")
    if found < VERSION:
        raise StoreRefusedError(
            f"DATABASE_URLのデータベースの形式({found})が、"
            f"このプログラム({VERSION})より古いものです。{RUN_UPGRADE}"
        )


async def _found(connection: asyncpg.Connection) -> int:
    """The version of the layout, 0 for an empty database."""
    if await connection.fetchval("SELECT to_regclass('meta')") is None:
        return 0
    said = dict(await connection.fetch("SELECT name, value FROM meta"))
    return must_be_usable(said.get("schema"), said.get("works_with"))
