"""Keys in files under VAR_DIR, each made whole or not at all; and whether a database belongs to the panel's key."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

import peewee as pw

from models.store.base import Model
from models.store.files import settle
from models.store.seal import LENGTH, BrokenSeal, Keyring

PANEL, COOKIES = "panel.key", "secret.key"  # files under VAR_DIR

BROKEN = "{path} kosong atau rusak: isinya harus 64 angka heksadesimal. {cure}, lalu mulai lagi."
BROUGHT_BACK = "Kembalikan berkasnya dari tempat penyimpanannya"
CURES = {COOKIES: "Hapus berkas itu (semua pengguna lalu masuk lagi)"}
FOREIGN = (
    "Kunci panel pada folder data ini bukan kunci basis data ini, sehingga yang tersegel tidak akan terbuka. Salin "
    "panel.key dari server yang memakai basis data ini, atau periksa DATABASE_URL, lalu mulai lagi."
)


def key_in(path: Path) -> bytes:
    """The 32 bytes of a key file (hexadecimal, readable by its owner only); made at random if there is none.

    ValueError with a sentence if it holds anything else. Of processes that start at once all get the same key.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):  # another process made it meanwhile
            write_key(path, secrets.token_bytes(LENGTH))
    with suppress(ValueError):
        key = bytes.fromhex(path.read_text().strip())
        if len(key) == LENGTH:
            return key
    raise ValueError(BROKEN.format(path=path, cure=CURES.get(path.name, BROUGHT_BACK)))


def write_key(path: Path, key: bytes) -> None:
    """Write a key file, durably and at once: nobody ever reads half of it. FileExistsError if there is one already."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as file:  # mode 600
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, path)
    settle(path.parent)


class PanelKey(Model):
    """The fingerprint of the key that this database's sealed columns and hashes were made with: one row."""

    append_only = True
    in_digest = False

    fingerprint = pw.CharField(max_length=64)


def belongs(owner: pw.Database, ring: Keyring) -> bool:
    """Whether the database was made with this key, as its fingerprint tells; in one of before there were fingerprints
    its newest case must open."""
    if row := owner.execute_sql('SELECT "fingerprint" FROM "panel_key" ORDER BY "id" LIMIT 1').fetchone():
        return bool(row[0] == _fingerprint(ring))
    newest = """SELECT c."public_id", k."wrapped" FROM "case_key" k JOIN "complaint" c ON c."id" = k."complaint_id"
        ORDER BY k."complaint_id" DESC LIMIT 1"""
    for public_id, wrapped in owner.execute_sql(newest):
        try:
            ring.open_case(str(public_id), wrapped)
        except BrokenSeal:
            return False
    return True


def claim(owner: pw.Database, ring: Keyring) -> None:
    """Write the key's fingerprint into a database that has none. ValueError with a sentence if another key's is there,
    or what is sealed does not open: also where a second machine has made a key of its own meanwhile."""
    if not belongs(owner, ring):
        raise ValueError(FOREIGN)
    owner.execute_sql(
        f'INSERT INTO "panel_key" ("id", "fingerprint") VALUES (1, {owner.param}) ON CONFLICT DO NOTHING',  # noqa: S608
        (_fingerprint(ring),),
    )


def _fingerprint(ring: Keyring) -> str:
    """Reveals nothing of the key."""
    return ring.derived("fingerprint").hex()
