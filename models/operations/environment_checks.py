"""Checks of the panel's environment: HTTPS certificate, clock, version, file permissions, weak or exposed keys."""

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

from models import release
from models.email.mail_server import url_faults
from models.operations import checks
from models.operations.checks import EnvironmentContext, Finding, unknown, well, wrong
from models.operations.signing_settings import signing_faults
from models.schema import is_sealed
from models.store import sqlite
from models.store.base import engine
from models.store.installation import is_ours, name_of
from models.store.keys import COOKIES, PANEL
from sop.clock import WIB
from sop.words import MONTHS, format_date

HTTPS, PATIENCE = 443, 3.0  # port, timeout in seconds
BEFORE = timedelta(days=30)  # a certificate's expiry is reported so long ahead
ASKED_OF_SYSTEM = ("/usr/bin/timedatectl", "show", "--property=NTPSynchronized", "--value")
STAMP = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd touches it at each synchronisation
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


def certificate(place: EnvironmentContext) -> Finding:
    """When the certificate that the server presents expires; its issuer is not verified."""
    if not place.own_name:
        return unknown(NO_HTTPS)
    end = certificate_expiry(place.own_name)
    if end is None:
        return unknown(SILENT.format(name=place.own_name))
    left, day = end - place.at, format_date(end.astimezone(WIB).date())
    if left <= timedelta():
        return wrong(ENDED.format(day=day))
    return wrong(ENDS.format(day=day, days=left.days)) if left < BEFORE else well(LASTS.format(day=day))


def certificate_expiry(name: str, port: int = HTTPS) -> datetime | None:
    """Connect to the host name, or to localhost if it is not reachable from inside; None if neither answers."""
    from cryptography import x509  # imported here because only a panel behind nginx needs it

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # only a date is read, nothing is sent
    for host in (name, "127.0.0.1"):
        with (
            suppress(OSError, ValueError),
            socket.create_connection((host, port), PATIENCE) as connection,
            context.wrap_socket(connection, server_hostname=name) as tls,
        ):
            return x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"").not_valid_after_utc
    return None


def clock(place: EnvironmentContext) -> Finding:
    """Whether the clock was set back, as in /health/ready, and whether it is synchronised."""
    if fault := checks.clock(place):
        return wrong(fault)
    in_step = is_synchronised(place.at)
    if in_step is None:
        return unknown(UNASKED)
    return well(IN_STEP) if in_step else wrong(ADRIFT)


def is_synchronised(at: datetime, asked: Callable[[], str] | None = None, stamp: Path = STAMP) -> bool | None:
    """NTP state from timedatectl, since the panel's unit may not call the kernel; if that does not answer, from the age
    of systemd-timesyncd's stamp file; None if neither is available."""
    answer = (asked or _timedatectl)()
    if answer in ("yes", "no"):
        return answer == "yes"
    with suppress(OSError):
        return at.timestamp() - stamp.stat().st_mtime < FRESH.total_seconds()
    return None


def _timedatectl() -> str:
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(ASKED_OF_SYSTEM, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603 - constant
        return done.stdout.strip()
    return ""


def version(place: EnvironmentContext) -> Finding:
    """Whether a newer release is installed as well, or this one is old; no request to the outside."""
    ours = release.version(place.house)
    if ours == release.UNKNOWN:
        return unknown(NAMELESS)
    newest = max(_other_releases(place.house), key=_rank, default=ours)
    if _rank(newest) > _rank(ours):
        return wrong(NEWER.format(newer=newest, ours=ours))
    released, now = _day_of_release(place.house), place.at.astimezone(WIB)
    if released and (now.year - released.year) * 12 + now.month - released.month > MONTHS_OLD:
        month = MONTHS[released.month - 1]
        return wrong(AGED.format(ours=ours, month=month, year=released.year, months=MONTHS_OLD))
    return well(CURRENT.format(ours=ours))


def _other_releases(house: Path) -> Iterator[str]:
    """The versions in the other folders of `releases`, if the program runs from one."""
    if house.parent.name == "releases":
        versions = (release.version(folder) for folder in house.parent.iterdir() if folder.is_dir())
        yield from (each for each in versions if each != release.UNKNOWN)


def _rank(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))


def _day_of_release(house: Path) -> date | None:
    """The date of the latest version in CHANGELOG.md."""
    dated = DATED.search((house / "CHANGELOG.md").read_text(encoding="utf-8"))
    try:
        return date.fromisoformat(dated[1]) if dated else None
    except ValueError:
        return None


SHORTEST = 22  # characters: 128 random bits in URL-safe base 64
FEWEST = 10  # different characters; a random key has more
GUESSED = re.compile(
    r"dev|development|debug|test|demo|example|sample|default|secret|key|change|me|this|please|replace|insert|your|here|"
    r"password|passwd|flask|panel|pengaduan|rahasia|kunci|ganti|contoh|sandi|admin|qwerty|asdf|abc|xyz|[0-9]{1,4}|\W|_",
    re.IGNORECASE,
)
OFTEN_ROOTS = ("lost+found",)  # at the root of a separate disk
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
LOST = (  # while the panel serves, when the instructions of KEYLESS would be wrong
    "{path} tidak ada, padahal yang tersegel dalam basis data hanya terbuka dengan kunci itu. Kembalikan berkasnya "
    "dari tempat penyimpanannya."
)
PRIVATE = "Kunci panel ada, dan tidak ada orang lain yang mencapainya."
UNMADE_KEY = "Belum ada kunci panel; panel membuatnya saat pertama kali dijalankan."
FAR = (
    "Basis data {path} terletak pada penyimpanan jaringan ({kind}), yang dapat merusaknya. Pindahkan ke disk komputer "
    "ini, atau pakai PostgreSQL."
)


def unsafe_environment(environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each dangerous environment variable: debug modes, a weak SECRET_KEY, a wrong MAIL_URL or
    SIGNING_…."""
    for name in ("FLASK_DEBUG", "DEBUG"):
        if environment.get(name, "").strip().lower() not in OFF:
            yield DEBUG.format(name=name)
    if environment.get("FLASK_ENV", "").strip().lower().startswith("dev"):
        yield DEBUG.format(name="FLASK_ENV")
    if (key := environment.get("SECRET_KEY")) and is_guessable(key):
        yield WEAK
    yield from url_faults(environment.get("MAIL_URL", ""))
    yield from signing_faults(environment)


def is_guessable(key: str) -> bool:
    """Whether a key is short, repetitive, or made of common placeholder words."""
    by_chance = GUESSED.sub("", key) if not re.fullmatch("[0-9a-fA-F]+", key) else key
    return len(key) < SHORTEST or len(set(key)) < FEWEST or len(by_chance) < SHORTEST // 2


def wrong_permissions(folder: Path) -> Iterator[str]:
    """A sentence with the cure for each wrong permission under VAR_DIR: open to other users, or closed to the panel."""
    if shut := refusal_of(folder):
        yield shut
        return
    if folder.exists() and folder.stat().st_mode & stat.S_IWOTH:
        yield WRITABLE.format(path=folder)
    for path in (folder / name for name in (PANEL, COOKIES)):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield READABLE.format(path=path)


def refusal_of(folder: Path) -> str:
    """The sentence with its cure if VAR_DIR, or a file in it, belongs to another user, as after a disk was moved to
    another server; "" if not, or if VAR_DIR does not exist yet."""
    user = name_of(os.geteuid())
    if unreached := _unreached(folder, user):
        return unreached
    if not folder.exists():
        return ""
    shut = [folder] if not is_ours(folder) else [path for path in folder.iterdir() if not is_ours(path)]
    owners = {path: name_of(path.stat().st_uid) for path in shut if path.name not in OFTEN_ROOTS}
    return next((SHUT.format(path=p, owner=owner, user=user, folder=folder) for p, owner in owners.items()), "")


def _unreached(folder: Path, user: str) -> str:
    """The sentence if a parent folder is closed to this user, or VAR_DIR is missing and cannot be created, else ""."""
    above = [each for each in folder.absolute().parents if os.path.isdir(each)]
    if closed := next((each for each in reversed(above) if not os.access(each, os.X_OK, effective_ids=True)), None):
        return CLOSED.format(folder=folder, user=user, closed=closed)
    if folder.exists() or os.access(above[0], os.W_OK, effective_ids=True):
        return ""
    return UNMADE.format(folder=folder, user=user)


def is_key_lost(var: Path, url: str, owner_url: str | None = None) -> bool:
    """Whether the key is missing although the database contains data encrypted with it; a new key would not open it."""
    return not (var / PANEL).exists() and is_sealed(url, owner_url)


def key_for_next_start(place: EnvironmentContext) -> Finding:
    """Whether the panel's key file exists and is private. The running panel has the key in memory, so it would notice a
    missing file only at its next start."""
    if exposures := [*wrong_permissions(place.var)]:
        return wrong(" ".join(exposures))
    if is_key_lost(place.var, place.url):
        return wrong(LOST.format(path=place.var / PANEL))
    return well(PRIVATE) if (place.var / PANEL).exists() else unknown(UNMADE_KEY)


def network_disk_fault(url: str, mounts: Path = MOUNTS) -> Iterator[str]:
    """A sentence if the SQLite file is on a network file system, where its journal's shared memory does not work."""
    if engine(url) is sqlite and mounts.exists():
        file = Path(sqlite.path_of(url)).resolve()
        kind = file_system_of(file, mounts.read_text(errors="replace"))
        if kind in REMOTE or kind.removeprefix("fuse.") in OVER_FUSE:
            yield FAR.format(path=file, kind=kind)


def file_system_of(file: Path, mounts: str) -> str:
    """The type of the file system that contains a file, from the mount table; "" if unknown."""
    kinds: dict[Path, str] = {}
    for words in map(str.split, mounts.splitlines()):
        if len(words) > 2:  # the path is written with octal escapes
            place = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), words[1])
            kinds[Path(place)] = words[2]
    return next((kinds[path] for path in (file, *file.parents) if path in kinds), "")
