"""DATABASE_URL: what is taken, what is refused, and that the password in it is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.database_url import DatabaseUrl, database, sqlite_path
from tests.engine.standin import settings

PASSWORD = "correct-horse"
SERVER = f"postgresql://taikai:{PASSWORD}@db.internal:5432/taikai"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///taikai.db",
        "sqlite:////var/lib/taikai/taikai.db",
        SERVER,
        "postgres://localhost/taikai",
        "postgresql://[::1]:5432/taikai?sslmode=verify-full",
        "postgresql:///taikai?host=/run/postgresql",
        "postgresql://one:5432,two:5433/taikai?target_session_attrs=read-write",
        "postgresql://localhost/?dbname=taikai",
        "postgresql://taikai:p%40ss%23%2F@localhost/taikai",
    ],
)
def test_a_usable_url_is_taken_as_it_is(url: str) -> None:
    """What follows the question mark is for the driver to judge."""
    assert database(url) == url


def test_the_scheme_may_be_written_in_capitals() -> None:
    """A URL's scheme does not tell them apart."""
    assert database("PostgreSQL://localhost/Taikai") == "postgresql://localhost/Taikai"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"postgresql://taikai:{PASSWORD}@/taikai", "ホスト名"),
        (f"postgresql://taikai:{PASSWORD}@localhost", "データベース名"),
        (f"postgresql://taikai:{PASSWORD}@localhost/", "データベース名"),
        (f"postgresql://taikai:{PASSWORD}@localhost:port/taikai", "読めません"),
        (f"postgresql://taikai:{PASSWORD}#1@localhost/taikai", "%23"),
        (f"postgresql://taikai:{PASSWORD} 1@localhost/taikai", "読めません"),
        (f"postgresql://taikai:{PASSWORD}@[localhost/taikai", "読めません"),
        (f"postgresql://taikai:{PASSWORD}@localhost/taikai\n", "読めません"),
        (f"mysql://taikai:{PASSWORD}@localhost/taikai", "postgresql://"),
        ("postgresql:taikai", "postgresql://"),
        ("postgresql", "postgresql://"),
        ("", "sqlite:///"),
    ],
)
def test_an_unusable_url_is_refused_without_being_repeated(url: str, said: str) -> None:
    """The message says what is missing, or how it should look."""
    with pytest.raises(ValueError, match=said) as caught:
        database(url)

    assert PASSWORD not in str(caught.value)


def test_a_url_keeps_its_password_to_itself_when_it_is_shown() -> None:
    """In settings written out, in a traceback's locals, in a test that fails."""
    read = settings(database_url=SERVER)

    assert read.database_url == SERVER
    for shown in (repr(read), str(read), repr(read.model_dump()), repr(DatabaseUrl(SERVER))):
        assert PASSWORD not in shown
        assert "postgresql:" in shown


def test_only_sqlite_has_a_path() -> None:
    """A server is named by its URL alone."""
    assert sqlite_path("sqlite:////data/taikai.db") == Path("/data/taikai.db")
    assert sqlite_path(SERVER) is None
    assert settings(database_url=SERVER).database_path is None
