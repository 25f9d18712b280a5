"""Sending by SMTP: the talk with the server, its outcome, and the outbox that is configured.

Each is handed over in a thread of its own, since looking up a server's name knows no time-out. Whoever waits gives up
after ten seconds: then the letter is not sent any more, or, if the server has already been given it, nobody knows. Of
what a server answers only the code is told: some quote what they were sent.
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

from models.letters.letter import Words, address_objection, composed_letter, domain_of
from models.letters.mail_server import ENOUGH, MailServer, Security, give_back, server_of, take_place
from models.office.settings import MAIL_SENDER, Settings, values
from models.store.base import now
from models.store.installation import is_copy

LONGEST = 65_536  # bytes of one answer


class Unreadable(Exception):
    """What is said is no answer of a mail server."""


class SaidLines:
    """What the server says, line by line, as smtplib reads it from a file."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until, self._held, self._left = sock, until, b"", LONGEST

    def begin(self) -> None:
        """Another answer is about to be read."""
        self._left = LONGEST

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._held and len(self._held) < limit and (more := self._more()):
            self._held += more
        end = min(self._held.find(b"\n") + 1 or limit, limit)
        line, self._held = self._held[:end], self._held[end:]
        return line

    def _more(self) -> bytes:
        seconds = self._until - monotonic()
        if seconds <= 0:
            raise TimeoutError
        self._sock.settimeout(seconds)
        more = self._sock.recv(4096)
        self._left -= len(more)
        if self._left < 0:
            raise Unreadable
        return more

    def close(self) -> None:
        """The socket is closed by whom it belongs to."""


class Talk(smtplib.SMTP):
    """One in plain words, or by STARTTLS; over after `timeout` seconds."""

    def __init__(self, host: str, port: int, name: str, *, timeout: float, **more: Any) -> None:
        self._until = monotonic() + timeout
        super().__init__(host, port, name, timeout=timeout, **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:  # also once TLS has begun: what was said before it counts for nothing
            self.file = SaidLines(self.sock, self._until)
        try:
            return self._read_answer()
        except Unreadable:
            self.close()
            raise

    def _read_answer(self) -> tuple[int, bytes]:
        if self.file is not None:
            self.file.begin()
        code, said = super().getreply()
        if code < 0:  # as smtplib says that there was no number
            raise Unreadable
        return code, said


class TlsTalk(Talk, smtplib.SMTP_SSL):
    """One by TLS from the first byte."""


WITHIN = 10  # seconds
MORE = 5  # smtplib takes a time-out for a broken connection: the waiting thread says first that it is slow
YES, NOT_NOW, NO = 2, 4, 5  # the first digit of a code: by it alone, says the standard, one knows what is meant
AT_ONCE = 2  # letters under way: a server that hangs must not hold every thread that answers requests

log = logging.getLogger("panel.mail")


class Fate(Enum):
    """What became of a letter."""

    TAKEN, NOT_SENT, UNKNOWN = auto(), auto(), auto()


@dataclass(frozen=True)
class Handover:
    """What became of it, and the sentence for its sender."""

    fate: Fate
    sentence: str
    code: int = field(default=0, compare=False)  # by which the server refused this letter, its address or its content

    @property
    def is_for_good(self) -> bool:
        """Whether the same letter would be refused again."""
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
NO_SIGN_IN = "Server surel menolak pengguna atau sandi pada MAIL_URL."
NO_SENDER = "Server surel menolak alamat pengirim (kode {})."
NO_RECIPIENT = "Server surel menolak alamat penerima (kode {})."
NO_CONTENT = "Server surel menolak isi surelnya (kode {})."
NO_TALK = "Server surel menolak sambungan (kode {})."
ODD = "Jawaban server surel tidak dapat dibaca. Periksa server dan porta pada MAIL_URL."
FAILED = "Surelnya tidak dapat dikirim karena gangguan pada panel."


@dataclass(frozen=True)
class Patience:
    """How long whoever sends a letter waits for the server's word, beside how many others, and what he says then."""

    seconds: float
    places: threading.BoundedSemaphore
    slow: str
    for_place: float = 0  # seconds that a place is waited for: the letter before says farewell after its word


PAGE = threading.BoundedSemaphore(AT_ONCE)
UNHURRIED = Patience(  # no page waits for the letters of a queue, and they take no place from a page
    120, threading.BoundedSemaphore(1), "Server surel tidak menjawab dalam 2 menit.", for_place=120
)


class _Refused(Exception):
    """The letter will not be sent; in a sentence, with the code where the letter itself was refused."""

    def __init__(self, sentence: str, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code


class Handing:
    """One letter on its way to the server."""

    def __init__(self, letter: EmailMessage, server: MailServer, patience: Patience | None = None) -> None:
        self._server = server
        self._patience = patience or Patience(WITHIN, PAGE, SLOW)
        self._sender, self._to = (str(letter[name].addresses[0].addr_spec) for name in ("From", "To"))
        self._content = letter.as_bytes()
        self._turn, self._over = threading.Lock(), threading.Event()
        self._handover: Handover | None = None
        self._given = False  # from then on the server may have the letter

    def begin(self) -> None:
        if self._patience.places.acquire(timeout=self._patience.for_place):
            threading.Thread(target=self._run, name="mail", daemon=True).start()
        else:
            self._settle(BUSY)

    def outcome(self, within: float | None = None) -> Handover:
        """What became of it after so many seconds at most; the letter is not given to the server after that."""
        self._over.wait(self._patience.seconds if within is None else within)
        with self._turn:
            return self._handover or self._settled(SLOW)

    def _run(self) -> None:
        try:
            with _faults_in_words():
                self._hand_over()
        except _Refused as refused:
            self._settle(str(refused), refused.__cause__, refused.code)
        finally:
            self._settle(FAILED)  # says nothing where all is said
            self._patience.places.release()

    def _hand_over(self) -> None:
        for_all = self._patience.seconds + MORE
        with _connected(self._server, domain_of(self._sender), for_all) as smtp:
            _expect(smtp.mail(self._sender), NO_SENDER)
            _expect(smtp.rcpt(self._to), NO_RECIPIENT, of_letter=True)
            self._give()
            self._answered(*_answer_to(smtp, self._content))  # before the QUIT, which changes nothing any more

    def _give(self) -> None:
        with self._turn:
            if self._handover:
                raise _Refused(SLOW)  # whoever waited has been told that it is not sent
            self._given = True

    def _answered(self, code: int, has_all: bool) -> None:
        """The server has said what became of the letter, whether it has all of it or did not want it; nobody hears it
        who has waited long enough. A code that says neither yes nor no leaves open what became of it."""
        with self._turn:
            if not self._handover:
                self._given = has_all and code // 100 not in (YES, NOT_NOW, NO)
                taken = has_all and code // 100 == YES
                self._settled(TAKEN if taken else NO_CONTENT.format(code), code=0 if taken else code)

    def _settle(self, sentence: str, fault: BaseException | None = None, code: int = 0) -> None:
        with self._turn:
            if not self._handover:
                self._settled(sentence, fault, code)

    def _settled(self, sentence: str, fault: BaseException | None = None, code: int = 0) -> Handover:
        """The first word counts. Without the server's own about a letter that it has been given, nobody knows."""
        fate = Fate.TAKEN if sentence == TAKEN else Fate.UNKNOWN if self._given else Fate.NOT_SENT
        said = self._patience.slow if sentence == SLOW else sentence
        self._handover = Handover(fate, MAYBE if fate is Fate.UNKNOWN else said, code)
        if fate is not Fate.TAKEN:
            cause = f" ({type(fault).__name__})" if fault else ""
            log.warning("a letter was not taken: %s%s", self._handover.sentence, cause)
        self._over.set()
        return self._handover


def hand_over(letter: EmailMessage, server: MailServer, patience: Patience | None = None) -> Handover:
    """Give the letter to the server, and wait for its word; without a patience of one's own as long as a page can."""
    handing = Handing(letter, server, patience)
    handing.begin()
    return handing.outcome()


@contextmanager
def _connected(server: MailServer, name: str, seconds: float) -> Iterator[smtplib.SMTP]:
    """A server that may be told who sends what to whom. It is greeted by the sender's domain: this computer's own name
    is nobody's business, and looking it up may take long."""
    tls = ssl.create_default_context()
    if server.security is Security.TLS:
        smtp: Talk = TlsTalk(server.host, server.port, name, timeout=seconds, context=tls)
    else:
        smtp = Talk(server.host, server.port, name, timeout=seconds)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security is Security.STARTTLS:
            if not smtp.has_extn("starttls"):
                raise _Refused(NO_STARTTLS)
            smtp.starttls(context=tls)
            smtp.ehlo_or_helo_if_needed()  # what was said before is forgotten on both sides
        if server.user:
            _sign_in(smtp, server)
        yield smtp
        with suppress(OSError):  # smtplib's own exceptions are such
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
    except ValueError as fault:  # a question that is none: passwords beyond ASCII were refused at the start
        raise _Refused(ODD) from fault


def _answer_to(smtp: smtplib.SMTP, content: bytes) -> tuple[int, bool]:
    """The code that the server answers to the letter itself, or else to being asked whether it wants it; which it is.
    Yes to the question is no wish: it says by another code that it listens."""
    try:
        return smtp.data(content)[0], True
    except smtplib.SMTPDataError as fault:
        return int(fault.smtp_code), False


def _expect(answer: tuple[int, bytes], refusal: str, *, of_letter: bool = False) -> None:
    code, _ = answer
    if code // 100 != YES:
        raise _Refused(refusal.format(code), code if of_letter else 0)


FAULTS: tuple[tuple[type[Exception], str], ...] = (  # the first that fits
    (ssl.SSLCertVerificationError, UNTRUSTED),
    (TimeoutError, SLOW),
    (ssl.SSLError, NO_TLS),
    (smtplib.SMTPServerDisconnected, BROKEN_OFF),
    (smtplib.SMTPResponseException, NO_TALK),
    (ConnectionResetError, BROKEN_OFF),
    (OSError, AWAY),  # no such name, no way there, no server listens
)


@contextmanager
def _faults_in_words() -> Iterator[None]:
    """Whatever goes wrong on the way, as a sentence."""
    try:
        yield
    except Unreadable as fault:
        raise _Refused(ODD) from fault
    except OSError as fault:  # smtplib's own are such as well
        sentence = next(sentence for kind, sentence in FAULTS if isinstance(fault, kind))
        raise _Refused(sentence.format(getattr(fault, "smtp_code", ""))) from fault


REFUSED_BY_US = 553  # as a server says of an address that is none


@dataclass(frozen=True)
class Outbox:
    """The server, the sender's address, and the office in whose name it is sent."""

    server: MailServer
    sender: str
    office: str

    def send(self, to: str, words: Words) -> Handover:
        """Send a letter to one address now; what became of it. No transaction is open meanwhile."""
        return self._sent(to, words, self.office)

    def send_unhurried(self, to: str, words: Words, *, mark: str, named: bool = True) -> Handover:
        """The same where nobody waits for it, under a Message-ID that stays: whoever gets it twice can tell. A letter
        that is not `named` does not say in whose name it is sent."""
        return self._sent(to, words, self.office if named else "", mark, UNHURRIED)

    def send_sparingly(self, to: str, words: Words) -> Handover:
        """The same, as often as one address may get letters: who sends to one without end makes it a burden."""
        place = take_place(to)
        if place is None:
            return Handover(Fate.NOT_SENT, ENOUGH)
        handover = self.send(to, words)
        if handover.fate is Fate.NOT_SENT:
            give_back(place)
        return handover

    def _sent(self, to: str, words: Words, office: str, mark: str = "", patience: Patience | None = None) -> Handover:
        if sentence := next(filter(None, map(address_objection, (self.sender, to))), ""):
            return Handover(Fate.NOT_SENT, sentence, REFUSED_BY_US)
        letter = composed_letter(words, sender=self.sender, office=office, to=to, at=now(), mark=mark)
        return hand_over(letter, self.server, patience)


_installed: list[str] = []


def install(url: str) -> None:
    """Hand letters over to the server of this URL in this process; with none to no server."""
    _installed[:] = [url]


def installed_outbox() -> Outbox | None:
    """By the server of this process; None where the office sends no letters, and in a copy of its panel."""
    return None if is_copy() else outbox("".join(_installed))


def sends_letters(settings: Settings) -> bool:
    """Whether the office can send letters: it has a server, and an address to send them from."""
    return bool("".join(_installed) and settings[MAIL_SENDER] and not is_copy())


def outbox(url: str) -> Outbox | None:
    """By the server of this URL; None where the office sends no letters."""
    settings = values() if url else {}
    sender = settings.get(MAIL_SENDER)
    return Outbox(server_of(url), sender, settings["panel.office"]) if sender else None
