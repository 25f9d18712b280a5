"""Database errors that are outages rather than bugs: busy, unreachable, full or damaged; and the operating system's
errors about files, in Indonesian.
"""

import errno
import os
from enum import Enum

import peewee as pw
import psycopg
from peewee import sqlite3
from playhouse.pool import MaxConnectionsExceeded


class Outage(Enum):
    """What passes by itself or is repaired by the server's administrator."""

    BUSY = "busy"  # another connection has the lock, or a timeout expired
    AWAY = "away"  # the server or the file is unreachable
    FULL = "full"  # still readable, but nothing can be written
    DAMAGED = "damaged"  # the file is corrupt or no database


# The drivers' own errors come from rows that are fetched one by one.
DATABASE_ERRORS = (pw.PeeweeException, sqlite3.Error, psycopg.Error)
IOERR_SHMSIZE = 4874  # SQLite: no disk space for the shared-memory file
OF_SQLITE = {  # by result code
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_PROTOCOL: Outage.BUSY,
    sqlite3.SQLITE_INTERRUPT: Outage.BUSY,
    sqlite3.SQLITE_IOERR: Outage.AWAY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.FULL,
    sqlite3.SQLITE_CORRUPT: Outage.DAMAGED,
    sqlite3.SQLITE_NOTADB: Outage.DAMAGED,
    IOERR_SHMSIZE: Outage.FULL,
}
OF_POSTGRESQL = {  # by SQLSTATE, or by its class
    "55P03": Outage.BUSY,  # lock_timeout
    "57014": Outage.BUSY,  # statement_timeout
    "25P03": Outage.BUSY,  # idle_in_transaction_session_timeout
    "40": Outage.BUSY,  # rolled back in favour of another transaction: serialization failure, deadlock
    "53300": Outage.BUSY,  # too many connections
    "53100": Outage.FULL,
    "08": Outage.AWAY,  # the connection
    "57P": Outage.AWAY,  # shut down, crashed, not up yet
    "58": Outage.AWAY,  # the server's own disk
    "25006": Outage.FULL,  # a read-only server
    "XX001": Outage.DAMAGED,  # data_corrupted
    "XX002": Outage.DAMAGED,  # index_corrupted
}
# parts of SQLite's messages that come without a code
SQLITE_MESSAGES = {"locked": Outage.BUSY, "disk is full": Outage.FULL, "disk I/O": Outage.AWAY}
UNDONE = (
    "cannot rollback",
    "cannot commit",
    "no such savepoint",
)  # SQLite has rolled back by itself

CLOSED = "Basis data tidak dapat dibuka."
OUTAGE_SENTENCES = {
    Outage.BUSY: "Basis data sedang dipakai proses lain. Tunggu sebentar, lalu ulangi.",
    Outage.AWAY: "Basis data tidak dapat dihubungi.",
    Outage.FULL: "Basis data tidak dapat ditulisi: tempat penyimpanan penuh, atau berkasnya hanya dapat dibaca.",
    Outage.DAMAGED: "Berkas basis data rusak atau bukan basis data.",
}
AT_START = {  # printed on the terminal
    Outage.BUSY: f"{CLOSED} {OUTAGE_SENTENCES[Outage.BUSY]}",
    Outage.AWAY: f"{CLOSED} Periksa alamat, pengguna, dan kata sandi pada DATABASE_URL, folder pada VAR_DIR, "
    "ruang pada disknya, dan apakah server basis data sedang berjalan.",
    Outage.FULL: f"{CLOSED} {OUTAGE_SENTENCES[Outage.FULL]}",
    Outage.DAMAGED: f"{CLOSED} {OUTAGE_SENTENCES[Outage.DAMAGED]} Pindahkan ke tempat lain, jangan dihapus, lalu "
    "pulihkan cadangan terakhir; caranya tertulis pada docs/panduan/pasang.md.",
}


OF_SYSTEM = {  # by errno; any other is shown by its name
    errno.EACCES: "tidak diizinkan",
    errno.EPERM: "tidak diizinkan",
    errno.EDQUOT: "tempat penyimpanan penuh",
    errno.EEXIST: "sudah ada",
    errno.EFBIG: "berkasnya terlalu besar untuk tempat itu",
    errno.EIO: "diskanya gagal",
    errno.ELOOP: "tautannya menunjuk dirinya sendiri",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
    errno.ENODEV: "diskanya tidak terpasang",
    errno.ENOENT: "berkas atau foldernya tidak ada",
    errno.ENOSPC: "tempat penyimpanan penuh",
    errno.ENOTDIR: "di tengah alamatnya ada berkas, bukan folder",
    errno.ENOTEMPTY: "foldernya tidak kosong",
    errno.EROFS: "tempatnya hanya dapat dibaca",
    errno.ESTALE: "tempatnya tidak terhubung lagi",
    errno.ETIMEDOUT: "tempatnya tidak menjawab",
}


def why(fault: BaseException) -> str:
    """The system's error about a file or folder, as part of a sentence; a remote storage has messages of its own."""
    if outage_of(fault) is Outage.FULL:
        return OF_SYSTEM[errno.ENOSPC]
    code, message = getattr(fault, "errno", None), getattr(fault, "strerror", None)
    if message and (code is None or message != os.strerror(code)):
        return str(message)
    return OF_SYSTEM.get(code or 0) or errno.errorcode.get(code or 0) or type(fault).__name__


def start_sentence(fault: BaseException) -> str:
    """Why the panel cannot start on its database and what to check; the driver's own message is not shown."""
    outage = outage_of(fault)
    return AT_START[outage] if outage else f"{CLOSED} ({type(fault).__name__})"


def outage_of(fault: BaseException | None) -> Outage | None:
    """The kind of outage; None for every other error, such as a missing column."""
    if not isinstance(fault, DATABASE_ERRORS):
        return None
    cause = getattr(fault, "orig", None) or fault.__cause__ or fault  # the driver's error, which Peewee wraps
    if isinstance(cause, MaxConnectionsExceeded):
        return Outage.BUSY
    if isinstance(cause, psycopg.Error):
        return _of_postgresql(cause)
    if str(cause).startswith(UNDONE):
        return outage_of(_error_before_rollback(fault))
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return OF_SQLITE.get(code) or OF_SQLITE.get(code & 0xFF)
    return _of_message(cause)


def refuse_unless_full(fault: BaseException) -> None:
    """Raise the fault again unless the disk is full."""
    if outage_of(fault) is not Outage.FULL:
        raise fault


def _error_before_rollback(fault: BaseException) -> BaseException | None:
    """The error before the failed rollback: the first in the context chain that is not in UNDONE."""
    earlier = fault.__context__
    while earlier is not None and str(earlier).startswith(UNDONE):
        earlier = earlier.__context__
    return earlier


def _of_postgresql(fault: psycopg.Error) -> Outage | None:
    state = fault.sqlstate
    if state is None:  # not from the server: it is unreachable or closed the connection
        return Outage.AWAY if isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError) else None
    return next((outage for size in (5, 3, 2) if (outage := OF_POSTGRESQL.get(state[:size]))), None)


def _of_message(fault: BaseException) -> Outage | None:
    if isinstance(fault, pw.InterfaceError):
        return Outage.AWAY
    if not isinstance(fault, pw.OperationalError | sqlite3.OperationalError):
        return None
    return next((outage for word, outage in SQLITE_MESSAGES.items() if word in str(fault)), None)
