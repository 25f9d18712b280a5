"""Copies a PostgreSQL database: pg_dump of the open snapshot, pg_restore into an empty database."""

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

from models.store import postgres, resource_limits
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
    _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={folder / PART}", *WITHOUT)


WITHOUT = ("--no-owner", "--no-privileges", "--no-comments")  # roles belong to the server; `settle` grants again


def name_of(url: str) -> str:
    """The database's name on its server."""
    return str(conninfo_to_dict(url)["dbname"])


def copy_whole(url: str, path: Path) -> None:
    """Dump the database to `path`. ValueError with a sentence if pg_dump fails."""
    _run("pg_dump", url, "--format=custom", f"--file={path}", *WITHOUT)


@contextmanager
def scratch(folder: Path, url: str, owner_url: str | None) -> Iterator[pw.Database]:
    """The dump restored into a temporary database, dropped when the block ends."""
    owner = owner_url or url
    with _temporary_database(owner, f"{name_of(owner)}_bukti") as name:
        place = _with_database_name(owner, name)
        bring(folder, place, None)
        yield postgres.owner_database(place)


@contextmanager
def temporary_urls(folder: Path, url: str, owner_url: str | None) -> Iterator[tuple[str, str | None]]:
    """URLs, of the app's role and of the owner, of an empty temporary database for a copy."""
    owner = owner_url or url
    with _temporary_database(owner, f"{name_of(owner)}_latihan") as name:
        yield _with_database_name(url, name), owner_url and _with_database_name(owner_url, name)


@contextmanager
def _temporary_database(owner: str, name: str) -> Iterator[str]:
    """Create an empty database, and drop it and its app role when the block ends; drops the leftovers of a killed
    process first. ValueError with a sentence if the owner may not create databases."""
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


def _with_database_name(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _drop(server: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    with suppress(psycopg.errors.InsufficientPrivilege):  # without the right to drop it, it was not created either
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(postgres.app_role(name))))


def damage(opened: pw.Database) -> str:
    """Always "": the server has checked all constraints during pg_restore."""
    return ""


def bring(folder: Path, url: str, owner_url: str | None) -> None:
    """Restore the dump in one transaction; drops the tables of an unused panel first."""
    with psycopg.connect(owner_url or url) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        for (table,) in tables:
            owner.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
        for function in postgres.FUNCTIONS:
            owner.execute(f"DROP FUNCTION IF EXISTS {function}() CASCADE")
    _run("pg_restore", owner_url or url, "--single-transaction", "--exit-on-error", *WITHOUT, str(folder / PART))


def emptying(url: str, owner_url: str | None) -> str:
    """The shell command that recreates the database empty, to run on the database server."""
    parameters = conninfo_to_dict(owner_url or url)
    name, owner = parameters["dbname"], parameters.get("user", "")
    return (
        f"runuser -u postgres -- dropdb {name} && "
        f"runuser -u postgres -- createdb --owner={owner} --encoding=UTF8 --template=template0 {name}"
    )


def _run(program: str, url: str, *options: str) -> None:
    """Run one of PostgreSQL's programs; the password is passed by the environment, which `ps` does not show."""
    parameters = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(parameters.pop("password"))} if "password" in parameters else {}
    command = [_program_path(program), f"--dbname={make_conninfo('', **parameters)}", *options]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own
        command, env={**resource_limits.environment(), **secret}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ValueError(FAILED.format(program, (done.stderr.strip().splitlines() or ["?"])[-1][:200]))


def _program_path(program: str) -> str:
    """Debian's newest version, which reads every older server, else the one on PATH. ValueError with a sentence if
    there is none."""
    installed = sorted(DEBIAN.glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    place = str(installed[-1]) if installed else shutil.which(program)
    if not place or not os.access(place, os.X_OK):
        raise ValueError(MISSING.format(program))
    return place
