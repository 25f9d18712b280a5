"""What lies around the panel on its server: the certificate by which it is reached, the clock, the program itself."""

import re
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from models import release
from models.health import checks
from models.health.finding import Finding, Surroundings, unknown, well, wrong
from sop.clock import WIB
from sop.words import MONTHS, format_date

HTTPS, PATIENCE = 443, 3.0  # the port that is asked, and for how many seconds
BEFORE = timedelta(days=30)  # a certificate's end is told so long ahead
ASKED_OF_SYSTEM = ("/usr/bin/timedatectl", "show", "--property=NTPSynchronized", "--value")
STAMP = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd touches it each time
FRESH = timedelta(days=1)
MONTHS_OLD = 12
DATED = re.compile(r"^## \d+\.\d+\.\d+ \S (\w+) (\d{4})", re.MULTILINE)

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
    released = _month_of(place.house)
    now = place.at.astimezone(WIB)
    if released and (now.year - released[1]) * 12 + now.month - released[0] > MONTHS_OLD:
        month, year = MONTHS[released[0] - 1], released[1]
        return wrong(AGED.format(ours=ours, month=month, year=year, months=MONTHS_OLD))
    return well(CURRENT.format(ours=ours))


def _versions_beside(house: Path) -> Iterator[str]:
    """Of the other folders of releases, where the program lies in one."""
    if house.parent.name == "releases":
        found = (release.version(folder) for folder in house.parent.iterdir() if folder.is_dir())
        yield from (each for each in found if each != release.UNKNOWN)


def _rank(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))


def _month_of(house: Path) -> tuple[int, int] | None:
    """Month and year in which it came out, as its list of changes says."""
    said = DATED.search((house / "CHANGELOG.md").read_text(encoding="utf-8"))
    return (MONTHS.index(said[1]) + 1, int(said[2])) if said and said[1] in MONTHS else None
