"""Sending by SMTP: the client, the result of sending, and the configured outbox.

Each e-mail is sent in a separate thread, since DNS look-ups have no time-out. The caller waits for ten seconds at most:
then sending is cancelled, or, if the message was already transmitted, the result is unknown. Of a server's reply only
the code is reported: some quote the message.
"""

import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum, auto
from time import monotonic
from typing import Any

from models.email.mail_server import ENOUGH, MailServer, Security, release_slot, server_of, take_slot
from models.email.message import Words, address_objection, composed_email, domain_of
from models.office.settings import MAIL_SENDER, Settings, values
from models.store.base import now
from models.store.installation import is_copy

LONGEST = 65_536  # bytes of one reply


class Unreadable(Exception):
    """The reply is not one of an SMTP server."""


class ReplyReader:
    """File-like reader of the server's replies for smtplib, with a deadline and a size limit."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until, self._buffer, self._left = sock, until, b"", LONGEST

    def begin(self) -> None:
        """Start reading another reply: reset the size limit."""
        self._left = LONGEST

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._buffer and len(self._buffer) < limit and (more := self._receive()):
            self._buffer += more
        end = min(self._buffer.find(b"\n") + 1 or limit, limit)
        line, self._buffer = self._buffer[:end], self._buffer[end:]
        return line

    def _receive(self) -> bytes:
        seconds = self._until - monotonic()
        if seconds <= 0:
            raise TimeoutError
        self._sock.settimeout(seconds)
        received = self._sock.recv(4096)
        self._left -= len(received)
        if self._left < 0:
            raise Unreadable
        return received

    def close(self) -> None:
        """Do nothing: the socket belongs to the SMTP object."""


class SmtpConnection(smtplib.SMTP):
    """SMTP connection, plain or with STARTTLS, limited to `timeout` seconds in all."""

    def __init__(self, host: str, port: int, name: str, *, timeout: float, **more: Any) -> None:
        self._until = monotonic() + timeout
        super().__init__(host, port, name, timeout=timeout, **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:  # also after STARTTLS, which discards buffered replies
            self.file = ReplyReader(self.sock, self._until)
        if self.file is not None:
            self.file.begin()
        try:
            code, text = super().getreply()
            if code < 0:  # smtplib found no reply code
                raise Unreadable
        except Unreadable:
            self.close()
            raise
        return code, text


class TlsSmtpConnection(SmtpConnection, smtplib.SMTP_SSL):
    """SMTP connection with implicit TLS."""


WITHIN = 10  # seconds that a page waits
MORE = 5  # seconds by which the connection outlives the caller: smtplib reports time-outs as broken connections
YES, NOT_NOW, NO = 2, 4, 5  # first digit of a reply code, which alone is decisive by the standard
AT_ONCE = 2  # concurrent e-mails of pages: a hanging server must not block all request threads

log = logging.getLogger("panel.mail")


class SendResult(Enum):
    """The result of sending an e-mail."""

    TAKEN, NOT_SENT, UNKNOWN = auto(), auto(), auto()


@dataclass(frozen=True)
class SendOutcome:
    """The result of sending, and a sentence for the user."""

    fate: SendResult
    sentence: str
    code: int = field(default=0, compare=False)  # reply code if the server refused this address or content

    @property
    def is_for_good(self) -> bool:
        """Whether the refusal is permanent."""
        return self.code // 100 == NO


TAKEN = "Server surel telah menerima surelnya."
BUSY = "Surel lain masih dikirim. Tunggu sebentar, lalu coba lagi."
SLOW = f"Server surel tidak menjawab dalam {WITHIN} detik."
AWAY = "Server surel tidak dapat dihubungi."
BROKEN_OFF = "Server surel memutus sambungan."
MAYBE = "Server surel tidak memberi jawaban terakhir. Surelnya mungkin terkirim, mungkin tidak."
UNTRUSTED = "Sertifikat server surel tidak dipercaya, atau bukan atas namanya."
NO_TLS = "Sambungan bersandi dengan server surel gagal."
NO_STARTTLS = "Server surel tidak menawarkan STARTTLS, jadi tidak ada yang dikirim kepadanya."
NO_SIGN_IN = "Server surel menolak pengguna atau sandi panel. Yang mengurus server memperbaikinya."
NO_SENDER = "Server surel menolak alamat pengirim (kode {})."
NO_RECIPIENT = "Server surel menolak alamat penerima (kode {})."
NO_CONTENT = "Server surel menolak isi surelnya (kode {})."
NO_TALK = "Server surel menolak sambungan (kode {})."
ODD = "Jawaban server surel tidak dapat dibaca. Yang mengurus server memeriksa alamat server dan portanya."
FAILED = "Surelnya tidak dapat dikirim karena gangguan pada panel."


@dataclass(frozen=True)
class SendLimits:
    """Limits of a sender: time to wait for the server, concurrent e-mails, and the sentence after a time-out."""

    seconds: float
    places: threading.BoundedSemaphore
    slow: str
    for_place: float = 0  # seconds to wait for a place, as the previous connection is closed after its result


PAGE = threading.BoundedSemaphore(AT_ONCE)
UNHURRIED = SendLimits(  # for queued e-mails: pages neither wait for them nor share places with them
    120, threading.BoundedSemaphore(1), "Server surel tidak menjawab dalam 2 menit.", for_place=120
)


class _Refused(Exception):
    """The e-mail will not be sent: a sentence, with the reply code if address or content was refused."""

    def __init__(self, sentence: str, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code


class SendingThread:
    """One e-mail being sent in a thread, whose first result counts."""

    def __init__(self, email: EmailMessage, server: MailServer, limits: SendLimits | None = None) -> None:
        self._server = server
        self._limits = limits or SendLimits(WITHIN, PAGE, SLOW)
        self._sender, self._to = (str(email[name].addresses[0].addr_spec) for name in ("From", "To"))
        self._content = email.as_bytes()
        self._turn, self._over = threading.Lock(), threading.Event()
        self._outcome: SendOutcome | None = None
        self._in_doubt = False  # set before transmission: from then on the server may have the message

    def begin(self) -> None:
        if self._limits.places.acquire(timeout=self._limits.for_place):
            threading.Thread(target=self._run, name="mail", daemon=True).start()
        else:
            self._settle(BUSY)

    def outcome(self, within: float | None = None) -> SendOutcome:
        """Wait for the result; after the time-out the e-mail is not transmitted any more."""
        self._over.wait(self._limits.seconds if within is None else within)
        with self._turn:
            return self._outcome or self._settled(SLOW)

    def _run(self) -> None:
        try:
            with _faults_in_words():
                self._transmit()
        except _Refused as refused:
            self._settle(str(refused), refused.__cause__, refused.code)
        finally:
            self._settle(FAILED)  # no effect if there is a result
            self._limits.places.release()

    def _transmit(self) -> None:
        for_all = self._limits.seconds + MORE
        with _connected(self._server, domain_of(self._sender), for_all) as smtp:
            _expect(smtp.mail(self._sender), NO_SENDER)
            _expect(smtp.rcpt(self._to), NO_RECIPIENT, of_email=True)
            with self._turn:
                if self._outcome:
                    raise _Refused(SLOW)  # this result was already returned to the caller
                self._in_doubt = True
            self._answered(*_answer_to(smtp, self._content))  # before QUIT, which does not change the result

    def _answered(self, code: int, has_all: bool) -> None:
        """Store the server's reply to the message (`has_all`) or to DATA, unless the caller has timed out. A reply to
        the message that is neither acceptance nor refusal leaves the result unknown."""
        with self._turn:
            if not self._outcome:
                self._in_doubt = has_all and code // 100 not in (YES, NOT_NOW, NO)
                accepted = has_all and code // 100 == YES
                self._settled(TAKEN if accepted else NO_CONTENT.format(code), code=0 if accepted else code)

    def _settle(self, sentence: str, fault: BaseException | None = None, code: int = 0) -> None:
        with self._turn:
            if not self._outcome:
                self._settled(sentence, fault, code)

    def _settled(self, sentence: str, fault: BaseException | None = None, code: int = 0) -> SendOutcome:
        """Store the first result: unknown if transmission began and the server has not accepted the e-mail."""
        fate = SendResult.TAKEN if sentence == TAKEN else SendResult.UNKNOWN if self._in_doubt else SendResult.NOT_SENT
        reason = self._limits.slow if sentence == SLOW else sentence
        self._outcome = SendOutcome(fate, MAYBE if fate is SendResult.UNKNOWN else reason, code)
        if fate is not SendResult.TAKEN:
            cause = f" ({type(fault).__name__})" if fault else ""
            log.warning("an e-mail was not taken: %s%s", self._outcome.sentence, cause)
        self._over.set()
        return self._outcome


def send_message(email: EmailMessage, server: MailServer, limits: SendLimits | None = None) -> SendOutcome:
    """Send an e-mail and wait for the result; by default within the limits of a page."""
    sending = SendingThread(email, server, limits)
    sending.begin()
    return sending.outcome()


@contextmanager
def _connected(server: MailServer, name: str, seconds: float) -> Iterator[smtplib.SMTP]:
    """A connection, encrypted and signed in as configured. HELO uses the sender's domain: the host name should not be
    revealed, and looking it up may be slow."""
    tls = ssl.create_default_context()
    if server.security is Security.TLS:
        smtp: SmtpConnection = TlsSmtpConnection(server.host, server.port, name, timeout=seconds, context=tls)
    else:
        smtp = SmtpConnection(server.host, server.port, name, timeout=seconds)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security is Security.STARTTLS:
            if not smtp.has_extn("starttls"):
                raise _Refused(NO_STARTTLS)
            smtp.starttls(context=tls)
            smtp.ehlo_or_helo_if_needed()  # required again after STARTTLS
        if server.user:
            _sign_in(smtp, server)
        yield smtp
        with suppress(OSError):  # includes smtplib's exceptions
            smtp.quit()
    finally:
        smtp.close()


def _sign_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    try:
        smtp.login(server.user, server.password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as fault:
        raise _Refused(NO_SIGN_IN) from fault
    except ValueError as fault:  # malformed challenge; credentials beyond ASCII are refused at start
        raise _Refused(ODD) from fault


def _answer_to(smtp: smtplib.SMTP, content: bytes) -> tuple[int, bool]:
    """The reply code, and whether it is the reply to the message (True) or a refusal of the DATA command (False)."""
    try:
        return smtp.data(content)[0], True
    except smtplib.SMTPDataError as fault:
        return int(fault.smtp_code), False


def _expect(answer: tuple[int, bytes], refusal: str, *, of_email: bool = False) -> None:
    code, _ = answer
    if code // 100 != YES:
        raise _Refused(refusal.format(code), code if of_email else 0)


FAULTS: tuple[tuple[type[Exception], str], ...] = (  # the first match counts
    (ssl.SSLCertVerificationError, UNTRUSTED),
    (TimeoutError, SLOW),
    (ssl.SSLError, NO_TLS),
    (smtplib.SMTPServerDisconnected, BROKEN_OFF),
    (smtplib.SMTPResponseException, NO_TALK),
    (ConnectionResetError, BROKEN_OFF),
    (OSError, AWAY),  # unknown host, no route, connection refused
)


@contextmanager
def _faults_in_words() -> Iterator[None]:
    """Convert exceptions of the connection to _Refused with a sentence."""
    try:
        yield
    except Unreadable as fault:
        raise _Refused(ODD) from fault
    except OSError as fault:  # includes smtplib's exceptions
        sentence = next(sentence for kind, sentence in FAULTS if isinstance(fault, kind))
        raise _Refused(sentence.format(getattr(fault, "smtp_code", ""))) from fault


REFUSED_BY_US = 553  # SMTP code for an invalid address


@dataclass(frozen=True)
class Outbox:
    """The server, the sender's address and display name."""

    server: MailServer
    sender: str
    office: str

    def send(
        self, to: str, words: Words, *, mark: str = "", named: bool = True, limits: SendLimits | None = None
    ) -> SendOutcome:
        """Send an e-mail to one address now; call without an open transaction. By default within the limits of a page,
        and with the office as display name."""
        if sentence := next(filter(None, map(address_objection, (self.sender, to))), ""):
            return SendOutcome(SendResult.NOT_SENT, sentence, REFUSED_BY_US)
        office = self.office if named else ""
        email = composed_email(words, sender=self.sender, office=office, to=to, at=now(), mark=mark)
        return send_message(email, self.server, limits)

    def send_queued(self, to: str, words: Words, *, mark: str, named: bool = True) -> SendOutcome:
        """`send` for queued e-mails, with a fixed Message-ID, so that a second copy can be recognised. Unless `named`,
        the sender has no display name."""
        return self.send(to, words, mark=mark, named=named, limits=UNHURRIED)

    def send_rate_limited(self, to: str, words: Words) -> SendOutcome:
        """`send` within the rate limit of the address."""
        place = take_slot(to)
        if place is None:
            return SendOutcome(SendResult.NOT_SENT, ENOUGH)
        outcome = self.send(to, words)
        if outcome.fate is SendResult.NOT_SENT:
            release_slot(place)
        return outcome


_installed: list[str] = []


def install(url: str) -> None:
    """Configure the mail server of this process; "" for none."""
    _installed[:] = [url]


def installed_outbox() -> Outbox | None:
    """The outbox of this process; None if e-mail is not configured, or in a copy of the panel."""
    return None if is_copy() else outbox("".join(_installed))


def sends_email(settings: Settings) -> bool:
    """Whether e-mail is configured: a server and a sender's address, and not a copy of the panel."""
    return bool("".join(_installed) and settings[MAIL_SENDER] and not is_copy())


def outbox(url: str) -> Outbox | None:
    """The outbox for the server of this URL; None if e-mail is not configured."""
    settings = values() if url else {}
    sender = settings.get(MAIL_SENDER)
    return Outbox(server_of(url), sender, settings["panel.office"]) if sender else None
