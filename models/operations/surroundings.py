"""What lies around the panel: certificate, clock, exposed keys; whether it may start here."""

import os
import re
import socket
import ssl
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography import x509

from models import release
from models.letters.mail_server import url_faults
from models.operations import checks
from models.operations.checks import Finding, Surroundings, unknown, well, wrong
from models.schema import is_sealed
from models.store import sqlite
from models.store.base import engine
from models.store.installation import is_ours, name_of
from models.store.seal import KEY
from sop.clock import WIB
from sop.words import MONTHS, format_date

HTTPS, PATIENCE = 443, 3.0  # the port that is asked, and for how many seconds
BEFORE = timedelta(days=30)  # a certificate's end is told so long ahead
ASKED_OF_SYSTEM = ("/usr/bin/timedatectl", "show", "--property=NTPSynchronized", "--value")
STAMP = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd touches it each time
FRESH = timedelta(days=1)
MONTHS_OLD = 12
DATED = re.compile(r"^## \d+\.\d+\.\d+ \S (\d{4}-\d{2}-\d{2})$", re.MULTILINE)

NO_HTTPS = "Panel tidak memakai HTTPS sendiri."
SILENT = "{name} tidak menjawab lewat HTTPS dari server ini, sehingga sertifikatnya tidak dapat diperiksa."
LASTS = "Sertifikat berlaku sampai {day}."
ENDS = "Sertifikat berakhir {day}, {days} hari lagi."
ENDED = "Sertifikat sudah berakhir {day}; peramban menolak membuka panel."
IN_STEP = "Jam server disamakan dengan server waktu."
ADRIFT = "Jam server tidak disamakan dengan server waktu (NTP); kode masuk dan batas waktu memerlukan jam yang benar."
UNASKED = "Server tidak menyebut apakah jamnya disamakan dengan server waktu."
NEWER = "Versi {newer} sudah ada di server tetapi belum dipakai; yang berjalan versi {ours}."
AGED = "Versi {ours} diterbitkan {month} {year}, lebih dari {months} bulan yang lalu."
CURRENT = "Versi {ours} berjalan."
NAMELESS = "Versi panel tidak diketahui."


def certificate(place: Surroundings) -> Finding:
    """Until when the certificate holds that browsers are shown; who has signed it is no matter here."""
    if not place.own_name:
        return unknown(NO_HTTPS)
    end = end_of_certificate(place.own_name)
    if end is None:
        return unknown(SILENT.format(name=place.own_name))
    left, day = end - place.at, format_date(end.astimezone(WIB).date())
    if left <= timedelta():
        return wrong(ENDED.format(day=day))
    return wrong(ENDS.format(day=day, days=left.days)) if left < BEFORE else well(LASTS.format(day=day))


def end_of_certificate(name: str, port: int = HTTPS) -> datetime | None:
    """Asked of the name, and where that is not reached from within, of this very server; None if nobody answers."""
    asks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asks.check_hostname, asks.verify_mode = False, ssl.CERT_NONE  # nothing is told or believed, only a date is read
    for host in (name, "127.0.0.1"):
        with (
            suppress(OSError, ValueError),
            socket.create_connection((host, port), PATIENCE) as way,
            asks.wrap_socket(way, server_hostname=name) as closed,
        ):
            return x509.load_der_x509_certificate(closed.getpeercert(binary_form=True) or b"").not_valid_after_utc
    return None


def clock(place: Surroundings) -> Finding:
    """Whether it was set back, as /health/ready asks, and whether anything keeps it right."""
    if fault := checks.clock(place):
        return wrong(fault)
    in_step = is_synchronised(place.at)
    if in_step is None:
        return unknown(UNASKED)
    return well(IN_STEP) if in_step else wrong(ADRIFT)


def is_synchronised(at: datetime, asked: Callable[[], str] | None = None, stamp: Path = STAMP) -> bool | None:
    """By the kernel's word, as systemd passes it on: within the panel's unit nobody may ask the kernel itself. Where
    systemd does not answer, by what its own client leaves behind; None where neither tells."""
    word = (asked or _word_of_system)()
    if word in ("yes", "no"):
        return word == "yes"
    with suppress(OSError):
        return at.timestamp() - stamp.stat().st_mtime < FRESH.total_seconds()
    return None


def _word_of_system() -> str:
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(ASKED_OF_SYSTEM, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603 - own words
        return done.stdout.strip()
    return ""


def version(place: Surroundings) -> Finding:
    """Whether a later one lies beside this one, or this one is old; nobody outside is asked."""
    ours = release.version(place.house)
    if ours == release.UNKNOWN:
        return unknown(NAMELESS)
    newest = max(_versions_beside(place.house), key=_rank, default=ours)
    if _rank(newest) > _rank(ours):
        return wrong(NEWER.format(newer=newest, ours=ours))
    released, now = _day_of_release(place.house), place.at.astimezone(WIB)
    if released and (now.year - released.year) * 12 + now.month - released.month > MONTHS_OLD:
        month = MONTHS[released.month - 1]
        return wrong(AGED.format(ours=ours, month=month, year=released.year, months=MONTHS_OLD))
    return well(CURRENT.format(ours=ours))


def _versions_beside(house: Path) -> Iterator[str]:
    """Of the other folders of releases, where the program lies in one."""
    if house.parent.name == "releases":
        found = (release.version(folder) for folder in house.parent.iterdir() if folder.is_dir())
        yield from (each for each in found if each != release.UNKNOWN)


def _rank(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))


def _day_of_release(house: Path) -> date | None:
    """When it came out, as its list of changes says."""
    dated = DATED.search((house / "CHANGELOG.md").read_text(encoding="utf-8"))
    try:
        return date.fromisoformat(dated[1]) if dated else None
    except ValueError:
        return None


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
