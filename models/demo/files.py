"""The demo's generated files: evidence, and two import files from SP4N-LAPOR!."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

import xlsxwriter
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from models.demo.people import CLERK
from models.demo.plan import DemoText, Plan, PlannedAct
from models.demo.texts import TRIAL, Author
from models.office.lists import Kelurahan
from models.store.uploads import MEGABYTE, Offer, Piece, outside, piece_of
from models.workflow.masters import read_data
from sop.clock import WIB
from sop.words import format_short_date

NOTE = "DATA CONTOH – bukan dokumen dinas"
SIZE = (960, 720)  # pixels
SKY, GROUND, WALL, ROOF, DOOR = "#c9d8e6", "#b9b08f", "#e8dcc4", "#9c5a3c", "#6b5a48"
LETTER = (
    "SURAT KETERANGAN (CONTOH)",
    "",
    "Yang bertanda tangan di bawah ini menerangkan bahwa keluarga tersebut",
    "pada pengaduan ini bertempat tinggal di alamat yang disebutkan dan",
    "belum menerima bantuan yang dimaksud sejak bulan Juli.",
    "",
    "Demikian keterangan ini dibuat untuk dipergunakan seperlunya.",
)


def pieces(words: Iterable[str]) -> list[Piece]:
    """The attachments for these words of a plan; checked like uploads, and cached."""
    return [_invented_piece(word) for word in words]


@cache
def _invented_piece(word: str) -> Piece:
    if word == "rekaman":
        return outside("Rekaman percakapan telepon", "Lemari arsip sekretariat, rak 2")
    name, draw = {"foto": ("Foto rumah.jpg", _photo), "surat": ("Surat keterangan.pdf", _letter)}[word]
    return piece_of(Offer(name, draw()), most=10 * MEGABYTE)


def _photo() -> bytes:
    """A drawing of a house as JPEG."""
    picture = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 500, *SIZE), fill=GROUND)
    pen.rectangle((260, 320, 700, 600), fill=WALL)
    pen.polygon([(220, 330), (480, 180), (740, 330)], fill=ROOF)
    pen.rectangle((430, 430, 530, 600), fill=DOOR)
    pen.rectangle((310, 390, 390, 470), fill=SKY, outline=DOOR, width=6)
    pen.text((20, 690), NOTE.replace("–", "-"), fill="#333333")  # PIL's default font has no dash
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _letter() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    text = canvas.beginText(72, 760)
    for line in LETTER:
        text.textLine(line)
    canvas.drawText(text)
    canvas.drawString(72, 60, NOTE)
    canvas.save()
    return out.getvalue()


DAYS, SETTLED = 65, 7  # first and last working day of the history, in working days ago
DAILY = ((4, 5), (3, 4), (2, 4), (2, 3), (1, 3))  # fewest and most complaints, Monday to Friday
CAME = (4, 10, 11, 8, 5, 3, 4, 3, 1)  # weight of each hour after opening: most in the morning
HOUR = 60
PLACES = {"Kedungkandang": 27, "Sukun": 24, "Lowokwaru": 20, "Blimbing": 18, "Klojen": 11}
MEDIA = {"loket": 4, "whatsapp": 5, "kelurahan": 2, "upt_ppa": 2}  # weights of media; others have 1
SUBJECTS = {
    "bansos_tidak_terima": 18,
    "data_dtsen": 15,
    "jkn_nonaktif": 14,
    "bansos_salah_sasaran": 6,
    "disabilitas": 5,
    "odgj": 5,
    "gepeng": 4,
    "lansia_telantar": 4,
    "orang_telantar": 3,
    "anak_telantar": 2,
    "anak_jalanan": 2,
    "layanan_kb": 5,
    "penyuluhan_kb": 2,
    "konseling_keluarga": 5,
    "hak_anak": 3,
    "pemberdayaan_perempuan": 3,
    "usaha_bersama": 4,
    "sumbangan": 2,
    "lembaga_sosial": 1,
    "kdrt": 5,
    "kekerasan_anak": 4,
    "kekerasan_perempuan": 3,
    "hak_asuh": 2,
    "perilaku_petugas": 2,
    "pungutan": 1,
    "mutu_layanan": 3,
    "bukan_kewenangan": 6,
}


class Days:
    """Draws the complaints of the history, the earliest first."""

    def __init__(self, author: Author) -> None:
        self.author, self.rng = author, author.rng
        self.places: dict[str, list[Kelurahan]] = {}
        for place in author.people.kelurahan:
            self.places.setdefault(place.kecamatan, []).append(place)

    def moments(self) -> Iterator[tuple[int, int]]:
        """(working days ago, minutes after opening) of each complaint."""
        for day in range(DAYS, SETTLED - 1, -1):
            weekday = min(self.author.agenda.day(day, 0).weekday(), len(DAILY) - 1)  # a Saturday counts as a Friday
            count = self.rng.randint(*DAILY[weekday])
            received = []
            for _ in range(count):
                hour = self.rng.choices(range(len(CAME)), CAME)[0]
                received.append(hour * HOUR + self.rng.randrange(HOUR))
            yield from ((day, minutes) for minutes in sorted(received))

    def text(self) -> tuple[DemoText, bool]:
        """A complaint's text, and whether it is used for the first time."""
        subject = self.rng.choices(list(SUBJECTS), list(SUBJECTS.values()))[0]
        unit = self.author.texts.categories[subject].unit.code
        text, is_first = self.author.texts.draw(unit, subject)
        media = [medium for medium in text["media"] for _ in range(MEDIA.get(medium, 1))]
        return {**text, "media": media}, is_first

    def title(self, text: DemoText, place: Kelurahan) -> str:
        """The category's standard title; "" for a secret case, whose title the panel sets."""
        category = self.author.texts.categories[text["category"]]
        return "" if text["secret"] else str(category.title).replace("{kelurahan}", place.name)

    def place(self) -> Kelurahan:
        kecamatan = self.rng.choices(list(PLACES), list(PLACES.values()))[0]
        return self.rng.choice(self.places[kecamatan])


STAGE, PUBLISH = "stage", "publish"
FORMER, PRESENT = "SP4N-LAPOR triwulan lalu.xlsx", "SP4N-LAPOR bulan ini.xlsx"
TAKEN_IN, BROUGHT = 24, 1  # working days ago: import of the first and the second file
AFTERNOON, LOOKED_AT = 340, 25  # minutes: import after opening; publication after import
HEADS = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Kategori", "Judul Laporan"),
    *("Isi Laporan Awal", "Tipe Laporan (Anonim/Rahasia)", "Instansi Terdisposisi", "Status Laporan"),
    *("Kota/Kabupaten", "Kecamatan", "Kelurahan"),
)
# rows above the column headings
TITLES: tuple[list[str], ...] = (["LAPORAN PENGADUAN SP4N-LAPOR! (DATA CONTOH)"], ["Pemerintah Kota Malang"], [])
OFFICE = "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"
CITY, ANONYMOUS = "Kota Malang", 0.15
ENDED, UNDER_WAY = ("Ditutup oleh Admin", "Ditutup oleh Sistem", "Diarsipkan oleh Admin"), "Terverifikasi"
TICKETS = 9_950_000  # ticket number of the first row; no real one, and none of the demo's own complaints
KNOWN, CHANGED = 36, 39  # rows of the first file that are repeated in the second, one with another status
Texts = Sequence[Mapping[str, str]]


def file_plans(author: Author, days: Days) -> list[Plan]:
    """Plans of the two import files; only the first is also published."""
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
    """A row for each text, sorted by random times, also outside office hours."""
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
    """The rows as an xlsx in SP4N-LAPOR!'s format, with title rows above the headings."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001 - xlsxwriter takes naive ones
    sheet = book.add_worksheet()
    for place, cells in enumerate([*TITLES, HEADS, *([row[head] for head in HEADS] for row in rows)]):
        for column, cell in enumerate(cells):
            sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()
