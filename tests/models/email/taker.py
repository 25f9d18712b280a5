"""A mail server of a test's own on loopback, which accepts or refuses as configured; and certificates for one."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST, USER, WORD = "127.0.0.1", "panel@dinas.example", "sandi kenari"
OK = "250 OK"
CUT = ""  # in place of an answer: the connection is cut


@dataclass
class Taker:
    """What it answers to each step, and what it has taken. The hooks bear aiosmtpd's names."""

    mail: str = OK
    rcpt: str = OK
    data: str = OK
    port: int = 0
    emails: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)  # the answer to `waits` is due
    go_on: threading.Event = field(default_factory=threading.Event)
    waits: str = ""  # the step before whose answer it waits until it is let go on

    def read(self) -> EmailMessage:
        """The one e-mail that it has accepted. No property: aiosmtpd looks at those of its handler at once."""
        [content] = self.emails
        return message_from_bytes(content, policy=policy.default)

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, lines: list[str]) -> list[str]:
        session.host_name = name
        self.greeted.append(name)
        return lines

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.mail == OK:
            envelope.mail_from = address
        return await self._answer("mail", self.mail, server)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.rcpt == OK:
            envelope.rcpt_tos.append(address)
        return await self._answer("rcpt", self.rcpt, server)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data != CUT:
            self.emails.append(envelope.original_content)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return await self._answer("data", self.data, server)

    async def _answer(self, step: str, answer: str, server: SMTP) -> str:
        if self.waits == step:
            self.asked.set()
            await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait)
        if answer == CUT:
            server.transport.abort()
        return answer


def _signs_in(server: Any, session: Any, envelope: Any, mechanism: str, auth_data: Any) -> AuthResult:
    right = isinstance(auth_data, LoginPassword) and auth_data == LoginPassword(USER.encode(), WORD.encode())
    return AuthResult(success=right, handled=False)


class Conversation(SMTP):
    """With one client. The test's server ends when all of them have."""

    lines: list[asyncio.BaseTransport]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.lines.append(transport)
        super().connection_made(transport)


@contextmanager
def taking(taker: Taker, tls: ssl.SSLContext | None = None, *, at_once: bool = False, **more: Any) -> Iterator[Taker]:
    """The server at work: with `tls` by STARTTLS, or `at_once`; with auth_required=True for who has signed in alone."""
    loop = asyncio.new_event_loop()
    if more.get("auth_required"):
        more["authenticator"] = _signs_in

    lines: list[asyncio.BaseTransport] = []

    def made() -> SMTP:
        spoken = Conversation(taker, loop=loop, hostname="mail.test", tls_context=None if at_once else tls, **more)
        spoken.lines = lines
        return spoken

    async def opened() -> asyncio.Server:
        door = socket.create_server((HOST, 0))
        taker.port = door.getsockname()[1]
        return await loop.create_server(made, sock=door, ssl=tls if at_once else None)

    # All of it in that thread: in a test's own a browser's loop may be at work, and two there cannot be.
    thread = threading.Thread(target=loop.run_forever, name="mail server of a test")
    thread.start()
    server = asyncio.run_coroutine_threadsafe(opened(), loop).result(60)
    try:
        yield taker
    finally:
        taker.go_on.set()
        for last in (_shut(server, lines), loop.shutdown_default_executor()):
            asyncio.run_coroutine_threadsafe(last, loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _shut(server: asyncio.Server, lines: list[asyncio.BaseTransport]) -> None:
    server.close()
    for line in lines:
        line.abort()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for _ in range(3):  # what is aborted is closed by the loop's next turns
        await asyncio.sleep(0)


@contextmanager
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server((HOST, 0)) as door:
        yield door.getsockname()[1]


@contextmanager
def saying(*answers: str, ever: str = "") -> Iterator[int]:
    """The port of a server that answers each line with the next of these, whatever it was asked; with `ever` it says
    that over and over to the end of the connection, and listens no more."""
    with socket.create_server((HOST, 0)) as door:
        thread = threading.Thread(target=_say, args=(door, answers, ever.encode()), name="a server of a test's words")
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            thread.join()


def _say(door: socket.socket, answers: tuple[str, ...], ever: bytes) -> None:
    connection, _ = door.accept()
    with connection, suppress(OSError), connection.makefile("rb") as received:
        for answer in answers:
            connection.sendall(f"{answer}\r\n".encode())
            is_content = answer.startswith("354")
            while (line := received.readline()) and is_content and line != b".\r\n":
                pass
        while ever:
            connection.sendall(ever)


@contextmanager
def shut() -> Iterator[int]:
    """A port on which no server listens, reserved meanwhile."""
    with socket.socket() as door:
        door.bind((HOST, 0))
        yield door.getsockname()[1]


@dataclass(frozen=True)
class Certificates:
    """An authority of the test's own, and what it has signed."""

    authority: Path
    signed: Callable[[str], ssl.SSLContext]  # by the name or the address that stands in it


def certificates(folder: Path) -> Certificates:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dinas")])
    authority = _certificate(name, name, key, key, x509.BasicConstraints(ca=True, path_length=None))
    path = folder / "authority.pem"
    path.write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def signed(whose: str) -> ssl.SSLContext:
        own = ec.generate_private_key(ec.SECP256R1())
        plain = whose.replace(".", "").isdigit()
        san = x509.SubjectAlternativeName([x509.IPAddress(ip_address(whose)) if plain else x509.DNSName(whose)])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, whose)])
        both = folder / f"{whose}.pem"
        made = _certificate(subject, name, own, key, san)
        both.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context

    return Certificates(path, signed)


def _certificate(subject: x509.Name, by: x509.Name, key: Any, signing: Any, more: x509.ExtensionType) -> Any:
    """OpenSSL looks at the computer's own clock, whatever a test says that it is: valid for a lifetime."""
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
    dated = begun.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
    whole = dated.serial_number(x509.random_serial_number()).add_extension(more, critical=key is signing)
    for strict in (  # without these Python 3.13 takes none
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
    ):
        whole = whole.add_extension(strict, critical=False)
    return whole.add_extension(_usage(signs=key is signing), critical=True).sign(signing, hashes.SHA256())


def _usage(*, signs: bool) -> x509.KeyUsage:
    """What the key is for: certificates, or what a server says."""
    other = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    mute = dict.fromkeys(("crl_sign", "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, **other, **mute)
