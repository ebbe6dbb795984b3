"""The client over TLS: to LINE alone, or not a byte of the access token leaves."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.line.client import Accepted, LineClient, Unknown
from tests.line.fake import http, line_that, listening, on_both_loops

SENT = http(200, b'{"sentMessages":[]}')
HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
NOWHERE = Unknown("no connection", left=False)
DAY = datetime.timedelta(days=1)

Server = Callable[..., ssl.SSLContext]


def written(folder: Path, name: str, *parts: bytes) -> Path:
    path = folder / name
    path.write_bytes(b"".join(parts))
    return path


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Makes the server's side, by an authority that this process trusts unless told otherwise."""

    def made(
        name: x509.GeneralName = HERE, *, trusted: bool = True, days: int = 1
    ) -> ssl.SSLContext:
        now = datetime.datetime.now(datetime.UTC)
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
        issuer, subject = (
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in ("CA", "LINE")
        )
        chain = []
        for who, key, is_ca in ((issuer, keys[0], True), (subject, keys[1], False)):
            certificate = (
                x509.CertificateBuilder()
                .subject_name(who)
                .issuer_name(issuer)
                .public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - 3 * DAY)
                .not_valid_after(now + (1 if is_ca else days) * DAY)
                .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            )
            if not is_ca:
                names = x509.SubjectAlternativeName([name])
                certificate = certificate.add_extension(names, critical=False)
            chain.append(
                certificate.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
            )
        private = keys[1].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(written(tmp_path, "ca.pem", chain[0])))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(written(tmp_path, "server.pem", private, chain[1]))
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context

    return made


@on_both_loops
async def test_replies_go_over_one_verified_connection(server: Server) -> None:
    """One handshake for all; and in HTTP/1.1, though the server would like HTTP/2 better."""
    spoken: list[str | None] = []

    async with line_that(answer=SENT) as line:

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            secured = writer.get_extra_info("ssl_object")
            spoken.append(secured.selected_alpn_protocol())
            await line.serve(reader, writer)

        async with listening(serve, server()) as base, LineClient(base, "token") as client:
            for _ in range(5):
                assert await client.reply("0" * 32, b"[]") == Accepted("")

    assert (spoken, len(line.requests)) == (["http/1.1"], 5)


@pytest.mark.parametrize(
    "flaw",
    [{"name": x509.DNSName("api.line.me")}, {"trusted": False}, {"days": -1}],
    ids=["another's", "unknown authority", "expired"],
)
@on_both_loops
async def test_a_server_that_cannot_prove_it_is_line_gets_nothing(
    server: Server, flaw: dict[str, object]
) -> None:
    """Neither token nor words; and it is known that nothing was said."""
    async with (
        line_that(server(**flaw), answer=SENT) as line,
        LineClient(line.base, "token") as client,
    ):
        assert await client.reply("0" * 32, b"[]") == NOWHERE
        assert await client.bot_user_id() is None

    assert line.requests == []


@on_both_loops
async def test_a_handshake_without_end_is_not_having_sent() -> None:
    """Something listens, but does not speak: the time to connect ends it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass

    async with (
        listening(serve) as base,
        LineClient(base.replace("http", "https"), "token", connect_timeout=0.3) as client,
    ):
        assert await client.reply("0" * 32, b"[]") == NOWHERE


@on_both_loops
async def test_a_server_without_tls_gets_nothing() -> None:
    """It answers the handshake with something else."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(http(400))
        await writer.drain()
        await reader.read()

    async with (
        listening(serve) as base,
        LineClient(base.replace("http", "https"), "token", connect_timeout=60.0) as client,
    ):
        assert await client.reply("0" * 32, b"[]") == NOWHERE


@pytest.mark.parametrize("answer", [b"", SENT[:-1], SENT[:20]])
@on_both_loops
async def test_a_secured_connection_that_breaks_after_the_request(
    server: Server, answer: bytes
) -> None:
    """The request had left; half an answer is none."""
    async with (
        line_that(server(), answer=answer, reset=True) as line,
        LineClient(line.base, "token") as client,
    ):
        unknown = await client.reply("0" * 32, b"[]")

    assert isinstance(unknown, Unknown)
    assert unknown.left
    assert len(line.requests) == 1


@on_both_loops
async def test_leaving_ends_secured_calls(server: Server) -> None:
    """A shutdown waits for no answer."""
    async with line_that(server(), answer=SENT, hang=30.0) as line:
        async with LineClient(line.base, "token") as client:
            calls = [asyncio.create_task(client.reply("0" * 32, b"[]")) for _ in range(3)]
            await line.enough.wait()
        answers = await asyncio.wait_for(asyncio.gather(*calls), 10)

    assert {answer.reason for answer in answers if isinstance(answer, Unknown)} <= {
        "connection lost",
        "no connection",
    }
    assert Unknown("connection lost", left=True) in answers
