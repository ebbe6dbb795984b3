"""What ``DATABASE_URL`` may say. No message repeats it: there may be a password in it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

SQLITE = "sqlite:///"
SERVERS = ("postgres", "postgresql")

_FORM = "postgresql://ユーザー:パスワード@ホスト/データベース"


class DatabaseUrl(str):
    """A URL that keeps to itself when it is shown, as a secret does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{self.partition(':')[0]}:…'"


def database(value: str) -> DatabaseUrl:
    """``sqlite:///relative.db``, ``sqlite:////absolute/file.db`` or ``postgresql://…/name``.

    Raises ValueError, in Japanese, saying how to mend it.
    """
    scheme, mark, rest = value.partition("://")
    if mark and scheme.lower() in SERVERS:
        return _server(f"{scheme.lower()}://{rest}")
    path = sqlite_path(value)
    if path is None or "?" in value or "#" in value:
        raise ValueError(
            f"sqlite:///taikai.db か sqlite:////var/lib/taikai/taikai.db か {_FORM} の形で"
            "書いてください。"
        )
    if path.name in ("", ":memory:") or value.endswith("/"):
        raise ValueError("ファイル名がありません。sqlite:///taikai.db のように書いてください。")
    return DatabaseUrl(value)


def sqlite_path(url: str) -> Path | None:
    """The file a ``sqlite:`` URL names, what stands behind its third slash; None for a server."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def _server(url: str) -> DatabaseUrl:
    """A PostgreSQL: a host, or the folder of a socket as ``?host=``, and the database's name.

    What else follows the question mark, TLS above all, is the driver's to read.
    """
    parts = _parts(url)
    asked = parse_qs(parts.query)
    if not all(_hosts(parts)) and "host" not in asked:
        raise ValueError(
            f"ホスト名がありません。{_FORM} の形か、ソケットなら "
            "postgresql:///データベース?host=/フォルダー の形で書いてください。"
        )
    if not parts.path.strip("/") and not {"database", "dbname"} & set(asked):
        raise ValueError(f"データベース名がありません。{_FORM} の形で書いてください。")
    return DatabaseUrl(url)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _hosts(parts)
        whole = not parts.fragment and url.isprintable() and " " not in url
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(
            f"読めません。{_FORM} の形で書いてください。パスワードの中の記号は、# は %23、"
            "/ は %2F のようにパーセント記号で書きます。"
        )
    return parts


def _hosts(parts: SplitResult) -> list[str | None]:
    """The servers of *parts*; several stand for one that may move. ValueError for an odd port."""
    servers = [urlsplit(f"//{one}") for one in parts.netloc.rpartition("@")[2].split(",")]
    return [server.hostname for server in servers if server.port != 0]
