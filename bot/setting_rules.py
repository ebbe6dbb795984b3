"""What a good value of a setting looks like; each rule says in its ValueError how to mend it.

No message repeats the value: it may be a secret with a typing error in it.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretBytes, SecretStr, ValidationInfo

KEY_BYTES = 32
"""AES-256 and HMAC-SHA256 both take a key of this size."""

SHORTEST_SECRET = 16
"""LINE's channel secrets have 32 characters, its tokens more than 100; less is a cut-off copy."""

KEY_MEND = (
    "32バイトの鍵をbase64で入れてください。作り方: "
    'python3 -c "import base64,os;print(base64.b64encode(os.urandom(32)).decode())"'
)
_EXAMPLE = (
    "見本の値のままです。LINE Developersコンソールから、ご自分のチャネルの値を写してください。"
)
_SHORT = "短すぎます。途中で切れていないか確かめて、コンソールから写し直してください。"

# Written in README files and templates everywhere; never found in a real secret.
_EXAMPLE_PARTS = ("changeme", "yourchannel", "youraccess", "example", "placeholder", "replaceme")
_EXAMPLE_WORDS = {"secret", "token", "channelsecret", "channelaccesstoken", "accesstoken", "dummy"}


def is_example(value: str) -> bool:
    """Whether *value* comes from a template: "changeme", "your-channel-secret", "xxxxxxxx", …"""
    plain = re.sub(r"[^a-z0-9]", "", value.lower())
    return (
        value.startswith("<")
        or plain in _EXAMPLE_WORDS
        or any(part in plain for part in _EXAMPLE_PARTS)
        or len(set(plain)) <= 2
    )


def _secret(value: str) -> SecretStr:
    if is_example(value):
        raise ValueError(_EXAMPLE)
    if len(value) < SHORTEST_SECRET:
        raise ValueError(_SHORT)
    if not value.isascii() or any(character.isspace() for character in value):
        raise ValueError("空白や全角文字が混ざっています。コンソールから写し直してください。")
    return SecretStr(value)


def _bare(value: object) -> str:
    """*value* as text, whether it comes from the environment or from code."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if not isinstance(value, str):
        raise ValueError("文字で入れてください。")
    return value.strip()


def channel_secrets(value: object) -> tuple[SecretStr, ...]:
    """One or more channel secrets, comma separated."""
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise ValueError("文字で入れてください。")
    secrets = tuple(_secret(part) for part in map(_bare, given) if part)
    if not secrets:
        raise ValueError("空です。チャネルシークレットを入れてください。")
    return secrets


def access_token(value: object) -> SecretStr:
    """The channel access token."""
    return _secret(_bare(value))


def master_key(value: object) -> SecretBytes:
    """The master key: base64 (standard or URL-safe) of exactly 32 bytes, not made of few bytes."""
    if isinstance(value, SecretBytes):
        value = value.get_secret_value()
    key = value if isinstance(value, bytes) else _decoded(_bare(value))
    if len(key) != KEY_BYTES:
        raise ValueError(f"鍵の長さが違います。{KEY_MEND}")
    # 32 random bytes hold about 30 different ones; fewer than 8 never happens by chance.
    if len(set(key)) < 8:
        raise ValueError(f"見本の鍵のようです(同じ値の繰り返し)。{KEY_MEND}")
    return SecretBytes(key)


def master_keys(value: object) -> tuple[SecretBytes, ...]:
    """One or more master keys, comma separated: the first is in use, the others still read."""
    given = value.split(",") if isinstance(value, str) else value
    parts = given if isinstance(given, list | tuple) else (given,)
    keys = tuple(
        master_key(part) for part in parts if not (isinstance(part, str) and not part.strip())
    )
    if not keys:
        raise ValueError(f"空です。{KEY_MEND}")
    if len({key.get_secret_value() for key in keys}) < len(keys):
        raise ValueError(
            "同じ鍵が2回書かれています。新しい鍵を先頭に、それまでの鍵をその後ろに、"
            "コンマで区切って1回ずつ書いてください。"
        )
    return keys


def _decoded(text: str) -> bytes:
    if is_example(text):
        raise ValueError(f"見本の値のままです。{KEY_MEND}")
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"base64として読めません。{KEY_MEND}") from None


def written_out(value: str) -> str:
    """A line of text people can read."""
    value = value.strip()
    if not value or not value.isprintable():
        raise ValueError("空か、改行などの制御文字が入っています。1行の文字で入れてください。")
    if re.sub(r"[^a-z]", "", value.lower()) in {"changeme", "yourname", "youremail", "todo"}:
        raise ValueError("見本の値のままです。利用者に見せる実際の名前・連絡先を入れてください。")
    if len(value) > 200:
        raise ValueError("長すぎます。200文字以内で入れてください。")
    return value


def _origin(value: str) -> SplitResult:
    parts = urlsplit(value)
    bare = (parts.path in ("", "/"), not parts.query, not parts.fragment, parts.username is None)
    if parts.scheme not in ("http", "https") or not parts.hostname or not all(bare):
        raise ValueError("https://ホスト名 の形で、後ろに何も付けずに入れてください。")
    _ = parts.port  # raises ValueError on a port that is no number
    return parts


def _is_near(host: str) -> bool:
    """Whether *host* is this machine or its own network, where http carries nothing outside."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host  # localhost, or a container's name
    return address.is_loopback or address.is_private


def api_base(value: str) -> str:
    """Where LINE's API is: an origin. http only nearby, or the access token would be readable."""
    parts = _origin(value)
    if parts.scheme == "http" and not _is_near(parts.hostname or ""):
        raise ValueError("http://ではアクセストークンが読まれます。https://にしてください。")
    return f"{parts.scheme}://{parts.netloc}"


def public_base(value: str) -> str:
    """The https origin people reach this server at; LINE opens nothing else from a button."""
    if not value:
        return ""
    parts = _origin(value)
    if parts.scheme != "https" and not _is_near(parts.hostname or ""):
        raise ValueError("https://で始めてください。")
    return f"{parts.scheme}://{parts.netloc}"


def metrics_port(value: object) -> int | None:
    """The port of the metrics' own listener; None for ``off``."""
    if value is None or (isinstance(value, str) and value.strip().lower() == "off"):
        return None
    text = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError("off か、1から65535までの数を入れてください(例: 9100)。")
    return int(text)


def another_port(port: int | None, others: ValidationInfo) -> int | None:
    """Metrics never share the port that LINE, and so everybody, reaches."""
    if port is not None and port == others.data.get("port"):
        raise ValueError("PORT と同じです。メトリクス用に別の番号を入れてください(例: 9100)。")
    return port


def push(value: object) -> str:
    """``off`` or ``fallback``; reminders are not offered yet, and a promise is not half-kept."""
    said = value.strip().lower() if isinstance(value, str) else ""
    if said == "reminders":
        raise ValueError(
            "このバージョンには「その後のお知らせ」(reminders)の機能がまだありません。"
            "off か fallback を入れてください。"
        )
    if said not in ("off", "fallback"):
        raise ValueError("off か fallback を入れてください。")
    return said


def push_daily(most: int, others: ValidationInfo) -> int:
    """How many pushes a day; pushes cost money, so switching them on without a limit is refused."""
    if others.data.get("taikai_push") == "fallback" and most < 1:
        raise ValueError(
            "TAIKAI_PUSH=fallback のときは、1日に送るプッシュ通知の上限を1以上で入れてください"
            "(例: 6。無料プランは1か月に200通までです)。送らないなら TAIKAI_PUSH=off にします。"
        )
    return most
