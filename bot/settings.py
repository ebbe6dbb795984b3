"""The settings of the server, read once from the environment and checked before anything starts.

A setting is never half-used: what this version cannot do is refused, not ignored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretBytes,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import setting_rules as rules
from bot.database_url import database, sqlite_path

MISSING = "設定されていません。{mend}"
UNREADABLE = "値が読めません。{mend}"

MENDS = {
    "LINE_CHANNEL_SECRET": (
        "LINE Developersコンソールの「チャネル基本設定」からチャネルシークレットを写してください。"
    ),
    "LINE_CHANNEL_ACCESS_TOKEN": (
        "LINE Developersコンソールの「Messaging API設定」で発行した"
        "アクセストークンを写してください。"
    ),
    "OPERATOR_NAME": "このアカウントを運営する人または団体の名前を入れてください。",
    "OPERATOR_CONTACT": "問い合わせ先(メールアドレスやURLなど)を入れてください。",
    "TAIKAI_KEY": rules.KEY_MEND,
    "PORT": "0から65535までの数を入れてください(例: 8000)。",
    "LOG_FORMAT": "console か json を入れてください。",
    "TAIKAI_PUSH_DAILY": "0以上の数を入れてください。",
}
"""How to mend a setting that is missing or is no value of its kind at all."""


class SettingsError(Exception):
    """Some settings cannot be used. ``problems`` names each one, and how to mend it.

    The message never repeats a value: it may be a secret with a typing error.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Every setting, under the name it has in the environment (there in capitals).

    ``line_channel_secret`` holds one or more secrets, so that one can be replaced by the next
    without a gap: LINE ends the old secret the moment a new one is issued
    (messaging-api/verify-webhook-signature). ``taikai_key`` holds one or more keys: the first
    makes what is new, the others still read what is old. ``metrics_port`` is None for ``off``.
    """

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    line_channel_secret: Annotated[
        tuple[SecretStr, ...], NoDecode, BeforeValidator(rules.channel_secrets)
    ]
    line_channel_access_token: Annotated[SecretStr, BeforeValidator(rules.access_token)]
    line_api_base: Annotated[str, AfterValidator(rules.api_base)] = "https://api.line.me"
    database_url: Annotated[str, AfterValidator(database)] = "sqlite:///taikai.db"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_base_url: Annotated[str, AfterValidator(rules.public_base)] = ""
    operator_name: Annotated[str, AfterValidator(rules.written_out)]
    operator_contact: Annotated[str, AfterValidator(rules.written_out)]
    taikai_key: Annotated[tuple[SecretBytes, ...], NoDecode, BeforeValidator(rules.master_keys)]
    metrics_port: Annotated[
        int | None, BeforeValidator(rules.metrics_port), AfterValidator(rules.another_port)
    ] = None
    taikai_push: Annotated[Literal["off", "fallback"], BeforeValidator(rules.push)] = "off"
    taikai_push_daily: Annotated[
        int, Field(ge=0, validate_default=True), AfterValidator(rules.push_daily)
    ] = 0
    log_format: Literal["console", "json"] = "console"

    @property
    def database_path(self) -> Path | None:
        """The file that ``DATABASE_URL`` names, from where the server was started; else None."""
        return sqlite_path(self.database_url)


def read_settings() -> Settings:
    """The settings in the environment. Raises SettingsError naming all that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise SettingsError(
            [
                _explained(str(fault["loc"][0]).upper(), fault["type"], fault["msg"])
                for fault in faults
            ]
        ) from None


def _explained(name: str, kind: str, message: str) -> str:
    mend = MENDS.get(name, "")
    match kind:
        case "missing":
            return f"{name}: {MISSING.format(mend=mend)}"
        case "value_error":
            return f"{name}: {message.removeprefix('Value error, ')}"
        case _:
            return f"{name}: {UNREADABLE.format(mend=mend)}"
