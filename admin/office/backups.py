"""Cadangan: backups and their verification, the printed key, and the role of this server (production or training)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, g, redirect, request, url_for
from markupsafe import Markup

from admin.door.gate import begins, expose
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.cells import badge, short_date, short_moment
from admin.lists.export import pdf_response
from admin.lists.masters import CATEGORY
from admin.lists.works import announce, work_of_page
from admin.office.checklist import backup_age_words, setting_url
from admin.server.background import begin_backup, objection_to_backup, source_of
from admin.sign_in.passwords import own_objection
from models.case.attachments import record_edit
from models.case.sheets import KEY_SHEET_TITLE, key_sheet
from models.complaint.scope import viewer
from models.demo.demo import is_demo
from models.office.long_work import SECONDS, Progress, register
from models.office.people import User
from models.office.settings import BACKUP_PLACE
from models.operations import archive
from models.operations.backup_location import TAKE_BACK, ArchiveFolder, RemoteStoreError, holder_of
from models.operations.backup_making import running_since
from models.operations.backup_schedule import location_taken, plan_in_force
from models.store import installation
from models.store.backups import Backup, last_good, last_try, missing_since, record_key_printed
from models.store.base import database, engine, now
from models.store.installation import Installation, last_installation
from models.store.resource_limits import Work
from papers.printing import press
from sop.words import format_long_moment, format_moment, format_number, format_size

SERVER = "Kedudukan server"
DOUBTED = timedelta(days=30)  # how long the page explains how to revert a takeover
ASKED = "Server ini: menggantikan atau latihan?"
TAKEN = (
    "Cadangan terakhir ditolak karena tempatnya dipakai server lain. Hanya satu server yang boleh menyimpan "
    "cadangannya di sana. Bila server lain itu yang berhak, isi tempat lain di Pengaturan."
)
BECOMES = "Bila ia menjadi panel kantor, cadangannya disimpan di Tempat cadangan pada Pengaturan; periksa dahulu."
MISTAKEN = (
    "Sejak {} server ini panel kantor. Bila itu keliru dan server lain yang tetap dipakai, nyatakan server ini untuk "
    f"latihan. Bila cadangan di server lain itu sempat ditolak, pilih “{TAKE_BACK}” pada halaman Cadangan di sana."
)
STANDS = {"": "server ini panel kantor", installation.TRIAL: "server ini untuk latihan"}
SETTLED = "Sudah diputuskan: {}{}. Yang baru Anda kirim tidak mengubahnya."
CHANGED = "Keadaan server ini berubah sejak halaman itu dibuka. Baca sekali lagi, lalu putuskan."


RUNNING = "Cadangan sedang dibuat sejak {}."


class AlreadyDecided(Exception):
    """The role was decided already; the message says which one is in force."""


@dataclass(frozen=True)
class ServerRole:
    """A role of the server: button, explanation, text for the history, and message afterwards."""

    label: str
    meaning: str
    history_text: str
    done: str
    word: str = ""


REPLACES = ServerRole(
    "Menggantikan server lama",
    "server lama tidak dipakai lagi; mulai sekarang server ini yang membuat cadangan dan mengirim surel. Server lama, "
    "bila masih menyala, tidak dapat menulis ke tempat cadangan itu lagi.",
    "menyatakan server ini menggantikan server lama",
    "Server ini sekarang panel kantor: cadangan dibuat tiap malam dan surel dikirim lagi.",
)
REGAINS = ServerRole(
    TAKE_BACK,
    "server ini yang dipakai kantor. Server lain itu tidak dapat menulis ke tempat cadangan itu lagi.",
    "menyatakan server ini panel kantor dan mengambil alih tempat cadangan",
    "Server ini panel kantor, dan mengambil alih tempat cadangan itu dengan cadangan berikutnya.",
)
PRACTISES = ServerRole(
    "Hanya untuk latihan",
    "kantor memakai server lain; yang dicatat di sini tidak sampai kepada siapa pun.",
    "menyatakan server ini untuk latihan",
    "Server ini sekarang untuk latihan: tidak ada surel yang dikirim, cadangan kantor tidak disentuh.",
    installation.TRIAL,
)
TAKEOVER, TRIAL = "takeover", "trial"
KEYS = (TAKEOVER, TRIAL)


@dataclass(frozen=True)
class Question:
    """A decision for the administrator; without choices there is none. `is_quiet`: optional."""

    title: str
    sentence: str
    choices: dict[str, ServerRole]
    seen: str  # id of the installation row that the decision is about
    is_quiet: bool = False


def open_question() -> Question:
    """The decision that is open on this server."""
    word, last = installation.status(), last_installation()
    seen = str(last.id) if last else ""
    if word == installation.TRIAL:
        sentence = f"{installation.PRACTICE} {BECOMES}"
        return Question("Jadikan panel kantor", sentence, {TAKEOVER: REPLACES}, seen, is_quiet=True)
    if word:
        return Question(ASKED, installation.sentence(), {TAKEOVER: REPLACES, TRIAL: PRACTISES}, seen)
    if location_taken():
        return Question("Tempat cadangan dipakai server lain", TAKEN, {TAKEOVER: REGAINS, TRIAL: PRACTISES}, seen)
    if last and _is_doubted(last):
        sentence = MISTAKEN.format(format_long_moment(last.at))
        return Question("Keliru menjadi panel kantor?", sentence, {TRIAL: PRACTISES}, seen, is_quiet=True)
    return Question("", "", {}, seen)


def _is_doubted(last: Installation) -> bool:
    """Whether a decision made this server production recently; the first installation needs none."""
    is_first = not Installation.select().where(Installation.id < last.id).exists()
    return not is_first and now() - last.at < DOUBTED


def open_choice(key: str, seen: str) -> ServerRole:
    """The chosen role, if the decision is still open as displayed; else Settled."""
    question = open_question()
    if seen == question.seen and key in question.choices:
        return question.choices[key]
    word, last = installation.status(), last_installation()
    if word in installation.UNDECIDED:
        raise AlreadyDecided(CHANGED)
    raise AlreadyDecided(SETTLED.format(f"sejak {format_long_moment(last.at)} " if last else "", STANDS[word]))


def former_owner(choice: ServerRole, var: Path) -> str:
    """The owner mark in a backup place that is taken back, else "". OSError or ValueError if it cannot be read."""
    if choice.word or not location_taken():
        return ""
    place = ArchiveFolder(plan_in_force().place)
    place.refuse_absent()
    return holder_of(place, archive.key_from(var)).mark


def store_decision(key: str, seen: str, user: User, var: Path, former: str) -> ServerRole:
    """Store the decision and record it in the history. Settled if another user was faster; OSError, without any
    change, if the file cannot be written."""
    chosen = open_choice(key, seen)

    def record() -> None:  # within the serialised transaction
        open_choice(key, seen)
        record_edit(user, [SERVER], by=viewer(user), what=chosen.history_text)

    installation.become(var, chosen.word, now(), former, record)
    return chosen


UNCHOSEN = "Pilih salah satu. Belum ada yang diputuskan."
UNREACHED = "Tempat cadangan tidak dapat dibaca: {}. Belum ada yang diputuskan."
UNOPENED = "panel tidak berhak membuka foldernya, atau diskanya terganggu"
UNWRITABLE = (
    "Folder data panel tidak dapat ditulisi, sehingga keputusan itu tidak dapat disimpan. Belum ada yang diputuskan; "
    "perbaiki hak panel atas folder itu di server, lalu ulangi."
)
NO_PLACE = "Belum ada cadangan. Isi Tempat cadangan di Pengaturan; yang pertama dibuat beberapa menit kemudian."
NOT_YET = "Belum ada cadangan. Yang pertama dibuat beberapa menit setelah tempatnya diisi."
UNDECIDED = (
    "Belum ada cadangan. Tidak ada yang dibuat sebelum diputuskan apakah server ini menggantikan server lama atau "
    "untuk latihan."
)
PRACTICE = "Belum ada cadangan: panel latihan tidak membuatnya sendiri."


@dataclass(frozen=True)
class BackupState:
    """How backups stand: badge, sentence, since when one is running, and the page to mend what is lacking."""

    word: str
    tone: str
    sentence: str
    running: datetime | None = None
    remedy: tuple[str, str] = ("", "")


def backup_state() -> BackupState:
    source = source_of(current_app)
    if since := running_since(source.var):
        return BackupState("berjalan", "info", RUNNING.format(format_moment(since)), since)
    place = plan_in_force().place
    if sentence := objection_to_backup(source, place):
        if place:
            return BackupState("berhenti", "warn", sentence, remedy=(url_for("cadangan.index_view"), "Buka Cadangan"))
        return BackupState(
            "belum diatur", "neutral", sentence, remedy=(setting_url(BACKUP_PLACE), "Isi tempat cadangan")
        )
    summary, late = backup_age_words(now())
    return BackupState("perlu", "warn", summary) if late else BackupState("baik", "good", summary)


class CadanganView(PanelView):
    """/cadangan/: every attempt, latest first; read-only."""

    noun = "cadangan"
    column_list = ("at", "state", "size", "entries", "files", "place")
    column_labels = {"state": "Hasil uji"}
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    column_formatters = {
        "at": lambda view, context, row, name: short_moment(row.at),
        "state": lambda view, context, row, name: state_cell(row),
        "size": lambda view, context, row, name: format_size(row.size) if row.size else "–",
        "entries": lambda view, context, row, name: format_number(row.entries),
        "files": lambda view, context, row, name: format_number(row.files),
    }
    list_template = "admin/office/backups.html"

    @property
    def empty_text(self) -> str:  # type: ignore[override]
        if word := installation.status():
            return PRACTICE if word == installation.TRIAL else UNDECIDED
        return NOT_YET if plan_in_force().place else NO_PLACE

    def get_list(self, *args: Any, **more: Any) -> Any:
        count, rows = super().get_list(*args, **more)
        g.archives_gone = missing_since(row.name for row in rows)
        return count, rows

    def render(self, template: str, **context: Any) -> str:
        return super().render(template, question=open_question(), **context)

    def state(self) -> BackupState:
        return backup_state()

    @expose("/sekarang/", methods=("POST",))
    def make_now(self) -> Any:
        """Begin a backup in the background."""
        if sentence := begin_backup(source_of(current_app), self._register):
            flash(sentence, "warning")
        return redirect(self.get_url(".progress"), 303)

    def _register(self) -> Progress:
        """Its progress is the time that passed of the time that the last one took."""
        begun, good = now(), last_good()
        usual = int(good.seconds) if good else 0

        def measure() -> tuple[int, int]:
            return min(int((now() - begun).total_seconds()), usual), usual

        announce()
        url = self.get_url(".progress")
        return register("Cadangan", by=signed_in(), unit=SECONDS, url=url, total=usual, measure=measure)

    @expose("/berjalan/")
    def progress(self) -> str:
        """Whether a backup is running; once it is over, how it ended."""
        since, last, good = running_since(Path(current_app.config["VAR_DIR"])), last_try(), last_good()
        seconds = good.seconds if good else 0
        page = self.render(
            "admin/office/backup_progress.html",
            since=since,
            work=work_of_page(request.path) if since else None,
            last=last,
            size=format_size(last.size) if last else "",
            usual=f"{max(seconds, 1)} detik" if good else "",
        )
        return str(page)

    @expose("/kedudukan", methods=("POST",), cost=begins(Work.HASH))
    def decide(self) -> Any:
        """Decide the role of this server; requires the user's password, recorded in the history."""
        user, key = signed_in(), request.form.get("choice", "")
        if not key:
            flash(UNCHOSEN, "error")
            return redirect(self.get_url(".index_view"))
        if key not in KEYS:
            abort(400)
        try:
            choice = open_choice(key, request.form.get("seen", ""))
            if sentence := own_objection(user, request.form.get("password", "")):
                flash(f"{sentence} Belum ada yang diputuskan.", "error")
            else:
                self._decide(user, key, choice)
        except AlreadyDecided as settled:
            flash(str(settled), "info")
        return redirect(self.get_url(".index_view"))

    def _decide(self, user: Any, key: str, choice: ServerRole) -> None:
        var = Path(current_app.config["VAR_DIR"])
        try:
            former = former_owner(choice, var)
        except (OSError, ValueError) as unreached:
            is_indonesian = isinstance(unreached, ValueError | RemoteStoreError)  # the system's own are English
            why = str(getattr(unreached, "strerror", None) or unreached).rstrip(".") if is_indonesian else UNOPENED
            flash(UNREACHED.format(why), "error")
            return
        try:
            store_decision(key, request.form.get("seen", ""), user, var, former)
        except OSError:
            flash(UNWRITABLE, "error")
        else:
            flash(choice.done, "success")

    @expose("/lembar-kunci.pdf", methods=("POST",), cost=begins(Work.HASH, Work.PRINT))
    def sheet(self) -> Any:
        """The backup key as PDF; requires the user's password, recorded in the history."""
        user = signed_in()
        if sentence := own_objection(user, request.form.get("password", "")):
            flash(f"{sentence} {KEY_SHEET_TITLE} tidak dicetak.", "error")
            return redirect(self.get_url(".index_view"))
        key = archive.key_from(current_app.config["VAR_DIR"])
        mark, place = archive.key_fingerprint(key), plan_in_force().place
        kind, at = engine(current_app.config["DATABASE_URL"]).NAME, now()
        facts = {"mark": mark, "place": place, "database": kind, "by": user, "at": at, "demo": is_demo()}
        content = key_sheet(archive.key_groups(key), **facts)
        data = press.unissued_pdf(content)
        with database.atomic():
            record_key_printed(mark, at)
            record_edit(user, [KEY_SHEET_TITLE], by=viewer(user), what=f"mencetak {KEY_SHEET_TITLE} bertanda {mark}")
        return pdf_response(data, "lembar-kunci-cadangan.pdf")


def state_cell(row: Backup) -> Markup:
    """Verified, failed with the reason, or deleted from its place."""
    if row.fault:
        return badge("bad", "Gagal") + Markup(" {}").format(row.fault)
    if gone := g.archives_gone.get(row.name):
        return badge("neutral", "Dihapus") + Markup(" tidak ada lagi sejak {}").format(short_date(gone))
    lacking = Markup(" {} berkas sudah hilang sebelumnya").format(len(row.lacking)) if row.lacking else Markup("")
    return badge("good", "Teruji") + lacking


def views() -> list[PanelView]:
    return [CadanganView(Backup, "Cadangan", endpoint=CadanganView.noun, category=CATEGORY)]
