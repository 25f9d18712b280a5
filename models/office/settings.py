"""The office's settings: dated values with defaults; no property of the office is hard-coded elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

import peewee as pw

from models.office.people import Division, Master, today
from models.office.wording import PREFIX, WORDING, Wording, is_own
from models.store import master_cache
from models.store.base import BACKUPS, Json
from models.store.rowhash import record_hashes_before_change
from sop.access import ROLES
from sop.clock import NAMES, WIB
from sop.flow import SHIPPED
from sop.words import in_a_sentence


@dataclass(frozen=True)
class Option:
    """A setting: its label, its default, and whether the first-run checklist requires it."""

    label: str
    default: Any
    required: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # (value, label) where only these are allowed
    bounds: tuple[int, int] = (1, 10_000)  # minimum and maximum of a number
    several: bool = False  # a text of several lines


def _paper_title(text: Wording) -> str:
    """The title of the paper that a text is grouped under: of the shipped procedure, as the texts are."""
    if text.is_email:
        return TO_PENGADU
    other = "Formulir kosong" if text.papers else "Dokumen lain"
    return SHIPPED.papers[text.paper].title if text.paper in SHIPPED.papers else other


TO_PENGADU = "Surel kepada pengadu"
DEMANDED = "Yang belum memasangnya dibawa ke pemasangannya begitu masuk, dan belum dapat melakukan hal lain."
HOURS = tuple(f"{hour:02}" for hour in range(24))
OPTIONS: dict[str, Option] = {
    "office.government": Option(
        "Pemerintah daerah", "", required=True, help="Baris teratas kop, misalnya PEMERINTAH KOTA CONTOH."
    ),
    "office.name": Option("Nama dinas pada kop (satu baris tiap baris kop)", "", required=True, several=True),
    "office.address": Option("Alamat kantor", "", required=True),
    "office.phone": Option("Telepon dan faksimile", "", required=True),
    "office.web": Option("Laman dan surel", ""),
    "office.city": Option(
        "Kota pada kop", "", required=True, help="Tempat kantor; tercetak juga di depan tanggal dokumen."
    ),
    "office.postcode": Option("Kode pos", ""),
    "office.emblem": Option(
        "Lambang pada kop", "", required=True, help="PNG atau JPG, paling besar 2 MB, paling baik berlatar putih."
    ),
    "office.unit_code": Option("Kode unit pada nomor surat", "", required=True, help="Misalnya 403."),
    "office.area_code": Option(
        "Kode wilayah pada nomor surat", "", required=True, help="Kode kabupaten atau kota, misalnya 99.01."
    ),
    "paper.size": Option(
        "Ukuran kertas", "F4", help="F4 (215 × 330 mm) atau A4 (210 × 297 mm).", choices=(("F4", "F4"), ("A4", "A4"))
    ),
    "paper.disposition": Option(
        "Kertas Lembar Disposisi dan Tanda Terima",
        "half",
        help="Setengah lembar dari ukuran kertas itu: F4 215 × 165 mm, A4 210 × 148 mm. Begitu pula Kutipan Berita "
        "Acara, Slip Janji, dan Tanda Terima pada formulir kosong.",
        choices=(("half", "Setengah lembar"), ("full", "Bagian atas lembar penuh, dengan garis potong")),
    ),
    "paper.paraf": Option(
        "Paraf Hierarki pada Nota Dinas",
        False,
        help="Jabatan, paraf, dan tanggal pelaksana dan atasannya, sebelum kepala unit kerja menandatangani.",
    ),
    "paper.code_address": Option(
        "Alamat pemeriksaan dokumen",
        "",
        help="Bila panel dapat dibuka dari luar kantor: alamatnya dengan /v/ di ujung, misalnya "
        "https://panel.dinas.example/v/. Kode QR dokumen memuatnya dengan kode verifikasi; kosong: kodenya saja.",
    ),
    "signature.issuers": Option(
        "Penerbit sertifikat yang dipercaya",
        "",
        help="Sertifikat penerbitnya dalam bentuk PEM, satu di bawah yang lain, misalnya dari BSrE. Tanda tangan "
        "elektronik dinyatakan sah hanya bila sertifikat penanda tangannya berasal dari salah satunya.",
        several=True,
    ),
    "return.days": Option(
        "Dokumen di luar terlalu lama (hari kerja)",
        5,
        help="Beranda menyebut dokumen yang dibawa untuk ditandatangani lebih lama daripada ini dan belum ditandai.",
        bounds=(1, 60),
    ),
    "number.register": Option("Pola nomor register", "PGD/{urut}/{bulan_romawi}/{tahun}"),
    "number.nota_dinas": Option("Pola nomor Nota Dinas", "{klas}/{urut}/{wilayah}{unit}/{tahun}"),
    "number.berita_acara": Option("Pola nomor Berita Acara", "{klas}/{urut}/BA/{wilayah}{unit}/{tahun}"),
    "number.other": Option("Pola nomor dokumen lain", "{klas}/{urut}/{seri}/{wilayah}{unit}/{tahun}"),
    "number.class": Option("Kode klasifikasi arsip", "400.9"),
    "legal.informasi": Option("Batas peraturan permintaan informasi (hari kerja)", 5),
    "legal.tidak_berkadar": Option("Batas peraturan tidak berkadar pengawasan (hari kerja)", 14),
    "legal.berkadar": Option("Batas peraturan berkadar pengawasan (hari kerja)", 60),
    "legal.answer": Option("Jawaban pertama kepada pengadu (hari kerja)", 14),
    "legal.completion": Option("Batas pengadu melengkapi (hari kalender)", 30),
    "panel.office": Option(
        "Nama dinas pada panel", "", required=True, help="Tampil pada menu, halaman Masuk, dan surel."
    ),
    "clock.zone": Option(
        "Zona waktu kantor",
        "",
        required=True,
        choices=tuple(NAMES.items()),
        help="Menurut zona ini jam kerja, batas waktu, tanggal, dan jam pada dokumen. Tidak dapat diubah setelah ada "
        "pengaduan.",
    ),
    "emergency.units": Option(
        "Telepon darurat unit kerja",
        "",
        several=True,
        help="Satu unit kerja tiap baris: kodenya, lalu nomornya. Disebut pada pengaduan darurat.",
    ),
    "emergency.line": Option(
        "Layanan darurat",
        "Polisi 110\nSAPA 129",
        several=True,
        help="Satu layanan tiap baris, nomornya di ujung baris. Disebut pada pengaduan darurat.",
    ),
    "answer.length": Option(
        "Panjang satu jawaban pada media daring (huruf)",
        1_000,
        help="Jawaban yang lebih panjang ditawarkan dalam beberapa bagian untuk disalin.",
        bounds=(160, 10_000),
    ),
    "deliver.attempts": Option("Upaya sebelum dinyatakan tidak dapat dihubungi", 3),
    "evidence.size": Option("Ukuran terbesar satu berkas bukti (MB)", 10),
    "evidence.count": Option("Berkas bukti paling banyak pada satu pengaduan", 20),
    "submit.head_only": Option("Nota Dinas hanya dinaikkan kepala unit kerja", True),
    "session.idle": Option(
        "Layar terkunci setelah tidak dipakai (menit)",
        30,
        help="5 sampai 120 menit. Yang sudah diketik tetap ada; kata sandi membukanya lagi.",
        bounds=(5, 120),
    ),
    "session.proof": Option(
        "Bukti diri sebelum menandatangani berlaku (menit)",
        30,
        help="Kata sandi atau kode ditanyakan sekali sebelum Kepala Dinas menandatangani; 0 berarti tidak ditanyakan.",
        bounds=(0, 120),
    ),
    **{
        f"factor.{role}": Option(f"Faktor kedua wajib bagi {title}", False, help=DEMANDED)
        for role, title in ROLES.items()
    },
    "mail.sender": Option(
        "Alamat pengirim surel",
        "",
        help="Satu alamat, misalnya panel@dinas.example. Panel mengirim surel bila ini diisi dan server surelnya sudah "
        "diatur oleh yang mengurus server.",
    ),
    "mail.pengadu": Option(
        "Kabar kepada pengadu lewat surel",
        False,
        help="Panel mengirim surel secara otomatis bila pengaduan diterima, diteruskan, atau berakhir; kalimatnya pada "
        "Kalimat baku. Tidak dikirim bila ada yang tidak boleh ditelepon atau ada cara menghubungi yang aman.",
    ),
    "backup.arranged": Option(
        "Cadangan data",
        "",
        required=True,
        several=True,
        help="Siapa memegang Lembar Kunci Cadangan dan di mana; bila kantor menyalin dengan cara sendiri, bagaimana.",
    ),
    "backup.place": Option(
        "Tempat cadangan",
        "",
        help="Folder pada diska lain, misalnya /mnt/cadangan/panel, atau sftp://… dan s3://…. Kosong: panel tidak "
        "membuat cadangan sendiri.",
    ),
    "backup.hour": Option("Jam cadangan tiap malam", "01", choices=tuple((h, f"{h}.00") for h in HOURS)),
    "backup.days": Option("Cadangan harian yang disimpan", 7),
    "backup.weeks": Option("Cadangan mingguan yang disimpan", 5),
    "backup.months": Option("Cadangan bulanan yang disimpan", 12),
    **{PREFIX + one.key: Option(f"{_paper_title(one)} – {one.label}", one.text) for one in WORDING.values()},
}
EMBLEM, BACKUP, BACKUP_PLACE = "office.emblem", "backup.arranged", "backup.place"
BACKUP_PLAN = "backup."  # the settings of the nightly backup begin with it
IDLE, PROOF, FACTOR = "session.idle", "session.proof", "factor."
ZONE = "clock.zone"
CODE_ADDRESS = "paper.code_address"  # where a paper's verification code is checked
DAYS_OUT = "return.days"  # working days after which a paper that was brought to a signer is out for too long
ISSUERS = "signature.issuers"  # whose certificates make a signature hold
MAIL_SENDER, TELL_CITIZENS = "mail.sender", "mail.pengadu"
PRINTED = ("office", "number", "wording")  # settings that are printed on papers as typed
LAW_CLASSES = {
    "informasi": "Permintaan informasi",
    "tidak_berkadar": "Tidak berkadar pengawasan",
    "berkadar": "Berkadar pengawasan",
}


Settings = dict[str, Any]  # by key of OPTIONS, each of the type of its default


class Letterhead(TypedDict):
    """The office as printed on papers; frozen with them."""

    name: list[str]
    government: str
    address: str
    phone: str
    web: str
    city: str
    postcode: str
    emblem: str  # SHA-256 of the office's own, "" for the built-in one
    size: str
    disposition: str
    paraf: str


class Setting(Master):
    """The value of a setting from a day on; earlier values remain for the papers of their time."""

    proof = "Pengaturan"

    key = pw.CharField(verbose_name="Pengaturan", max_length=60, choices=[(k, o.label) for k, o in OPTIONS.items()])
    value = Json(verbose_name="Isi", null=True)
    valid_from = pw.DateField(verbose_name="Berlaku sejak", default=today)

    class Meta:
        indexes = ((("key", "valid_from"), True),)


def values(day: date | None = None) -> Settings:
    """All settings in force on a day (default today), defaults filled in."""
    on = day or today()
    return dict(master_cache.cached(("settings", on), lambda: _stored_values(on)))


def _stored_values(day: date) -> Settings:
    stored = Setting.select(Setting.key, Setting.value).where(Setting.valid_from <= day).order_by(Setting.valid_from)
    return {**{key: option.default for key, option in OPTIONS.items()}, **dict(stored.tuples())}


def follow_zone() -> None:
    """Set the time zone of this process to the office's setting."""
    WIB.follow(str(values()[ZONE]))


def version_of(*keys: str) -> int:
    """The sum of the versions of these settings, which grows with every change."""
    return int(Setting.select(pw.fn.COALESCE(pw.fn.SUM(Setting.version), 0)).where(Setting.key.in_(keys)).scalar())


def store_setting(key: str, value: Any, since: date) -> Setting:
    """Store a value from a day on, replacing one of the same day."""
    stored = Setting.get_or_none((Setting.key == key) & (Setting.valid_from == since))
    row: Setting = stored or Setting(key=key, valid_from=since)
    record_hashes_before_change(Setting, [row.id] if stored else [])
    row.value = value
    row.version += 0 if stored is None else 1
    row.save()
    if key.startswith(BACKUP_PLAN):
        BACKUPS.send_after_commit()
    return row


def longest_deadline(day: date) -> int:
    """The longest legal deadline of any complaint on a day, in working days."""
    settings = values(day)
    return int(max(settings["legal.answer"], *(settings[f"legal.{law_class}"] for law_class in LAW_CLASSES)))


def limits_in_words(settings: Settings) -> str:
    """The legal deadline of each class of complaints."""
    *limits, last = (
        f"{in_a_sentence(name)} {settings[f'legal.{key}']} hari kerja" for key, name in LAW_CLASSES.items()
    )
    told, counted = ", ".join((*limits, f"dan {last}")), "sesudah hari diterima atau dibuka kembali"
    return f"Batas peraturan saat terbit menurut klasifikasi: {told}, {counted}."


def changes_after(day: date, keys: Iterable[str]) -> list[date]:
    """The later days on which a value of these settings takes effect, in order."""
    later = Setting.select(Setting.valid_from).where((Setting.valid_from > day) & Setting.key.in_(list(keys)))
    return sorted({since for (since,) in later.tuples()})


def letterhead(settings: Settings) -> Letterhead:
    """The office as printed on top of a paper, from `values()`."""
    return {
        "name": [line.strip() for line in str(settings["office.name"]).splitlines() if line.strip()],
        "government": settings["office.government"],
        "address": settings["office.address"],
        "phone": settings["office.phone"],
        "web": settings["office.web"],
        "city": settings["office.city"],
        "postcode": settings["office.postcode"],
        "emblem": settings[EMBLEM] if is_own(settings[EMBLEM]) else "",
        "size": settings["paper.size"],
        "disposition": settings["paper.disposition"],
        "paraf": settings["paper.paraf"],
    }


def letterhead_of(office: Letterhead, unit: Division | None) -> Letterhead:
    """The letterhead of a unit with its own address: the office's name, then the unit's name and contact data."""
    if unit is None or not unit.address:
        return office
    name = unit.name.upper() if all(line.isupper() for line in office["name"]) else unit.name
    where: Any = {column: getattr(unit, column) or "" for column in ("address", "phone", "web", "postcode")}
    return {**office, "name": [*office["name"], name], **where}
