"""The settings by subject, a page each, with the values in force; and the search over their labels and help texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request

from admin.door.flaskadmin import ViewPart
from admin.door.gate import expose
from admin.office.checklist import checklist_items, setting_url
from admin.office.setting_inputs import number_example
from models.case.sample import paper_kinds
from models.office import wording
from models.office.people import today
from models.office.settings import EMBLEM, OPTIONS, TO_PENGADU, Option, Setting, values
from models.office.wording import PREFIX, WORDING


@dataclass(frozen=True)
class SettingSubject:
    """Settings on one page; a setting belongs to the subject that names its family, the word before the first dot."""

    key: str
    title: str
    about: str
    families: tuple[str, ...]
    as_one: bool = False  # edited together in one form

    @property
    def options(self) -> list[str]:
        return [key for key in OPTIONS if key.partition(".")[0] in self.families]


SUBJECTS = (
    SettingSubject("kop", "Kop surat", "Nama, alamat, dan lambang di atas setiap dokumen.", ("office",), as_one=True),
    SettingSubject("nomor", "Nomor surat", "Pola nomor register dan nomor dokumen.", ("number",)),
    SettingSubject(
        "dokumen",
        "Dokumen dan tanda tangan",
        "Ukuran kertas, paraf, alamat pemeriksaan, dan dokumen yang dibawa untuk ditandatangani.",
        ("paper", "signature", "return"),
    ),
    SettingSubject("batas", "Batas peraturan", "Berapa hari menurut klasifikasi pengaduan.", ("legal",)),
    SettingSubject("panel", "Nama panel dan zona waktu", "Pada menu, surel, dan semua jam.", ("panel", "clock")),
    SettingSubject("darurat", "Telepon darurat", "Nomor yang disebut pada pengaduan darurat.", ("emergency",)),
    SettingSubject(
        "pengaduan",
        "Bukti, Nota Dinas, dan penyampaian hasil",
        "Ukuran berkas bukti, siapa menaikkan Nota Dinas, upaya menghubungi pengadu.",
        ("evidence", "submit", "deliver", "answer"),
    ),
    SettingSubject(
        "masuk", "Masuk dan kunci layar", "Layar terkunci, bukti diri, dan faktor kedua.", ("session", "factor")
    ),
    SettingSubject("surel", "Surel", "Alamat pengirim dan kabar kepada pengadu.", ("mail",)),
    SettingSubject("cadangan", "Cadangan", "Tempat, jam, dan lama cadangan disimpan.", ("backup",)),
)
BY_KEY = {subject.key: subject for subject in SUBJECTS}
WORDING_TITLE = "Kalimat baku"


@dataclass(frozen=True)
class SettingRow:
    """One setting: the value in force and its start, None for the default."""

    key: str
    option: Option
    value: str
    since: date | None
    example: str = ""

    @property
    def label(self) -> str:
        """The label; for a standard text without the paper's title, under which it is listed."""
        text = WORDING.get(self.key.removeprefix(PREFIX)) if self.key.startswith(PREFIX) else None
        return text.label if text else self.option.label

    @property
    def missing(self) -> bool:
        return self.option.required and not self.value.strip()


def value_as_read(key: str, value: Any) -> str:
    """A value as text."""
    option = OPTIONS[key]
    if key == EMBLEM:
        return "Gambar sendiri" if wording.is_own(value) else "Lambang bawaan panel" if value else ""
    if option.choices:
        return dict(option.choices).get(value, str(value))
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return "" if value is None else str(value)


def setting_rows(keys: Iterable[str]) -> list[SettingRow]:
    """The rows of these settings, with today's values."""
    in_force = Setting.select(Setting.key, Setting.valid_from).where(Setting.valid_from <= today())
    now, since = values(), dict(in_force.order_by(Setting.valid_from).tuples())
    return [
        SettingRow(
            key,
            OPTIONS[key],
            value_as_read(key, now[key]),
            since.get(key),
            number_example(key, now) if "{urut}" in str(OPTIONS[key].default) else "",
        )
        for key in keys
    ]


def blank_required() -> dict[str, int]:
    """How many required settings of each subject are blank, by the subject's key."""
    now = values()
    blank = {key for key, option in OPTIONS.items() if option.required and not str(now[key]).strip()}
    return {subject.key: len(blank.intersection(subject.options)) for subject in SUBJECTS}


# Standard texts

OTHER_PAPERS = "lain"  # in an address: texts of papers that the procedure in force does not have


def wording_titles() -> dict[str, str]:
    """The papers that have standard texts, and e-mail: title by key."""
    titles: dict[str, str] = {}
    for text in WORDING.values():
        key = _wording_page(text)
        titles.setdefault(key, TO_PENGADU if text.is_email else paper_kinds().get(key, "Dokumen lain"))
    return titles


def wording_of(page: str) -> list[str]:
    """The settings of the standard texts on one page."""
    return [PREFIX + key for key, text in WORDING.items() if _wording_page(text) == page]


def _wording_page(text: wording.Wording) -> str:
    return text.paper if text.is_email or text.paper in paper_kinds() else OTHER_PAPERS


# Search

LETTERS = 60  # of the words that are searched for
MOST = 15  # settings of one answer
VALUE = 90  # letters of a value in the answer


@dataclass(frozen=True)
class FoundSetting:
    """A setting that the words have found, with the subject that it belongs to."""

    key: str
    label: str
    subject: str
    help: str
    value: str


def find_settings(typed: str) -> list[FoundSetting]:
    """The settings whose label, help, choices or subject contain all words, those with the words in their label first.

    A word may begin anywhere, so that "cadang" finds "Pencadangan" as well.
    """
    words = typed.casefold().split()
    hits = []
    for key, subject in _subjects_by_setting().items() if words else ():
        option = OPTIONS[key]
        label = option.label.casefold()
        text = " ".join((label, subject.casefold(), option.help.casefold(), *(word for _, word in option.choices)))
        if all(word in text.casefold() for word in words):
            hits.append((not all(word in label for word in words), key, subject))
    hits.sort(key=lambda hit: hit[0])  # stable: otherwise in the order of the table
    now = values()
    return [
        FoundSetting(key, OPTIONS[key].label, subject, OPTIONS[key].help, _short(value_as_read(key, now[key])))
        for _, key, subject in hits
    ]


def _subjects_by_setting() -> dict[str, str]:
    titles = {key: subject.title for subject in SUBJECTS for key in subject.options}
    return {key: titles.get(key, WORDING_TITLE) for key in OPTIONS}


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= VALUE else f"{line[: VALUE - 1].rstrip()}…"


class SubjectPages(ViewPart):
    """Part of the settings' view: the overview with its search, and a page for each subject."""

    wording_title = WORDING_TITLE

    def overview(self) -> dict[str, object]:
        """What the first page shows."""
        asked = " ".join(request.args.get("q", "").replace("\0", "").split())[:LETTERS]
        hits = find_settings(asked)
        return {
            "asked": asked,
            "found": [(self._address_of(one.key), one) for one in hits[:MOST]],
            "more": max(len(hits) - MOST, 0),
            "checklist": checklist_items(),
            "subjects": SUBJECTS,
            "blank": blank_required(),
        }

    def is_paged(self) -> bool:
        """Whether the address asks for a page or an order of the list of earlier values, which is a page of its own."""
        return bool(set(request.args) - {"q"})

    def _address_of(self, key: str) -> str:
        """The form of a setting; for users who only read, the page on which it is listed."""
        if self.view.opens("create"):
            return setting_url(key)
        if key.startswith(PREFIX):
            kind = _wording_page(WORDING[key.removeprefix(PREFIX)])
            return str(self.view.get_url(".wording_page", kind=kind))
        page = next(subject.key for subject in SUBJECTS if key in subject.options)
        return str(self.view.get_url(".subject", subject=page))

    @expose("/perihal/<key:subject>/")
    def subject(self, subject: str) -> str:
        """The settings of one subject."""
        if subject not in BY_KEY:
            abort(404)
        shared = BY_KEY[subject]
        return self._listed(shared.title, shared.about, shared.options, as_one=shared.as_one)

    @expose("/kalimat/")
    def wording(self) -> str:
        """The papers and e-mails that have standard texts, and samples of all papers."""
        titles = wording_titles()
        counts = {page: len(wording_of(page)) for page in titles}
        return str(self.view.render("admin/office/wording.html", titles=titles, counts=counts))

    @expose("/kalimat/<key:kind>/")
    def wording_page(self, kind: str) -> str:
        """The standard texts of one paper."""
        titles = wording_titles()
        if kind not in titles:
            abort(404)
        return self._listed(titles[kind], "", wording_of(kind), parent=WORDING_TITLE)

    def _listed(self, title: str, about: str, keys: list[str], *, parent: str = "", as_one: bool = False) -> str:
        page = {"title": title, "about": about, "parent": parent, "as_one": as_one}
        return str(self.view.render("admin/office/setting_subject.html", rows=setting_rows(keys), **page))
