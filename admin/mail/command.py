"""`flask --app app mail-test ADDRESS`: a letter sent now, and in a sentence what became of it."""

import click
from flask import current_app
from flask.cli import with_appcontext

from admin.door.terminal import command, unlogged
from models.letters.letter import Words, address_objection
from models.letters.smtp import Fate, outbox
from models.office.settings import MAIL_SENDER, OPTIONS
from models.store.base import database

SUBJECT = "Surel percobaan Panel Pengaduan"
TEXT = """\
Surel ini dikirim untuk memeriksa apakah Panel Pengaduan {office}
dapat mengirim surel. Tidak ada yang perlu Anda lakukan.
"""
UNSET = f"Surel belum diatur: isi MAIL_URL pada lingkungan dan “{OPTIONS[MAIL_SENDER].label}” pada Pengaturan."


@command("mail-test", "Mengirim surel percobaan dan menyebut apakah diterima.")
@click.argument("address", metavar="ALAMAT")
@with_appcontext
def mail_test(address: str) -> None:
    """Send a letter to an address and tell whether the server took it; ends with 1 if it did not."""
    if sentence := address_objection(address):
        raise click.ClickException(sentence)
    with database.connection_context():
        by = outbox(current_app.config["MAIL_URL"])
    if by is None:
        raise click.ClickException(UNSET)
    with unlogged():
        handover = by.send(address, Words(SUBJECT, TEXT.format(office=by.office)))
    sentence = f"{by.server}, dari {by.sender}: {handover.sentence}"
    if handover.fate is not Fate.TAKEN:
        raise click.ClickException(sentence)
    click.echo(sentence)
