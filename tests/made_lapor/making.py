"""Rows as SP4N-LAPOR! exports them, equal for an equal seed, and the file that holds them."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import xlsxwriter

from sop.clock import WIB
from tests.made_texts.making import MadeText, made_texts

HEADS = """Tracking ID|Tanggal Laporan Masuk|Waktu Laporan Masuk|Nama Pelapor|Klasifikasi Laporan|ID Kategori|Kategori
Judul Laporan|Isi Laporan Awal|Isi Laporan Akhir|Tipe Laporan (Anonim/Rahasia)|Sumber Laporan|Instansi Induk
ID Instansi Terdisposisi|Instansi Terdisposisi|Status Laporan|Alasan Tunda/Arsip|Provinsi|Kota/Kabupaten|Kecamatan
Kelurahan|Nomor SK|Url SK|Url Dokumen Laporan Tahunan|Laporan yang Masuk melalui Kanal Aduan Setwapres
Rating""".replace("\n", "|").split("|")
TITLES = (["LAPORAN PENGADUAN SP4N-LAPOR!"], ["Pemerintah Kota Malang"], [])  # above the heads
STATUSES = {
    # as the export says it: whether it has come to an end there
    "Terverifikasi": False,
    "Ditanggapi oleh Pelapor": False,
    "Ditutup oleh Admin": True,
    "Ditutup oleh Sistem": True,
    "Diarsipkan oleh Admin": True,
    "Diarsipkan oleh Sistem": True,
}
OTHERS = (
    "Dinas Pekerjaan Umum dan Penataan Ruang",
    "Dinas Perhubungan",
    "Dinas Kesehatan",
)
ELSEWHERE = (("Kabupaten Malang", "Singosari", "Pagentan"), ("Kota Batu", "Junrejo", "Tlekung"))
OUR_OFFICE = "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"
SHARES = {"mojibake": 0.05, "spelled": 0.3, "bullets": 0.04, "other office": 0.04, "elsewhere": 0.03, "anonymous": 0.15}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
BULLET, WORDS_BULLET = "• ", "\uf0b7 "
BEGUN = datetime(2024, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class MadeRow:
    """A row with what it was made from: the story as it was meant, when it came in, what is odd about it."""

    text: MadeText
    story: str
    at: datetime
    closed: bool
    odd: frozenset[str]
    cells: tuple[Any, ...]


def made_rows(count: int = 5_000, seed: int = 14) -> list[MadeRow]:
    """So many rows of the export, the oldest first."""
    chance = Random(seed)
    return [_row(chance, place, text) for place, text in enumerate(made_texts(count, seed).texts)]


def _row(chance: Random, place: int, text: MadeText) -> MadeRow:
    odd = frozenset(name for name, share in SHARES.items() if chance.random() < share)
    at = BEGUN + timedelta(minutes=place * 97 + chance.randrange(60))
    story = _meant(text, odd)
    status = chance.choice(list(STATUSES))
    city, kecamatan, kelurahan = chance.choice(ELSEWHERE) if "elsewhere" in odd else ("Kota Malang", "", text.kelurahan)
    day, clock = _moment_cells(chance, at)
    said = {
        "Tracking ID": float(8_000_000 + place) if place % 3 else str(8_000_000 + place),
        "Tanggal Laporan Masuk": day,
        "Waktu Laporan Masuk": clock,
        "Nama Pelapor": "" if "anonymous" in odd else text.pengadu,
        "Kategori": text.topic,
        "Judul Laporan": _spoilt(text.title, odd),
        "Isi Laporan Awal": _spoilt(story, odd),
        "Isi Laporan Akhir": "Sudah diringkas oleh admin.",
        "Tipe Laporan (Anonim/Rahasia)": "Anonim" if "anonymous" in odd else chance.choice(("", "", "Rahasia")),
        "Instansi Terdisposisi": chance.choice(OTHERS) if "other office" in odd else OUR_OFFICE,
        "Status Laporan": status,
        "Kota/Kabupaten": city,
        "Kecamatan": kecamatan,
        "Kelurahan": kelurahan,
        "Rating": chance.choice(("", 4.0, 5.0)),
    }
    return MadeRow(text, story, at, STATUSES[status], odd, tuple(said.get(head, "") for head in HEADS))


def _meant(text: MadeText, odd: frozenset[str]) -> str:
    """The story as who wrote it meant it."""
    story = text.story
    if "mojibake" in odd:
        story = f"“{story}” – é"
    if "bullets" in odd:
        story = f"{story}\n{BULLET}satu\n{BULLET}dua"
    return f"{story}\nTerima kasih" if "spelled" in odd else story


def _spoilt(text: str, odd: frozenset[str]) -> str:
    """As the export has it: bullets of one font, line ends spelled out, UTF-8 read as cp1252."""
    if "bullets" in odd:
        text = text.replace(BULLET, WORDS_BULLET)
    if "spelled" in odd:
        text = text.replace("\n", "\\n")
    return read_as_cp1252(text) if "mojibake" in odd else text


def read_as_cp1252(text: str) -> str:
    """UTF-8 misread as cp1252; bytes that this leaves open stay what they are."""
    return "".join(_character(byte) for byte in text.encode())


def _character(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _moment_cells(chance: Random, at: datetime) -> tuple[Any, Any]:
    """Day and time as real exports have them: as values, and as text of several kinds."""
    local = at.astimezone(WIB)
    way = chance.randrange(4)
    if way == 0:
        return local.date(), time(local.hour, local.minute)
    if way == 1:
        return f"{local.day} {MONTHS[local.month - 1]} {local.year}", f"{local:%H:%M}"
    if way == 2:
        return f"{local:%Y-%m-%d %H:%M:%S}.{chance.randrange(1000):03}", ""
    return f"{local:%d/%m/%Y}", f"{local:%H.%M}"


def workbook(rows: list[MadeRow]) -> bytes:
    """The rows as xlsx, titles above the heads."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, days, clocks = (
        book.add_worksheet(),
        book.add_format({"num_format": "d mmm yyyy"}),
        book.add_format({"num_format": "hh:mm"}),
    )
    for place, cells in enumerate([*TITLES, HEADS, *(row.cells for row in rows)]):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(place, column, cell, days)
            elif isinstance(cell, time):
                sheet.write_datetime(place, column, cell, clocks)
            else:
                sheet.write(place, column, cell)
    book.close()
    return out.getvalue()


def separated(rows: list[MadeRow], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """The rows as text between delimiters, without titles."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([HEADS, *(row.cells for row in rows)])
    return out.getvalue().encode(encoding, "replace")
