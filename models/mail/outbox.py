"""How the office sends letters, if it does: by a server of the environment, from an address of the settings."""

from dataclasses import dataclass

from models.installation.standing import is_copy
from models.mail.address import address_objection
from models.mail.delivery import UNHURRIED, Fate, Handover, Patience, hand_over
from models.mail.letter import Words, composed_letter
from models.mail.quota import ENOUGH, give_back, take_place
from models.mail.server import MailServer, server_of
from models.office.settings import MAIL_SENDER, Settings, values
from models.store.base import now

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
