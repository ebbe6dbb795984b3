"""Settings: what is taken, what is refused, and that no secret is ever shown."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from pydantic import SecretBytes, ValidationError

from bot.settings import Settings, SettingsError, read_settings
from tests.engine.standin import KEY, SECRET, TOKEN, environment, settings


@pytest.fixture(autouse=True)
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which every required setting is good, and nothing else is set."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def problems() -> list[str]:
    """What is said of the present environment."""
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return caught.value.problems


def test_the_defaults_are_those_of_the_contract() -> None:
    """Whoever sets only what is required gets a server for one machine, reachable from it."""
    read = read_settings()

    assert read.line_api_base == "https://api.line.me"
    assert read.database_url == "sqlite:///taikai.db"
    assert (read.host, read.port) == ("127.0.0.1", 8000)
    assert read.public_base_url == ""
    assert (read.metrics_port, read.taikai_push, read.taikai_push_daily) == (None, "off", 0)
    assert read.log_format == "console"
    assert read.operator_name == "試験 太郎"
    assert [secret.get_secret_value() for secret in read.line_channel_secret] == [SECRET]
    assert read.line_channel_access_token.get_secret_value() == TOKEN
    assert [key.get_secret_value() for key in read.taikai_key] == [base64.b64decode(KEY)]


def test_everything_required_is_named_at_once(environ: pytest.MonkeyPatch) -> None:
    """The operator mends all of it in one go; an empty value is a missing one."""
    required = ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "TAIKAI_KEY"]
    required += ["OPERATOR_NAME", "OPERATOR_CONTACT"]
    for name in required[:3]:
        environ.delenv(name)
    for name in required[3:]:
        environ.setenv(name, "")

    found = problems()

    assert sorted(problem.partition(":")[0] for problem in found) == sorted(required)
    assert all("設定されていません。" in problem for problem in found)
    assert all(problem.rpartition("設定されていません。")[2] for problem in found)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LINE_CHANNEL_SECRET", "changeme", "見本"),
        ("LINE_CHANNEL_SECRET", "CHANGE_ME", "見本"),
        ("LINE_CHANNEL_SECRET", "your-channel-secret", "見本"),
        ("LINE_CHANNEL_SECRET", "<channel secret>", "見本"),
        ("LINE_CHANNEL_SECRET", "x" * 32, "見本"),
        ("LINE_CHANNEL_SECRET", "0123456789abcde", "短すぎ"),
        ("LINE_CHANNEL_SECRET", f"{SECRET},short", "短すぎ"),
        ("LINE_CHANNEL_SECRET", " , ", "空です"),
        ("LINE_CHANNEL_SECRET", "0123456789abcdef 0123456789abcdef", "空白"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "YOUR_CHANNEL_ACCESS_TOKEN", "見本"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "Bearer１２３４５６７８９０１２３４", "全角"),
        ("TAIKAI_KEY", "changeme", "見本"),
        ("TAIKAI_KEY", base64.b64encode(bytes(32)).decode(), "見本"),
        ("TAIKAI_KEY", base64.b64encode(b"abc" * 10 + b"ab").decode(), "繰り返し"),
        ("TAIKAI_KEY", base64.b64encode(bytes(range(31))).decode(), "長さ"),
        ("TAIKAI_KEY", base64.b64encode(bytes(range(33))).decode(), "長さ"),
        ("TAIKAI_KEY", "これは鍵ではありません", "base64"),
        ("TAIKAI_KEY", "q83vASNFZ4mrze8BI0Vn*", "base64"),
        ("TAIKAI_KEY", " , ", "空です"),
        ("TAIKAI_KEY", f"{KEY},changeme", "見本"),
        ("TAIKAI_KEY", f"{KEY},{KEY[:-8]}", "長さ"),
        ("TAIKAI_KEY", f"{KEY}, {KEY}", "2回"),
        ("OPERATOR_NAME", "changeme", "見本"),
        ("OPERATOR_NAME", "一行目\n二行目", "改行"),
        ("OPERATOR_CONTACT", "長" * 201, "200文字"),
        ("PORT", "http", "65535"),
        ("PORT", "65536", "65535"),
        ("LOG_FORMAT", "xml", "json"),
        ("TAIKAI_PUSH", "reminders", "まだありません"),
        ("TAIKAI_PUSH", "Reminders ", "まだありません"),
        ("TAIKAI_PUSH", "on", "off か fallback"),
        ("TAIKAI_PUSH_DAILY", "-1", "0以上"),
        ("TAIKAI_PUSH_DAILY", "many", "0以上"),
        ("METRICS_PORT", "0", "65535"),
        ("METRICS_PORT", "65536", "65535"),
        ("METRICS_PORT", "0080001", "65535"),
        ("METRICS_PORT", "９１００", "65535"),
        ("METRICS_PORT", "on", "off か"),
        ("METRICS_PORT", "-1", "65535"),
        ("METRICS_PORT", "8000", "PORT と同じ"),
        ("LINE_API_BASE", "api.line.me", "https://"),
        ("LINE_API_BASE", "https://api.line.me/v2", "後ろに何も"),
        ("LINE_API_BASE", "https://api.line.me?x=1", "後ろに何も"),
        ("LINE_API_BASE", "https://user@api.line.me", "後ろに何も"),
        ("LINE_API_BASE", "http://api.line.me", "アクセストークン"),
        ("LINE_API_BASE", "http://8.8.8.8", "アクセストークン"),
        ("PUBLIC_BASE_URL", "http://taikai.jp", "https://"),
        ("PUBLIC_BASE_URL", "https://taikai.jp/letter", "後ろに何も"),
        ("DATABASE_URL", "postgresql://localhost", "データベース名"),
        ("DATABASE_URL", "postgresql:///taikai", "ホスト名"),
        ("DATABASE_URL", "mysql://localhost/taikai", "sqlite:///"),
        ("DATABASE_URL", "taikai.db", "sqlite:///"),
        ("DATABASE_URL", "sqlite://taikai.db", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///", "ファイル名"),
        ("DATABASE_URL", "sqlite:///:memory:", "ファイル名"),
        ("DATABASE_URL", "sqlite:///data/", "ファイル名"),
        ("DATABASE_URL", "sqlite:///t.db?mode=ro", "sqlite:///"),
    ],
)
def test_a_bad_value_is_refused_by_name_with_the_mend_and_not_repeated(
    environ: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """Exactly one problem; the value may be a secret with a typing error in it."""
    environ.setenv(name, value)

    [problem] = problems()

    assert problem.startswith(f"{name}: ")
    assert said in problem
    assert len(value) < 12 or value not in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINE_API_BASE", "http://127.0.0.1:9000"),
        ("LINE_API_BASE", "http://[::1]:9000"),
        ("LINE_API_BASE", "http://localhost:9000"),
        ("LINE_API_BASE", "http://fake-line:9000"),
        ("PUBLIC_BASE_URL", "https://taikai.jp"),
        ("PUBLIC_BASE_URL", "http://127.0.0.1:8000"),
    ],
)
def test_an_address_is_taken_as_it_is(environ: pytest.MonkeyPatch, name: str, value: str) -> None:
    """http is good enough where nothing leaves the machine or its own network."""
    environ.setenv(name, value)

    assert getattr(read_settings(), name.lower()) == value


def test_a_lone_slash_at_the_end_of_an_address_is_taken_off(environ: pytest.MonkeyPatch) -> None:
    """Two slashes in a row would be another path to LINE."""
    environ.setenv("LINE_API_BASE", "https://api.line.me/")

    assert read_settings().line_api_base == "https://api.line.me"


def test_several_secrets_are_read_in_their_order(environ: pytest.MonkeyPatch) -> None:
    """Blanks around the commas do not belong to them."""
    environ.setenv("LINE_CHANNEL_SECRET", f"{SECRET} , {SECRET[::-1]},")

    read = [secret.get_secret_value() for secret in read_settings().line_channel_secret]

    assert read == [SECRET, SECRET[::-1]]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///taikai.db", "taikai.db"),
        ("sqlite:///data/taikai.db", "data/taikai.db"),
        ("sqlite:////var/lib/taikai.db", "/var/lib/taikai.db"),
    ],
)
def test_three_slashes_are_relative_and_four_absolute(
    environ: pytest.MonkeyPatch, url: str, path: str
) -> None:
    """As everywhere else where databases have URLs."""
    environ.setenv("DATABASE_URL", url)

    assert read_settings().database_path == Path(path)


def test_several_keys_are_read_in_their_order(environ: pytest.MonkeyPatch) -> None:
    """The first one is the current one; blanks around the commas do not belong to them."""
    earlier = base64.b64encode(bytes(range(1, 33))).decode()
    environ.setenv("TAIKAI_KEY", f"{KEY} , {earlier},")

    read = [key.get_secret_value() for key in read_settings().taikai_key]

    assert read == [base64.b64decode(KEY), bytes(range(1, 33))]


@pytest.mark.parametrize("daily", [None, "0"])
def test_pushes_without_a_limit_are_refused(environ: pytest.MonkeyPatch, daily: str | None) -> None:
    """They cost money; the message names both settings."""
    environ.setenv("TAIKAI_PUSH", "fallback")
    if daily:
        environ.setenv("TAIKAI_PUSH_DAILY", daily)

    [problem] = problems()

    assert problem.startswith("TAIKAI_PUSH_DAILY: ")
    assert "TAIKAI_PUSH=fallback" in problem
    assert "1以上" in problem


@pytest.mark.parametrize(
    ("push", "daily", "read"),
    [
        ("fallback", "6", ("fallback", 6)),
        (" Fallback", "1", ("fallback", 1)),
        ("OFF", "0", ("off", 0)),
        ("off", "6", ("off", 6)),
    ],
)
def test_pushes_are_off_or_a_fallback(
    environ: pytest.MonkeyPatch, push: str, daily: str, read: tuple[str, int]
) -> None:
    """A limit may stay where pushes are switched off for a while."""
    environ.setenv("TAIKAI_PUSH", push)
    environ.setenv("TAIKAI_PUSH_DAILY", daily)

    settings = read_settings()

    assert (settings.taikai_push, settings.taikai_push_daily) == read


def test_a_push_that_is_not_offered_is_the_only_thing_said(environ: pytest.MonkeyPatch) -> None:
    """No second complaint about a limit that would not help."""
    environ.setenv("TAIKAI_PUSH", "reminders")

    assert [problem.partition(":")[0] for problem in problems()] == ["TAIKAI_PUSH"]


@pytest.mark.parametrize(
    ("value", "read"), [("off", None), (" OFF ", None), ("1", 1), ("9100", 9100), ("65535", 65535)]
)
def test_the_metrics_have_a_port_or_none(
    environ: pytest.MonkeyPatch, value: str, read: int | None
) -> None:
    """Off is no port."""
    environ.setenv("METRICS_PORT", value)

    assert read_settings().metrics_port == read


def test_a_key_may_be_written_in_either_base64(environ: pytest.MonkeyPatch) -> None:
    """The URL-safe one too; both name the same bytes."""
    key = b"\xfb\xff" * 4 + os.urandom(24)
    for encoded in (base64.b64encode(key), base64.urlsafe_b64encode(key)):
        environ.setenv("TAIKAI_KEY", encoded.decode())
        assert [read.get_secret_value() for read in read_settings().taikai_key] == [key]


def test_no_secret_shows_in_settings_written_out() -> None:
    """Neither in repr nor in str nor in a traceback's locals."""
    earlier = bytes(range(1, 33))
    both = settings(taikai_key=f"{KEY},{base64.b64encode(earlier).decode()}")
    written = repr(both) + str(both) + repr(both.model_dump()) + both.model_dump_json()

    for secret in (SECRET, TOKEN, KEY, repr(base64.b64decode(KEY)), repr(earlier)):
        assert secret not in written


@pytest.mark.parametrize("name", ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "TAIKAI_KEY"])
@pytest.mark.parametrize("value", ["c4nary", f"{SECRET} c4nary", f"{KEY}, c4nary", "c4nary\x00x"])
def test_no_secret_shows_in_what_is_raised(name: str, value: str) -> None:
    """Neither in the refusal nor in anything it was raised from."""
    with pytest.raises(ValidationError) as caught:
        settings(**{name.lower(): value})

    error: BaseException | None = caught.value
    while error is not None:
        assert "c4nary" not in repr(error) + str(error)
        assert SECRET not in repr(error) + str(error)
        error = error.__cause__ or error.__context__


def test_settings_given_in_code_are_held_to_the_same_rules() -> None:
    """The simulator makes its own; what it gives is read like the environment."""
    one, other = bytes(range(32)), bytes(range(1, 33))
    assert settings(taikai_key=one).taikai_key[0].get_secret_value() == one
    several = settings(taikai_key=(SecretBytes(one), other)).taikai_key
    assert [key.get_secret_value() for key in several] == [one, other]
    assert settings(line_channel_secret=(SECRET,)).line_channel_secret[0].get_secret_value()
    with pytest.raises(ValueError, match="長さ"):
        settings(taikai_key=b"short")
