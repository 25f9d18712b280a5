"""What this server is to be, asked on Cadangan: which choices are open, and what comes of the one that is made."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from models.case.attachments import note_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.operations import archive as keys
from models.operations.nightly import place_taken, plan_in_force
from models.operations.place import TAKE_BACK, ArchiveFolder, holder_of
from models.store import installation
from models.store.base import now
from models.store.installation import Installation, last_installation
from sop.words import format_long_moment

SERVER = "Kedudukan server"
DOUBTED = timedelta(days=30)  # so long the page says how a takeover is taken back
ASKED = "Server ini: menggantikan atau latihan?"
TAKEN = (
    "Cadangan terakhir ditolak karena tempatnya dipakai server lain. Hanya satu server yang boleh menyimpan "
    "cadangannya di sana. Bila server lain itu yang berhak, isi tempat lain di Pengaturan."
)
BECOMES = "Bila ia menjadi panel kantor, cadangannya disimpan di Tempat cadangan pada Pengaturan; periksa dahulu."
MISTAKEN = (
    "Sejak {} server ini panel kantor. Bila itu keliru dan server lain yang tetap dipakai, nyatakan server ini untuk "
    f"latihan. Bila cadangan di server lain itu sempat ditolak, pilih “{TAKE_BACK}” pada halaman Cadangan di sana."
)
STANDS = {"": "server ini panel kantor", installation.TRIAL: "server ini untuk latihan"}
SETTLED = "Sudah diputuskan: {}{}. Yang baru Anda kirim tidak mengubahnya."
CHANGED = "Keadaan server ini berubah sejak halaman itu dibuka. Baca sekali lagi, lalu putuskan."


class Settled(Exception):
    """Somebody has decided already: the message says what stands."""


@dataclass(frozen=True)
class ServerRole:
    """What may be chosen: the word on the button, what it means, what the history says, and what is said then."""

    label: str
    meaning: str
    noted: str
    done: str
    word: str = ""


REPLACES = ServerRole(
    "Menggantikan server lama",
    "server lama tidak dipakai lagi; mulai sekarang server ini yang membuat cadangan dan mengirim surel. Server lama, "
    "bila masih menyala, tidak dapat menulis ke tempat cadangan itu lagi.",
    "menyatakan server ini menggantikan server lama",
    "Server ini sekarang panel kantor: cadangan dibuat tiap malam dan surel dikirim lagi.",
)
REGAINS = ServerRole(
    TAKE_BACK,
    "server ini yang dipakai kantor. Server lain itu tidak dapat menulis ke tempat cadangan itu lagi.",
    "menyatakan server ini panel kantor dan mengambil alih tempat cadangan",
    "Server ini panel kantor, dan mengambil alih tempat cadangan itu dengan cadangan berikutnya.",
)
PRACTISES = ServerRole(
    "Hanya untuk latihan",
    "kantor memakai server lain; yang dicatat di sini tidak sampai kepada siapa pun.",
    "menyatakan server ini untuk latihan",
    "Server ini sekarang untuk latihan: tidak ada surel yang dikirim, cadangan kantor tidak disentuh.",
    installation.TRIAL,
)
TAKEOVER, TRIAL = "takeover", "trial"
KEYS = (TAKEOVER, TRIAL)


@dataclass(frozen=True)
class Question:
    """What is asked of the administrator; without choices nothing is. Quiet: nobody has to answer it."""

    title: str
    sentence: str
    choices: dict[str, ServerRole]
    seen: str  # the installation on which he decides
    is_quiet: bool = False


def open_question() -> Question:
    """What may be decided on this server as it stands."""
    word, last = installation.standing(), last_installation()
    seen = str(last.id) if last else ""
    if word == installation.TRIAL:
        sentence = f"{installation.PRACTICE} {BECOMES}"
        return Question("Jadikan panel kantor", sentence, {TAKEOVER: REPLACES}, seen, is_quiet=True)
    if word:
        return Question(ASKED, installation.sentence(), {TAKEOVER: REPLACES, TRIAL: PRACTISES}, seen)
    if place_taken():
        return Question("Tempat cadangan dipakai server lain", TAKEN, {TAKEOVER: REGAINS, TRIAL: PRACTISES}, seen)
    if last and _is_doubted(last):
        sentence = MISTAKEN.format(format_long_moment(last.at))
        return Question("Keliru menjadi panel kantor?", sentence, {TRIAL: PRACTISES}, seen, is_quiet=True)
    return Question("", "", {}, seen)


def _is_doubted(last: Installation) -> bool:
    """Whether it was decided, not long ago, that this is the office's; the very first one nobody has decided on."""
    is_first = not Installation.select().where(Installation.id < last.id).exists()
    return not is_first and now() - last.at < DOUBTED


def refuse_settled(key: str, seen: str) -> ServerRole:
    """What was chosen, where it is still open as it was shown; Settled if not."""
    question = open_question()
    if seen == question.seen and key in question.choices:
        return question.choices[key]
    word, last = installation.standing(), last_installation()
    if word in installation.UNDECIDED:
        raise Settled(CHANGED)
    raise Settled(SETTLED.format(f"sejak {format_long_moment(last.at)} " if last else "", STANDS[word]))


def former_holder(choice: ServerRole, var: Path) -> str:
    """Whose mark lies in a place that is taken back. OSError, or ValueError in a sentence, where none can be read."""
    if choice.word or not place_taken():
        return ""
    place = ArchiveFolder(plan_in_force().place)
    place.refuse_absent()
    return holder_of(place, keys.key_from(var)).mark


def decide(key: str, seen: str, user: User, var: Path, former: str) -> ServerRole:
    """What was chosen counts, and the history says by whom. Settled if another was quicker, OSError where the word
    cannot be kept: then nothing is."""
    chosen = refuse_settled(key, seen)

    def noted() -> None:  # within the transaction, of which there is one at a time
        refuse_settled(key, seen)
        note_edit(user, [SERVER], by=viewer(user), what=chosen.noted)

    installation.become(var, chosen.word, now(), former, noted)
    return chosen
