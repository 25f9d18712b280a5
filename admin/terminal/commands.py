"""Commands of the terminal: init, demo, create-user, render, verify, digest, mail-test."""

import os
import secrets
import sys
import threading
from datetime import datetime
from pathlib import Path

import click
import segno
from flask import Flask, current_app
from flask.cli import with_appcontext
from peewee import IntegrityError

from admin.door.terminal import command, without_logging
from admin.sign_in import password_link_page
from admin.sign_in.signin import hash_password
from models import digest, schema
from models.complaint.event import append_written
from models.demo import demo
from models.demo.people import SIGN_INS
from models.email.message import address_objection, words_of_test
from models.email.smtp import SendResult, outbox
from models.office.people import (
    Division,
    User,
    nip_objection,
    people_with_several_accounts,
    several_accounts_sentence,
    today,
)
from models.office.settings import MAIL_SENDER, OPTIONS
from models.operations import environment_checks
from models.operations.duties import save_verification
from models.reading import registerbook
from models.sign_in import factor_rules
from models.sign_in.password_links import LASTS, first_link_waits, make_link
from models.sign_in.passwords import objection
from models.store import base, installation, tracked_rows
from models.store.base import database
from models.store.rowhash import record_hashes_before_change
from models.workflow import masters
from models.workflow.accesslog_seal import seal_access_log
from models.workflow.proof import verified
from papers.printing import press
from sop.access import ADMIN, ROLES
from sop.clock import WIB

UNSET = f"Surel belum diatur: isi MAIL_URL pada lingkungan dan “{OPTIONS[MAIL_SENDER].label}” pada Pengaturan."


@command("mail-test", "Mengirim surel percobaan dan menyebut apakah diterima.")
@click.argument("address", metavar="ALAMAT")
@with_appcontext
def mail_test(address: str) -> None:
    """Send a test e-mail and report whether the server accepted it; exit code 1 if it did not."""
    if sentence := address_objection(address):
        raise click.ClickException(sentence)
    with database.connection_context():
        mail = outbox(current_app.config["MAIL_URL"])
    if mail is None:
        raise click.ClickException(UNSET)
    with without_logging():
        result = mail.send(address, words_of_test(mail.office))
    sentence = f"{mail.server}, dari {mail.sender}: {result.sentence}"
    if result.fate is not SendResult.TAKEN:
        raise click.ClickException(sentence)
    click.echo(sentence)


NO_USERS = (
    "Belum ada pengguna. Cetak tautan untuk yang pertama dengan panel first-link, lalu mulai lagi; atau pulihkan "
    "cadangan dengan panel restore BERKAS."
)
LOCK = "contoh.kunci"  # lock file in VAR_DIR while a demo serves
FOLDER_IN_USE = (
    "Panel contoh yang lain sedang berjalan dari folder data ini. Hentikan panel itu dahulu, atau pakai folder lain "
    "(VAR_DIR)."
)


def install(app: Flask) -> None:
    """Register the commands of `flask --app app`."""
    for each in (init, make_demo, create_user, render, verify, show_digest, mail_test):
        app.cli.add_command(each)


@command("init", "Menyiapkan basis data: tabel dan data induk.")
def init() -> None:
    """Prepare the database: tables and master data."""
    with database.connection_context():
        masters.seed()
    click.echo("Basis data siap.")


@command("demo", "Mengisi basis data kosong dengan data contoh.")
@click.option("--complaints", metavar="ANGKA", default=0, help="Tambahan pengaduan selain yang tetap.")
@click.option("--quarter", is_flag=True, help="Beserta tiga bulan yang telah lewat, seperti pada `make run`.")
@click.option("--seed", metavar="ANGKA", default=1, help="Benih; benih yang sama memberi contoh yang sama.")
@click.option("--now", "at", metavar="SAAT", default=None, help="Saat yang dianggap sekarang, ISO dengan zona waktu.")
@click.option(
    "--password", metavar="SANDI", envvar="PANEL_DEMO_PASSWORD", default=None, help="Kata sandi semua pengguna contoh."
)
@with_appcontext
def make_demo(complaints: int, quarter: bool, seed: int, at: str | None, password: str | None) -> None:
    """Fill an empty database with the demo."""
    moment = datetime.fromisoformat(at) if at else None
    if moment and moment.tzinfo is None:
        moment = moment.replace(tzinfo=WIB)
    password = password or secrets.token_urlsafe(9)
    if not os.environ.get("DATABASE_URL"):  # never in the office's own database
        url = f"sqlite:///{Path(current_app.config['VAR_DIR']) / 'demo.sqlite'}"
        schema.prepare(url)
        base.open_database(url)
    with database.connection_context():
        if User.select().exists():
            raise click.ClickException("Basis data sudah berisi; contoh hanya dibuat pada basis data kosong.")
        password_hash = hash_password(password)
        demo.make_demo(password_hash=password_hash, complaints=complaints, seed=seed, at=moment, past_quarter=quarter)
    click.echo(_sign_ins(password))


@command("create-user", "Menambah pengguna.")
@click.argument("username", metavar="NAMA_PENGGUNA")
@click.option("--name", metavar="NAMA", prompt="Nama lengkap", help="Nama lengkap.")
@click.option("--role", type=click.Choice(list(ROLES)), prompt="Peran", help="Peran.")
@click.option("--unit", metavar="KODE", default="", help="Kode unit kerja.")
@click.option("--nip", metavar="ANGKA", default="", help="NIP, 18 angka.")
@click.option("--password", metavar="SANDI", default="", help="Tanpa ini kata sandi ditanyakan.")
@click.option("--link", is_flag=True, help="Cetak tautan sekali pakai; kata sandi tidak ditanyakan.")
@with_appcontext
def create_user(username: str, name: str, role: str, unit: str, nip: str, password: str, link: bool) -> None:
    """Add a user; with --link the user sets the password."""
    password = password or ("" if link else _prompt_password())
    with database.connection_context():
        division: Division | None = Division.get_or_none(Division.code == unit)
        if unit and division is None:
            raise click.ClickException(f"Unit kerja {unit} tidak dikenal.")
        person = User(username=username, name=name, role=role, division=division, nip=nip)
        if refusal := nip_objection(nip, role) or (password and objection(password, person)):
            raise click.ClickException(refusal)
        person.password_hash = hash_password(password) if password else ""
        try:
            enter(person)
        except IntegrityError as taken:
            raise click.ClickException(f"Nama pengguna {username} sudah dipakai.") from taken
        token = make_link(person, by=person) if link else ""
    click.echo(f"Pengguna {username} dibuat.")
    if token:
        show_link(password_link_page.ADDRESS, token, "Tautan untuk membuat kata sandinya")


def _prompt_password(sentence: str = "") -> str:
    prompt = f"{sentence} Kata sandi".lstrip()
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt="Ulangi kata sandi"))


def show_link(address: str, token: str, sentence: str) -> None:
    """Print a one-time link as text and as a QR code; it is shown only once."""
    settings = current_app.config
    host = settings["TRUSTED_HOSTS"][0] if settings["PROXIES"] else f"{settings['HOST']}:{settings['PORT']}"
    link = f"{'https' if settings['PROXIES'] else 'http'}://{host}{address}?{password_link_page.TOKEN}={token}"
    hours = int(LASTS.total_seconds()) // 3600
    click.echo(f"{sentence}, sekali pakai, berlaku {hours} jam:\n{link}")
    segno.make(link, error="m", micro=False).terminal(compact=True)


@command("render", "Mencetak semua dokumen yang menunggu.")
@click.option("--follow", is_flag=True, help="Terus menunggu dokumen baru.")
def render(follow: bool) -> None:
    """Print all papers that wait for printing."""
    if follow:
        press.run_print_queue(threading.Event())
        return
    with database.connection_context():
        seal_access_log(base.now())
        total = 0
        press.retry_all_failed(base.now())
        while printed := press.print_queued():
            total += printed
    click.echo(f"{total} dokumen dicetak.")


@command("verify", "Memeriksa keutuhan riwayat, bukti, dan nomor.")
def verify() -> None:
    """Check the history, every row that counts as proof, and missing numbers; exit code 1 on any fault."""
    with database.connection_context():
        count, sentences = verified()
        sentences = [*sentences, *filter(None, [registerbook.verify()])]
        save_verification(count, sentences, base.now())
    if sentences:
        raise click.ClickException("\n".join(sentences))
    click.echo(f"Riwayat utuh – {count:,} catatan diperiksa".replace(",", "."))


@command("digest", "Menyebut sidik isi panel, untuk dibandingkan.")
def show_digest() -> None:
    """SHA-256 over complaints, records, papers, history and masters."""
    with database.connection_context():
        click.echo(digest.digest())


def prepare_demo(app: Flask) -> str:
    """Prepare the demo's database and print its users; the reason if that is impossible, else ""."""
    # a second demo would change the passwords of the first
    if not installation.take_lock(Path(app.config["VAR_DIR"]) / LOCK, alone=True):
        return FOLDER_IN_USE
    password = app.config["DEMO_PASSWORD"] or secrets.token_urlsafe(9)
    with database.connection_context():
        if User.select().exists() and not demo.is_demo():
            return "Basis data ini milik kantor; jalankan dengan `make start`."
        if User.select().exists():
            _set_for_all(hash_password(password))
        else:
            click.echo("Menyiapkan data contoh beserta tiga bulan yang telah lewat; setengah sampai satu menit …")
            demo.make_demo(password_hash=hash_password(password), past_quarter=True)
    app.config["DEMO_PASSWORD"] = password
    click.echo(f"\n{_sign_ins(password)}")
    return ""


def _set_for_all(password_hash: str) -> None:
    """Set one password for all users of the demo, at each start."""
    with database.atomic():
        people = list(User.select())
        record_hashes_before_change(User, [person.id for person in people])
        for person in people:
            person.password_hash = password_hash
            person.save()
        append_written()


def _sign_ins(password: str) -> str:
    wide, broad = (max(len(row[column]) for row in SIGN_INS) for column in (0, 1))
    lines = [f"  {username:<{wide}}  {role:<{broad}}  {task}" for username, role, task in SIGN_INS]
    return "\n".join([f"Kata sandi untuk semua pengguna contoh: {password}", *lines])


def check_before_start(url: str, owner_url: str | None, var: Path, *, office: bool) -> None:
    """ValueError with a sentence if the panel cannot start: VAR_DIR belongs to another user of the system, or the
    office has no users and there is no terminal to enter one. Creates nothing: a backup may still be restored here."""
    if shut := environment_checks.refusal_of(var):
        raise ValueError(shut)
    can_enter_first = office and (sys.stdin.isatty() or first_link_waits(var))
    if office and not can_enter_first and not schema.has_people(url, owner_url):
        raise ValueError(NO_USERS)
    if office and not installation.take_lock(var / installation.LOCK_FILE):
        raise ValueError(installation.EXCHANGED)


def prepare_office(app: Flask) -> str:
    """Prepare the office's database, with its first administrator; the reason if that is impossible, else ""."""
    with database.connection_context():
        if demo.has_demo_rows():
            return "Basis data ini berisi DATA CONTOH. Pakai basis data lain untuk kantor (DATABASE_URL atau VAR_DIR)."
        if not User.select().exists():
            if first_link_waits(Path(app.config["VAR_DIR"])):
                return ""  # served for the holder of the link; master data is created with that user
            if not sys.stdin.isatty():
                return NO_USERS
            _first_admin()
        masters.seed()
        installation.check_installation(Path(app.config["VAR_DIR"]), base.now())
        for accounts in people_with_several_accounts():
            app.logger.warning("%s.", several_accounts_sentence(accounts))
    return ""


def print_address(app: Flask, *, office: bool) -> None:
    """Print the address of the panel, once its port is bound."""
    what = "" if office else " (DATA CONTOH)"
    click.echo(f"Panel Pengaduan{what} di http://{app.config['HOST']}:{app.config['PORT']}")
    if app.config["METRICS_PORT"]:
        click.echo(f"Angka pemantauan di http://{app.config['METRICS_HOST']}:{app.config['METRICS_PORT']}/metrics")


def _first_admin() -> None:
    click.echo("Belum ada pengguna. Buat pengelola sistem yang pertama.")
    username = click.prompt("Nama pengguna")
    name = click.prompt("Nama lengkap")
    person = User(username=username, name=name, role=ADMIN)
    password = _prompt_password()
    while sentence := objection(password, person):
        password = _prompt_password(sentence)
    person.password_hash = hash_password(password)
    enter(person)


def enter(person: User) -> None:
    """Save a user who is not created in the panel, with the witness entry of the row. The first user of an office also
    gets its master data and starts the period for setting up second factors."""
    with database.atomic():
        if not User.select().exists():
            masters.seed()
            factor_rules.begin_demand(today())
        person.save()
        tracked_rows.added(User, person.id)
        append_written()
