"""`flask import`: imports a file; the last line of its output are the counts as JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from admin.door.terminal import command
from models.complaint.scope import viewer
from models.imports.batches import NUMBERINGS, PUBLISHING, REPEAT, WHEN_RAISED, ImportBatch, ImportMapping
from models.imports.columns import FORMS, FileForm, heads_of_file, likely_columns
from models.imports.mapping import UnfitMapping, as_file, mapped, store_mapping, typed_in_file
from models.imports.publishing import begin, publish
from models.imports.refused import UnreadableFile
from models.imports.stage import ZONES, counts_of, judged_file, same_file, stage, tally
from models.office.lists import Medium
from models.office.people import User
from models.store.base import database, now
from sop.procedure import PETUGAS
from sop.words import format_number

THROUGH = ", melalui terminal server"
UNNAMED = "Sebutkan jenis berkas dengan --as, atau berkas susunannya dengan --map."
OTHER_MAP = "Berkas {} sudah ada dan berisi susunan lain. Pilih nama lain, atau hilangkan --as."
UNWRITTEN = "Berkas {} tidak dapat ditulis: {}."
GUESSED = (
    "Susunan perkiraan ditulis ke {}. Periksa isinya, lalu jalankan perintah yang sama; belum ada yang dimasukkan."
)
STORED = "Susunan “{}” tersimpan, juga untuk halaman Impor."
NO_PETUGAS = "Belum ada petugas yang aktif. Buat dahulu: flask --app app create-user NAMA --role petugas"


def install(app: Flask) -> None:
    """Register the command of `flask --app app`."""
    app.cli.add_command(import_file)


@command("import", "Memasukkan berkas dari luar, baris demi baris.")
@click.argument("file", metavar="BERKAS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "kind",
    metavar="JENIS",
    default="",
    help="Jenis berkas: lapor, atau nama susunan kolom yang sudah disimpan.",
)
@click.option(
    "--map",
    "map_file",
    metavar="SUSUNAN",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Berkas susunan kolom (.json): dibaca; bila belum ada ditulis, dari --as atau judul kolom BERKAS.",
)
@click.option("--zone", type=click.Choice(list(ZONES)), default="WIB", help="Zona waktu berkas.")
@click.option("--dry-run", is_flag=True, help="Hanya menilai; tidak ada yang disimpan.")
@click.option("--as-user", "username", metavar="NAMA", default="", help="Petugas yang tercatat memasukkan.")
@click.option(
    "--numbers", type=click.Choice(list(NUMBERINGS)), default=WHEN_RAISED, help="Kapan nomor register diambil."
)
@click.option("--leave-numbers", is_flag=True, help="Biarkan NIK dan nomor telepon terbaca dalam uraian.")
@with_appcontext
def import_file(
    file: Path,
    kind: str,
    map_file: Path | None,
    zone: str,
    dry_run: bool,
    username: str,
    numbers: str,
    leave_numbers: bool,
) -> None:
    """Import FILE: judge each row, and publish what is proposed for it; continue if publishing it was interrupted."""
    with database.connection_context():
        user, data = _petugas(username), file.read_bytes()
        try:
            if map_file and not kind and not map_file.exists():
                return _guess(file, data, map_file)
            form = _form(kind, map_file, mapped if dry_run else _store_mapping)
            if dry_run:
                counts = tally(judged_file(data, form, zone, viewer(user), now()))
            else:
                own = (ImportBatch.form == form.key) & (ImportBatch.by == user)
                interrupted = same_file(data, own & (ImportBatch.state == PUBLISHING))
                batch = interrupted or stage(data, file.name, form, zone, viewer(user), now())
                counts = _publish(batch, user, numbers, lifts=not leave_numbers)
        except (UnreadableFile, UnfitMapping) as refused:
            raise click.ClickException(str(refused)) from refused
    click.echo(json.dumps({{REPEAT: "repeats"}.get(name, name): count for name, count in counts.items()}))


def _petugas(username: str) -> User:
    """The user who is recorded as importing: the named one, else the first active Petugas."""
    active = User.select().where((User.role == PETUGAS) & User.active).order_by(User.id)
    user: User | None = (active.where(User.username == username) if username else active).first()
    if user is None:
        raise click.ClickException(f"Petugas aktif bernama {username} tidak ada." if username else NO_PETUGAS)
    return user


def _form(kind: str, map_file: Path | None, mapping_of: Callable[[dict[str, str]], ImportMapping]) -> FileForm:
    """The named kind, which is written to a new mapping file if one is given; without a name that of the file."""
    if kind:
        mapping = ImportMapping.get_or_none(ImportMapping.name == kind)
        if kind not in FORMS and mapping is None:
            raise click.ClickException(f"Jenis berkas {kind} tidak dikenal; yang dikenal: {', '.join(FORMS)}.")
        form = FORMS.get(kind) or mapping.form
        if map_file:
            _write(map_file, as_file(form))
        return form
    if map_file is None:
        raise click.UsageError(UNNAMED)
    return mapping_of(typed_in_file(map_file.read_bytes())).form


def _store_mapping(typed: dict[str, str]) -> ImportMapping:
    mapping = store_mapping(typed)
    click.echo(STORED.format(mapping.name), err=True)
    return mapping


def _guess(file: Path, data: bytes, map_file: Path) -> None:
    """Write a mapping guessed from the file's headers, to be checked; nothing is imported."""
    columns = {field: (head,) for field, head in likely_columns(heads_of_file(data)).items()}
    medium = Medium.select().where(Medium.active).order_by(Medium.code != "loket", Medium.id).get()
    form = FileForm("", file.stem, str(medium.code), "", columns)
    _write(map_file, as_file(form))
    click.echo(GUESSED.format(map_file), err=True)
    click.echo(json.dumps({field: heads[0] for field, heads in columns.items()}, ensure_ascii=False))


def _write(path: Path, content: bytes) -> None:
    """Write the mapping; refuse to overwrite a different one."""
    try:
        if not path.exists():
            path.write_bytes(content)
        elif path.read_bytes() != content:
            raise click.ClickException(OTHER_MAP.format(path))
    except OSError as fault:
        raise click.ClickException(UNWRITTEN.format(path, fault.strerror)) from fault


def _publish(batch: ImportBatch, user: User, numbers: str, *, lifts: bool) -> dict[str, int]:
    counts = counts_of(batch)
    is_continued = batch.state == PUBLISHING
    refusal = "" if is_continued else begin(batch, by=user, at=now(), numbering=numbers, lifts=lifts, through=THROUGH)
    if refusal:
        raise click.ClickException(refusal)
    click.echo(f"Dicatat atas nama {user.name}.", err=True)
    publish(batch.id, lambda done: click.echo(f"{format_number(done)} dari {format_number(counts['rows'])}", err=True))
    return counts
