"""PostgreSQL's database as one file: pg_dump within the open snapshot, pg_restore into an empty database."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import peewee as pw
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from models.store import bounded, postgres
from models.store.base import database

PART, WHOLE = "database.dump", ".dump"
DEBIAN = Path("/usr/lib/postgresql")
MISSING = "Program {} belum ada pada server ini; pasang paket postgresql-client."
FAILED = "{} tidak berhasil: {}"
NO_SCRATCH = (
    "Salinan basis data tidak dapat diuji: peran pada DATABASE_OWNER_URL, atau pada DATABASE_URL bila hanya itu yang "
    "ada, harus boleh membuat basis data. Jalankan sekali sebagai pengelola server basis data: ALTER ROLE nama_peran "
    "CREATEDB;"
)


def take(url: str, folder: Path) -> None:
    """Write the dump of the open snapshot into a folder."""
    [(snapshot,)] = database.execute_sql("SELECT pg_export_snapshot()")
    words = ("--format=custom", f"--snapshot={snapshot}", f"--file={folder / PART}", *WITHOUT)
    _run("pg_dump", url, *words)


WITHOUT = ("--no-owner", "--no-privileges", "--no-comments")  # roles are the server's; `settle` grants anew


def name_of(url: str) -> str:
    """By what the database is known on its server."""
    return str(conninfo_to_dict(url)["dbname"])


def copy_whole(url: str, path: Path) -> None:
    """Write the database as a dump. ValueError in a sentence if pg_dump could not."""
    _run("pg_dump", url, "--format=custom", f"--file={path}", *WITHOUT)


@contextmanager
def scratch(folder: Path, url: str, owner_url: str | None) -> Iterator[pw.Database]:
    """The dump restored into a database that nobody else knows, for as long as this lasts."""
    owner = owner_url or url
    with _made(owner, f"{name_of(owner)}_bukti") as name:
        place = _named(owner, name)
        bring(folder, place, None)
        yield postgres.owner_database(place)


@contextmanager
def place_beside(folder: Path, url: str, owner_url: str | None) -> Iterator[tuple[str, str | None]]:
    """Where a copy can be worked on for a while: its address, and its owner's. Nothing is there yet."""
    owner = owner_url or url
    with _made(owner, f"{name_of(owner)}_latihan") as name:
        yield _named(url, name), owner_url and _named(owner_url, name)


@contextmanager
def _made(owner: str, name: str) -> Iterator[str]:
    """An empty database of the owner's, gone afterwards with the role that a panel has made for it; what is left of one
    that was killed goes first. ValueError in a sentence where the owner may make none."""
    with psycopg.connect(owner, autocommit=True) as server:
        _drop(server, name)
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as refused:
            raise ValueError(NO_SCRATCH) from refused
        try:
            yield name
        finally:
            _drop(server, name)


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _drop(server: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    with suppress(psycopg.errors.InsufficientPrivilege):  # then nobody has made it either
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(postgres.app_role(name))))


def damage(opened: pw.Database) -> str:
    """The server has judged each row and each reference as it took them in."""
    return ""


def bring(folder: Path, url: str, owner_url: str | None) -> None:
    """Restore the dump, all or nothing, where tables of an office that has not begun may lie."""
    with psycopg.connect(owner_url or url) as owner:
        named = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        for (table,) in named:
            owner.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
        owner.execute("DROP FUNCTION IF EXISTS refuse_change() CASCADE")
    _run("pg_restore", owner_url or url, "--single-transaction", "--exit-on-error", *WITHOUT, str(folder / PART))


def emptying(url: str, owner_url: str | None) -> str:
    """The command by which somebody on the database's server makes the place empty."""
    told = conninfo_to_dict(owner_url or url)
    name, owner = told["dbname"], told.get("user", "")
    return (
        f"runuser -u postgres -- dropdb {name} && "
        f"runuser -u postgres -- createdb --owner={owner} --encoding=UTF8 --template=template0 {name}"
    )


def _run(program: str, url: str, *words: str) -> None:
    """Run one of PostgreSQL's programs on a database; the password goes by the environment, where nobody lists it."""
    told = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(told.pop("password"))} if "password" in told else {}
    command = [_program_path(program), f"--dbname={make_conninfo('', **told)}", *words]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own
        command, env={**bounded.environment(), **secret}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ValueError(FAILED.format(program, (done.stderr.strip().splitlines() or ["?"])[-1][:200]))


def _program_path(program: str) -> str:
    """Debian's newest, which can read every older server, else what is on PATH. ValueError in a sentence if none is."""
    installed = sorted(DEBIAN.glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    place = str(installed[-1]) if installed else shutil.which(program)
    if not place or not os.access(place, os.X_OK):
        raise ValueError(MISSING.format(program))
    return place
