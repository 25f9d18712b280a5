"""Kesehatan panel: the health checks with their last results, how to fix failures, and what can be tried by a click."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, url_for

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, READS_MUCH, expose
from admin.lists.masters import CATEGORY
from admin.office.backups import backup_state
from admin.office.checklist import setting_url
from admin.office.emails import mail_state
from models.email.smtp import installed_outbox
from models.office.settings import BACKUP_PLACE
from models.operations.checks import NEVER, UNKNOWN, UNSET, WELL, WRONG, DutyState
from models.operations.duties import BY_NAME, CHAIN, last_findings, readers
from models.store.base import now
from sop.words import format_moment

NAME = "Kesehatan panel"
WORDS = {
    WRONG: "perlu ditangani",
    NEVER: "belum pernah diperiksa",
    UNSET: "belum diatur",
    UNKNOWN: "tidak diperiksa panel",
    WELL: "baik",
}  # in the order of the page
TONES = {WELL: "good", WRONG: "warn"}
OLD = timedelta(hours=3)  # a result older than this means that the checks do not run
ORDER = tuple(WORDS)
LOOKED = "Diperiksa. {count} hal perlu ditangani."
FIRST_STEPS = {(CHAIN, NEVER): ("/riwayat/", "Periksa pada halaman Riwayat")}  # of what nobody has done yet
ALL_CHECKED = "Semuanya diperiksa dan baik"
ALL_WELL = "Diperiksa. Tidak ada yang perlu ditangani."
UNDER_WAY = "Pemeriksaan masih berjalan. Muat ulang halaman ini sebentar lagi."
NO_MAIL = "Surel belum diatur, jadi gangguan hanya tampil di sini dan pada Beranda."
NO_READER = (
    "Tidak ada Pengelola Sistem yang alamat surelnya terisi, jadi gangguan hanya tampil di sini dan pada Beranda."
)
READERS = "Bila ada yang perlu ditangani, {count} Pengelola Sistem dikabari lewat surel, paling banyak sekali sehari."


@dataclass(frozen=True)
class CheckLine:
    """The result of one check and since when; for a failure also the remedy and a link."""

    title: str
    sentence: str
    state: str
    tone: str
    since: str
    cure: str
    url: str
    url_label: str


class PemeriksaanView(PageView):
    """/pemeriksaan/: the stored results; checks use the network and do not run within a page."""

    noun, cost = "pemeriksaan", READS

    @expose("/")
    def index(self) -> str:
        rows = list(last_findings().values())
        looked = max((row.looked_at for row in rows), default=None)
        return str(
            self.render(
                "admin/office/condition.html",
                lines=[_line_of(row) for row in sorted(rows, key=lambda row: ORDER.index(row.state))],
                summary=_summary(rows),
                wrong=any(row.state == WRONG for row in rows),
                looked=looked and format_moment(looked),
                stale=looked is not None and abs(now() - looked) > OLD,
                recipients=_recipients_in_words(),
                backup=backup_state(),
                mail=mail_state(),
            )
        )

    @expose("/sekarang/", methods=("POST",), cost=READS_MUCH)
    def look_now(self) -> Any:
        """Run the checks now; waits a few seconds at most."""
        if current_app.extensions["lookout"].is_done():
            count = len(failed_check_lines())
            flash(LOOKED.format(count=count) if count else ALL_WELL, "warning" if count else "success")
        else:
            flash(UNDER_WAY, "info")
        return redirect(self.get_url(".index"), 303)


def _summary(rows: list[DutyState]) -> str:
    """What is not in order and what nobody looked at, counted: what was not checked is not called well."""
    counts = Counter(row.state for row in rows)
    named = {**WORDS, WRONG: "hal perlu ditangani"}
    return ", ".join(f"{counts[one]} {named[one]}" for one in ORDER if one != WELL and counts[one]) or ALL_CHECKED


def failed_check_lines() -> list[CheckLine]:
    """Failures of the last run, for the start page."""
    return [_line_of(row) for row in last_findings().values() if row.state == WRONG]


def _line_of(row: DutyState) -> CheckLine:
    duty, is_wrong = BY_NAME[row.name], row.state == WRONG
    url, label = _remedy_link(row.name) if is_wrong else FIRST_STEPS.get((row.name, row.state), ("", ""))
    return CheckLine(
        title=duty.title,
        sentence=row.sentence,
        state=WORDS[row.state],
        tone=TONES.get(row.state, "neutral"),
        since=format_moment(row.since),
        cure=duty.cure if is_wrong else "",
        url=url,
        url_label=label,
    )


def _remedy_link(name: str) -> tuple[str, str]:
    """Address and label of the screen for fixing it; ("", "") if it can only be fixed on the server."""
    links = {
        "backup": (url_for("cadangan.index_view"), "Buka Cadangan"),
        "place": (setting_url(BACKUP_PLACE), "Ubah tempat cadangan"),
        "sheet": (url_for("cadangan.index_view"), "Buka Cadangan"),
        "press": (url_for("admin.index"), "Buka Beranda"),
        "letters": (url_for("surel.index_view"), "Buka Surel"),
    }
    return links.get(name, ("", ""))


def _recipients_in_words() -> str:
    if installed_outbox() is None:
        return NO_MAIL
    count = len(readers())
    return READERS.format(count=count) if count else NO_READER


def views() -> list[PageView]:
    return [PemeriksaanView(name=NAME, endpoint="pemeriksaan", url="/pemeriksaan", category=CATEGORY)]
