"""Backup commands: making and restoring backups, checking and restoring stored files."""

import threading
from datetime import datetime

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from admin.door.terminal import command
from admin.server.background import source_of
from models.operations import archive as keys
from models.operations import backup_schedule, stored_files
from models.operations import restore as restoring
from models.operations.backup_making import make_backup
from models.operations.backup_schedule import plan_in_force
from models.schema import First
from models.store import installation
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS, start_sentence, why
from sop.words import format_long_moment, format_number, format_size

NO_PLACE = "Tempat cadangan belum diisi pada Pengaturan; sebutkan dengan --to."
COPIED = "Basis data akan diubah oleh {count} migrasi; salinannya dari sebelum itu: {path}"
UNRESTORED = "Cadangan tidak dapat dipulihkan: {}. Perbaiki, lalu ulangi."
OPENED_BY = "Cadangan ini dibuka dengan Lembar Kunci Cadangan bertanda {mark}."
EITHER = "Pilih salah satu: --takeover atau --trial."
KEY_NOT_TYPED = "Kuncinya tidak diketik. Tidak ada yang diubah."
ASKED_ONE = "Kelompok ke-{} saja, sekali lagi"
ASKED = "Kunci dari Lembar Kunci Cadangan (13 kelompok, dipisah spasi)"


def install(app: Flask) -> None:
    """Register the commands of `flask --app app`."""
    for each in (backup, restore, check_files, restore_file):
        app.cli.add_command(each)


def start_nightly_backups(app: Flask, stop: threading.Event) -> None:
    """Make nightly backups in a daemon thread. A backup that runs when the process exits is dropped."""
    threading.Thread(
        target=backup_schedule.run_backup_schedule, args=(source_of(app), stop), name="backup", daemon=True
    ).start()


def migration_copy_callback(app: Flask) -> First | None:
    """A callback that copies the database before migrations change it; None with MIGRATE_WITHOUT_COPY."""
    if app.config["MIGRATE_WITHOUT_COPY"]:
        return None

    def copy(waiting: list[str]) -> None:
        path = backup_schedule.copy_before_migration(source_of(app), waiting)
        click.echo(COPIED.format(count=len(waiting), path=path), err=True)

    return copy


@command("backup", "Membuat cadangan dan mengujinya dengan memulihkannya.")
@click.option(
    "--to", "place", metavar="TEMPAT", default="", help="Tempat cadangan, bila lain dari yang ada pada Pengaturan."
)
@with_appcontext
def backup(place: str) -> None:
    """Make a backup and test it by restoring it; exit code 1 with the reason if it fails."""
    with database.connection_context():
        plan = plan_in_force()
        if not (place or plan.place):
            raise click.ClickException(NO_PLACE)
        try:
            made = make_backup(source_of(current_app), place or plan.place, plan.spans)
        except (ValueError, *DATABASE_ERRORS) as refused:
            sentence = str(refused) if isinstance(refused, ValueError) else start_sentence(refused)
            raise click.ClickException(sentence) from refused
    if made.fault:
        raise click.ClickException(made.fault)
    counted = f"{format_number(made.entries)} catatan riwayat, {format_number(made.files)} berkas"
    click.echo(f"Cadangan {made.name} dibuat dan teruji: {counted}, {format_size(made.size)}, {made.seconds} detik.")
    if made.lacking:
        click.echo(f"{len(made.lacking)} berkas sudah hilang atau berubah sebelum disalin; lihat `check-files`.")


@command("restore", "Memulihkan cadangan ke tempat yang kosong.")
@click.argument("archive", metavar="BERKAS")
@click.option("--takeover", is_flag=True, help="Server ini menggantikan yang lama.")
@click.option("--trial", is_flag=True, help="Server ini untuk latihan.")
@with_appcontext
def restore(archive: str, takeover: bool, trial: bool) -> None:
    """Restore a backup into an empty place: checks it, then asks for the key of the Lembar Kunci Cadangan."""
    if takeover and trial:
        raise click.ClickException(EITHER)
    target = source_of(current_app)
    try:
        with installation.locked_for_restore(target.var):
            click.echo(OPENED_BY.format(mark=restoring.look_at(target, archive)))
            manifest = restoring.restore(target, archive, _prompt_key())
    except ValueError as refused:
        raise click.ClickException(str(refused)) from refused
    except OSError as broken:
        raise click.ClickException(UNRESTORED.format(why(broken))) from broken
    counted = f"{format_number(manifest.entries)} catatan riwayat, {format_number(len(manifest.parts) - 2)} berkas"
    made_at = format_long_moment(datetime.fromisoformat(manifest.at))
    click.echo(f"Pulih dari cadangan {made_at}: {counted}. Semua orang masuk dengan kata sandinya.")
    with database.connection_context():
        if takeover:
            installation.make_production(target.var, now())
        elif trial:
            installation.make_training(target.var, now())
        if sentence := installation.sentence():  # without an option it is decided on the page
            click.echo(sentence)


def _prompt_key() -> bytes:
    """Prompt for the key. A wrong group is asked for again alone, the whole key if its length is wrong; ValueError if
    the prompt is aborted."""
    typed = _prompt(ASKED, ValueError(KEY_NOT_TYPED))
    while True:
        try:
            return keys.read_groups(typed)
        except keys.WrongGroup as wrong:
            click.echo(str(wrong))
            typed = wrong.mended(_prompt(ASKED_ONE.format(wrong.place), wrong))
        except ValueError as unlike:
            click.echo(str(unlike))
            typed = _prompt(ASKED, unlike)


def _prompt(question: str, otherwise: ValueError) -> str:
    """The typed text; raises `otherwise` if the prompt is aborted."""
    try:
        return str(click.prompt(question))
    except click.Abort as aborted:
        raise otherwise from aborted


@command("check-files", "Mencari berkas simpanan yang hilang atau berubah.")
@with_appcontext
def check_files() -> None:
    """List stored files that are missing, changed or without a row; exit code 1 if a file with a row is damaged."""
    with database.connection_context():
        faults = stored_files.file_faults(source_of(current_app).files)
    for fault in faults:
        click.echo(str(fault))
    broken = [fault for fault in faults if fault.fault != stored_files.ORPHAN]
    if broken:
        raise click.ClickException(f"{len(broken)} berkas hilang atau berubah. Kembalikan dengan `restore-file`.")
    click.echo("Semua berkas utuh.")


@command("restore-file", "Mengembalikan satu berkas dari cadangan.")
@click.argument("name", metavar="NAMA_BERKAS")
@click.option(
    "--from", "place", metavar="TEMPAT", default="", help="Tempat cadangan, bila lain dari yang ada pada Pengaturan."
)
@with_appcontext
def restore_file(name: str, place: str) -> None:
    """Restore a stored file from the latest backup that has it."""
    with database.connection_context():
        place = place or plan_in_force().place
    if not place:
        raise click.ClickException(NO_PLACE.replace("--to", "--from"))
    try:
        archived = restoring.restore_stored_file(source_of(current_app), name, place)
    except ValueError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"Berkas dikembalikan dari {archived}.")
