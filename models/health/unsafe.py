"""Whether the panel may start where it is: a guessable key, a debugger, keys and data that others can reach."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.health.finding import Finding, Surroundings, unknown, well, wrong
from models.installation.owner import is_ours, name_of
from models.mail.server import url_faults
from models.schema import is_sealed
from models.store import sqlite
from models.store.base import engine
from models.store.seal import KEY

SHORTEST = 22  # letters: 128 bits of chance in the alphabet of addresses
FEWEST = 10  # different letters; chance alone draws more
GUESSED = re.compile(
    r"dev|development|debug|test|demo|example|sample|default|secret|key|change|me|this|please|replace|insert|your|here|"
    r"password|passwd|flask|panel|pengaduan|rahasia|kunci|ganti|contoh|sandi|admin|qwerty|asdf|abc|xyz|[0-9]{1,4}|\W|_",
    re.IGNORECASE,
)
KEYS = (KEY, "secret.key")
OFTEN_ROOTS = ("lost+found",)  # at the root of a disk of its own
OFF = ("", "0", "false", "no", "off")
REMOTE = frozenset(("afs", "beegfs", "ceph", "cifs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"))
OVER_FUSE = frozenset(("ceph", "davfs2", "glusterfs", "rclone", "s3fs", "sshfs", "vmhgfs-fuse"))
MOUNTS = Path("/proc/self/mounts")

WEAK = (
    "SECRET_KEY mudah ditebak. Hapus dari lingkungan agar panel membuatnya sendiri, atau isi dengan hasil "
    '`python -c "import secrets; print(secrets.token_hex())"`.'
)
DEBUG = "{name} membuka isi panel kepada siapa pun yang menemui galat. Hapus {name} dari lingkungan, lalu mulai lagi."
READABLE = "{path} dapat dibaca orang lain di komputer ini. Jalankan `chmod 600 {path}`, lalu mulai lagi."
WRITABLE = "Folder {path} dapat ditulisi siapa pun di komputer ini. Jalankan `chmod go-w {path}`, lalu mulai lagi."
CLOSED = "{folder} tidak dapat dicapai pengguna {user}: {closed} tertutup baginya. Pakai folder data lain (VAR_DIR)."
UNMADE = (
    "Folder data {folder} belum ada dan tidak dapat dibuat pengguna {user}. Jalankan sebagai root: install -d -m 700 "
    "-o {user} {folder} – lalu mulai lagi."
)
SHUT = (
    "{path} milik pengguna {owner} sehingga tidak dapat dipakai pengguna {user}. Jalankan sebagai root: "
    "chown -R {user}: {folder} – lalu mulai lagi."
)
KEYLESS = (
    "{path} tidak ada, padahal basis data berisi pengaduan atau pengguna yang hanya terbuka dengan kunci itu. "
    "Kembalikan berkasnya dari tempat penyimpanannya, lalu mulai lagi. Bila cadangan hendak dipulihkan ke sini, "
    "kosongkan dahulu basis datanya: docs/panduan/pasang.md."
)
LOST = (  # said while the panel serves: what is to be done at a start is wrong there
    "{path} tidak ada, padahal yang tersegel dalam basis data hanya terbuka dengan kunci itu. Kembalikan berkasnya "
    "dari tempat penyimpanannya."
)
KEPT = "Kunci panel ada, dan tidak ada orang lain yang mencapainya."
UNMADE_KEY = "Belum ada kunci panel; panel membuatnya saat pertama kali dijalankan."
FAR = (
    "Basis data {path} terletak pada penyimpanan jaringan ({kind}), yang dapat merusaknya. Pindahkan ke disk komputer "
    "ini, atau pakai PostgreSQL."
)


def dangers_of(environment: Mapping[str, str]) -> Iterator[str]:
    """What the environment says that nobody must work with, each in a sentence."""
    for name in ("FLASK_DEBUG", "DEBUG"):
        if environment.get(name, "").strip().lower() not in OFF:
            yield DEBUG.format(name=name)
    if environment.get("FLASK_ENV", "").strip().lower().startswith("dev"):
        yield DEBUG.format(name="FLASK_ENV")
    if (key := environment.get("SECRET_KEY")) and is_guessable(key):
        yield WEAK
    yield from url_faults(environment.get("MAIL_URL", ""))


def is_guessable(key: str) -> bool:
    """Whether a key is short, says nearly nothing, or is made of the words that stand in every handbook."""
    by_chance = GUESSED.sub("", key) if not re.fullmatch("[0-9a-fA-F]+", key) else key
    return len(key) < SHORTEST or len(set(key)) < FEWEST or len(by_chance) < SHORTEST // 2


def exposures_of(folder: Path) -> Iterator[str]:
    """What under VAR_DIR others on this computer can read or change, or the panel cannot, each in a sentence that says
    the cure."""
    if shut := refusal_of(folder):
        yield shut
        return
    if folder.exists() and folder.stat().st_mode & stat.S_IWOTH:
        yield WRITABLE.format(path=folder)
    for path in (folder / name for name in KEYS):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield READABLE.format(path=path)


def refusal_of(folder: Path) -> str:
    """The sentence with its cure where VAR_DIR, or a key or database in it, is another user's, as after a disk has come
    to another server; "" where it is ours or not there yet."""
    user = name_of(os.geteuid())
    if unreached := _unreached(folder, user):
        return unreached
    if not folder.exists():
        return ""
    shut = [folder] if not is_ours(folder) else [path for path in folder.iterdir() if not is_ours(path)]
    owners = {path: name_of(path.stat().st_uid) for path in shut if path.name not in OFTEN_ROOTS}
    return next((SHUT.format(path=p, owner=owner, user=user, folder=folder) for p, owner in owners.items()), "")


def _unreached(folder: Path, user: str) -> str:
    """Where it lies in a folder that is closed to us, or is not there and cannot be made."""
    above = [each for each in folder.absolute().parents if os.path.isdir(each)]
    if closed := next((each for each in reversed(above) if not _is_open(each)), None):
        return CLOSED.format(folder=folder, user=user, closed=closed)
    if folder.exists() or os.access(above[0], os.W_OK, effective_ids=True):
        return ""
    return UNMADE.format(folder=folder, user=user)


def _is_open(folder: Path) -> bool:
    return os.access(folder, os.X_OK, effective_ids=True)


def is_key_lost(var: Path, url: str, owner_url: str | None = None) -> bool:
    """Whether the key is gone without which what is sealed in the database stays closed; a new one opens nothing."""
    return not (var / KEY).exists() and is_sealed(url, owner_url)


def next_start(place: Surroundings) -> Finding:
    """Whether the panel will find its key once it starts anew, and nobody else reaches it: one that serves has it in
    its memory, and does not miss it until then."""
    if exposures := [*exposures_of(place.var)]:
        return wrong(" ".join(exposures))
    if is_key_lost(place.var, place.url):
        return wrong(LOST.format(path=place.var / KEY))
    return well(KEPT) if (place.var / KEY).exists() else unknown(UNMADE_KEY)


def distance_of(url: str, mounts: Path = MOUNTS) -> Iterator[str]:
    """Whether the database is a file on another computer's disk: its journal is shared memory, which no network has."""
    if engine(url) is sqlite and mounts.exists():
        file = Path(sqlite.path_of(url)).resolve()
        kind = file_system_of(file, mounts.read_text(errors="replace"))
        if kind in REMOTE or kind.removeprefix("fuse.") in OVER_FUSE:
            yield FAR.format(path=file, kind=kind)


def file_system_of(file: Path, mounts: str) -> str:
    """Of which kind the file system is that a file lies on, by the table of mounts; "" where that does not tell."""
    lines = (line.split() for line in mounts.splitlines())
    kinds = {Path(_unescaped(words[1])): words[2] for words in lines if len(words) > 2}
    return next((kinds[place] for place in (file, *file.parents) if place in kinds), "")


def _unescaped(place: str) -> str:
    """A path as the table of mounts writes it: blanks and the like in octal."""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), place)
