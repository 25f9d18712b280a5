"""Files of SP4N-LAPOR! that the invented office took in: one of some months ago, and one that waits to be looked at."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

import xlsxwriter

from models.demo.author import Author
from models.demo.people import CLERK
from models.demo.plan import Plan, PlannedAct
from models.demo.quarter.days import DAYS, Days
from models.demo.texts import TRIAL
from models.import_.columns import LAPOR
from models.office.lists import Category
from models.office.people import User
from models.publishing.portions import begin, publish
from models.staging.batches import WHEN_RAISED, ImportBatch
from models.staging.stage import stage
from models.staging.topics import keep_topics, topic_key
from models.tables.scope import viewer
from models.writer.masters import read_data
from sop.clock import WIB
from sop.words import format_short_date

STAGE, PUBLISH = "stage", "publish"
FORMER, PRESENT = "SP4N-LAPOR triwulan lalu.xlsx", "SP4N-LAPOR bulan ini.xlsx"
TAKEN_IN, BROUGHT = 24, 1  # working days ago
AFTERNOON, LOOKED_AT = 340, 25  # minutes after the opening; until it was published
HEADS = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Kategori", "Judul Laporan"),
    *("Isi Laporan Awal", "Tipe Laporan (Anonim/Rahasia)", "Instansi Terdisposisi", "Status Laporan"),
    *("Kota/Kabupaten", "Kecamatan", "Kelurahan"),
)
# above the heads
TITLES: tuple[list[str], ...] = (["LAPORAN PENGADUAN SP4N-LAPOR! (DATA CONTOH)"], ["Pemerintah Kota Malang"], [])
OFFICE = "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"
CITY, ANONYMOUS = "Kota Malang", 0.15
ENDED, UNDER_WAY = ("Ditutup oleh Admin", "Ditutup oleh Sistem", "Diarsipkan oleh Admin"), "Terverifikasi"
TICKETS = 9_950_000  # of the first row; none of the real ones, nor of what the demo took down by hand
KNOWN, CHANGED = 36, 39  # rows of the former file that come again in the present one, one with another status
Texts = Sequence[Mapping[str, str]]


def file_plans(author: Author, days: Days) -> list[Plan]:
    """The two files, each with when it was brought in, and the former with when it was published."""
    texts, agenda = read_data("lapor"), author.agenda
    brought = agenda.day(TAKEN_IN, AFTERNOON)
    since = agenda.day(DAYS, 0).date()
    former = _rows(author.rng, days, texts["ended"], (since, brought.date()), TICKETS)
    later = _rows(author.rng, days, texts["waiting"], (brought.date(), agenda.day(BROUGHT, 0).date()), TICKETS + 500)
    for row in former:
        row["Status Laporan"] = author.rng.choice(ENDED)
    again = [dict(former[place]) for place in (KNOWN, CHANGED)]
    again[1]["Status Laporan"] = "Ditanggapi oleh Pelapor"
    first = _plan(FORMER, former, texts["topics"], brought)
    first.acts.append(PlannedAct(brought + timedelta(minutes=LOOKED_AT), PUBLISH, CLERK, {}))
    return [first, _plan(PRESENT, [*again, *later], texts["topics"], agenda.day(BROUGHT, AFTERNOON))]


def _plan(name: str, rows: list[dict[str, str]], topics: Mapping[str, str], at: datetime) -> Plan:
    act = PlannedAct(at, STAGE, CLERK, {"file": name})
    return Plan(TRIAL, {"file": name, "rows": rows, "topics": topics}, {}, [act])


def _rows(rng: Random, days: Days, texts: Texts, within: tuple[date, date], ticket: int) -> list[dict[str, str]]:
    """A row for each text, in the order in which they came in, at any hour and on any day."""
    first, last = within
    moments = sorted(
        datetime.combine(first + timedelta(days=rng.randrange((last - first).days)), time(rng.randint(6, 22)), WIB)
        + timedelta(minutes=rng.randrange(60))
        for _ in texts
    )
    pairs = enumerate(zip(texts, moments, strict=True), ticket)
    return [_row(rng, days, text, at, no) for no, (text, at) in pairs]


def _row(rng: Random, days: Days, text: Mapping[str, str], at: datetime, ticket: int) -> dict[str, str]:
    place, anonymous = days.place(), rng.random() < ANONYMOUS
    elsewhere = "city" in text
    cells = (
        *(str(ticket), format_short_date(at), f"{at:%H:%M}"),
        "" if anonymous else days.author.people.name(rng.choice("pl")),
        *(text["topic"], text["title"], text["story"], "Anonim" if anonymous else ""),
        *(text.get("office", OFFICE), UNDER_WAY, text.get("city", CITY)),
        *(("", "") if elsewhere else (place.kecamatan, place.name)),
    )
    return dict(zip(HEADS, cells, strict=True))


def workbook(rows: Sequence[Mapping[str, str]], day: date) -> bytes:
    """The rows as the xlsx that it exports, titles above the heads."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001 - it takes no zone
    sheet = book.add_worksheet()
    for place, cells in enumerate([*TITLES, HEADS, *([row[head] for head in HEADS] for row in rows)]):
        for column, cell in enumerate(cells):
            sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()


def bring_in(plan: Plan, by: User, at: datetime) -> None:
    """The file is read, each row judged, and it waits."""
    _sort_topics(plan.data["topics"])
    file = workbook(plan.data["rows"], at.date())
    plan.id = stage(file, plan.data["file"], LAPOR, "WIB", viewer(by), at).id


def _sort_topics(topics: Mapping[str, str]) -> None:
    ids = {category.code: category.id for category in Category.select()}
    keep_topics(LAPOR.key, {topic_key(topic): ids[code] for topic, code in topics.items()})


def put_in(plan: Plan, by: User, at: datetime) -> str:
    """What is proposed for each row is done; the sentence why not, or ""."""
    refusal = begin(ImportBatch.get_by_id(plan.id), by=by, at=at, numbering=WHEN_RAISED)
    if not refusal:
        publish(plan.id)
    return refusal
