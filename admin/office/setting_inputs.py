"""Form fields and validators of settings: number patterns, wording, characters, emblems."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import current_app
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, FileField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from admin.lists.inputs import BLANK, PickField, Required, WholeField, plausible_year
from models.case.sample import PLACE
from models.complaint.complaint import Complaint
from models.complaint.number import (
    LETTERS,
    ODD,
    OF_A_UNIT,
    OUT_OF_PLACE,
    PATTERN_BLANKS,
    SEPARATORS,
    formatted_number,
    plain,
)
from models.complaint.number import LONGEST as LONGEST_NUMBER
from models.email.message import address_objection
from models.office import emergency, wording
from models.office.identity import AREA_CODE, UNIT_CODE, code_objection, with_gaps
from models.office.people import today
from models.office.settings import (
    BACKUP_PLACE,
    CODE_ADDRESS,
    EMBLEM,
    ISSUERS,
    MAIL_SENDER,
    OPTIONS,
    PRINTED,
    ZONE,
    Settings,
    changes_after,
    values,
)
from models.office.wording import PREFIX, WORDING
from models.operations import backup_location
from models.store.base import now
from models.store.upload_kinds import Refused
from papers.layout.glyphs import missing_glyphs
from sop.words import format_date

LONGEST = 400
LONGEST_PATTERN, LONGEST_CODE, LONGEST_CERTIFICATES = 45, 12, 40_000  # characters
WIDER = 10  # characters by which a number may exceed its example
MUST = ("urut", "tahun")
PATTERN = "number."
CODES = ("number.class", UNIT_CODE, AREA_CODE)  # used by every pattern
NUMBERED = (*CODES, *(key for key in OPTIONS if key.startswith(PATTERN) and key not in CODES))
PICK = "Pilih berkas gambar, atau centang bahwa lambang bawaan yang dipakai."
ZONE_STAYS = "Zona waktu tetap {}: sudah ada pengaduan, dan jam, tanggal, serta nomornya mengikuti zona itu."
ZONE_AT_ONCE = "Zona waktu berlaku seketika; isi tanggal hari ini."
ZONE_SINCE = "{} berlaku sejak {}; zona dengan tanggal yang lebih awal tidak akan dipakai. Isi tanggal hari ini."
OF_PAPERS = "Dokumen sebelum tanggal ini memakai nilai lama."
OF_DAYS = "Sebelum tanggal ini nilai lama yang berlaku."
SINCE_HELP = {ZONE: "Zona waktu berlaku seketika; biarkan tanggal hari ini."}
CHECKED_AT = re.compile(r"(?=.{12,58}\Z)https://[a-z0-9.-]+(:[0-9]+)?(/[!-~]*)?", re.ASCII)  # longer: finer modules
NOT_CHECKED_AT = "Tulis alamat seperti https://panel.dinas.example/v/, paling panjang 58 huruf, tanpa spasi."
NO_CERTIFICATES = "Tempel sertifikatnya utuh, dari -----BEGIN CERTIFICATE----- sampai -----END CERTIFICATE-----."
AGAIN = "Pilih berkasnya sekali lagi: berkas baru tersimpan bersama isian yang berhasil."
Check = Callable[[Any, Any], None]
LISTED = {emergency.UNITS: emergency.unit_objection, emergency.SERVICES: emergency.service_objection}  # one per line


def place_objection(typed: str) -> str:
    """Why backups cannot be stored there; "" is valid and means no backups by the panel."""
    return backup_location.objection(typed, current_app.config["VAR_DIR"]) if typed else ""


def code_address_objection(typed: str) -> str:
    """Why the address cannot stand in the QR code of papers; "" is valid and means the code alone."""
    return "" if not typed or CHECKED_AT.fullmatch(typed) else NOT_CHECKED_AT


def _check_zone(form: Any, field: Any) -> None:
    """The zone is fixed once a complaint exists: times, days and numbers depend on it."""
    chosen = values()[ZONE]
    if chosen and field.data != chosen and Complaint.select().exists():
        raise ValidationError(ZONE_STAYS.format(chosen))


def _check_day_of_zone(form: Any, field: Any) -> None:
    """A zone takes effect at once: neither in the future, nor before a newer value that would override it."""
    if field.data and field.data > today():
        raise ValidationError(ZONE_AT_ONCE)
    if field.data and (later := changes_after(field.data, (ZONE,))):
        raise ValidationError(ZONE_SINCE.format(values()[ZONE], format_date(later[-1])))


def issuers_objection(typed: str) -> str:
    """Why these are not certificates in PEM; "" is valid and means that nobody is trusted."""
    if not typed.strip():
        return ""
    from cryptography import x509  # a start goes without it

    try:
        x509.load_pem_x509_certificates(typed.encode())
    except ValueError:
        return NO_CERTIFICATES
    return ""


CHOSEN_BY, DATED_BY = {ZONE: (_check_zone,)}, {ZONE: (_check_day_of_zone,)}
OBJECTIONS = {
    BACKUP_PLACE: place_objection,
    MAIL_SENDER: address_objection,
    CODE_ADDRESS: code_address_objection,
    ISSUERS: issuers_objection,
}
SENTENCES = {**LISTED, **OBJECTIONS}  # validators by key


class EmblemField(FileField):
    """A picture, re-encoded in a process with resource limits; its value is the digest under which it is stored."""

    data: Any
    upload: FileStorage | None = None
    bytes_made = b""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.upload = next((one for one in valuelist if isinstance(one, FileStorage) and one.filename), None)

    def pre_validate(self, form: Any) -> None:
        if self.upload is None:
            self.data = wording.BUILT_IN if form.builtin.data else self.data if wording.is_own(self.data or "") else ""
            if not self.data:
                raise ValidationError(PICK)
            return
        try:
            self.bytes_made = wording.drawn_emblem(
                self.upload.filename or "", self.upload.stream.read(wording.MOST + 1)
            )
        except Refused as refused:
            raise ValidationError(f"Lambang ditolak: {refused} Yang tersimpan tetap berlaku.") from refused
        self.data = wording.digest(self.bytes_made)


def since_field(key: str) -> DateField:
    """The day from which the value is in force, with its effect for this setting as help text."""
    help_ = SINCE_HELP.get(key, OF_PAPERS if key.partition(".")[0] in ("paper", *PRINTED) else OF_DAYS)
    return DateField("Berlaku sejak", [Required(), plausible_year, *DATED_BY.get(key, ())], description=help_)


def fields_of(key: str) -> dict[str, Any]:
    """The form fields of a setting, by the type of its default."""
    option = OPTIONS[key]
    texts: dict[str, Any] = {"label": option.label, "description": option.help}
    if key == EMBLEM:
        own = EmblemField(**texts, render_kw={"accept": ".png,.jpg,.jpeg"})
        return {"value": own, "builtin": BooleanField("Pakai lambang bawaan panel, bukan gambar sendiri")}
    if isinstance(option.default, bool):
        return {"value": BooleanField(**texts)}
    if isinstance(option.default, int):
        return {"value": WholeField(**texts, validators=[Required(), NumberRange(*option.bounds)])}
    if option.choices:
        offered = [SelectChoice(value, name) for value, name in option.choices]
        if not option.required:
            return {"value": PickField(**texts, choices=offered)}
        return {
            "value": PickField(**texts, choices=[BLANK, *offered], validators=[Required(), *CHOSEN_BY.get(key, ())])
        }
    if key.startswith(PREFIX):
        return {"value": _wording_input(option.label, WORDING[key.removeprefix(PREFIX)])}
    return {"value": _text_input(key, texts)}


def _wording_input(label: str, text: wording.Wording) -> TextAreaField:
    """The field for a standard text of papers or e-mails."""
    return TextAreaField(
        label,
        [Required(), _check_by(partial(wording.fault, text.key)), _check_letters],
        [lambda typed: wording.tidy(text.key, typed.replace("\0", "")) if isinstance(typed, str) else typed],
        _blanks_in_words(text.blanks) if text.blanks else "Teks biasa, tanpa isian dalam kurung kurawal.",
        render_kw={"rows": text.lines if text.lines > 1 else 6},
    )


def _text_input(key: str, texts: dict[str, Any]) -> Any:
    must, checks = OPTIONS[key].required, [Length(max=LONGEST_CERTIFICATES if key == ISSUERS else LONGEST)]
    if "{urut}" in str(OPTIONS[key].default):
        texts["description"] = _blanks_in_words({blank: PATTERN_BLANKS[blank] for blank in blanks_of(key)})
        must, checks = True, [_check_of_pattern(key)]
    if key in CODES:
        checks = [_check_of_code(key)]
    if key in SENTENCES:
        checks += [_check_by(SENTENCES[key])]
    printed = [_check_letters] if key.partition(".")[0] in PRINTED else []
    return (TextAreaField if OPTIONS[key].several else StringField)(
        **texts, validators=[Required() if must else Optional(), *checks, *printed], filters=[_trim]
    )


def _check_by(objection: Callable[[str], str]) -> Check:
    def check(form: Any, field: Any) -> None:
        if sentence := objection(field.data or ""):
            raise ValidationError(sentence)

    return check


def _trim(value: Any) -> Any:
    return value.replace("\0", "").replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _blanks_in_words(blanks: Mapping[str, str]) -> str:
    return f"Yang dapat disisipkan – {'; '.join(f'{{{name}}}: {meaning}' for name, meaning in blanks.items())}."


def _check_letters(form: Any, field: Any) -> None:
    """Refuse characters that the papers' fonts do not have, which would print as ▯."""
    if missing := missing_glyphs(field.data or ""):
        chars = ", ".join(f"“{char}”" for char in missing[:5])
        raise ValidationError(f"Tidak ada pada huruf cetak dokumen: {chars}. Ganti dengan huruf biasa.")


# Numbers


def blanks_of(key: str) -> tuple[str, ...]:
    """Placeholders of a pattern; the register's has no unit, which is unknown when its number is assigned."""
    return tuple(blank for blank in PATTERN_BLANKS if blank != OF_A_UNIT or key != "number.register")


def _check_of_pattern(key: str) -> Check:
    """Require counter and year in a pattern, and that no other kind of paper gets the same numbers."""

    def check(form: Any, field: Any) -> None:
        pattern, since = field.data or "", form.valid_from.data
        if sentence := _pattern_fault(key, pattern) or _doubling_fault(key, pattern, since):
            raise ValidationError(sentence)

    return check


def _check_of_code(key: str) -> Check:
    """A code that patterns use: short, well-formed, and without making two patterns equal."""

    def check(form: Any, field: Any) -> None:
        code = field.data or ""
        if len(code) > LONGEST_CODE:
            raise ValidationError(f"Paling panjang {LONGEST_CODE} huruf.")
        if sentence := code_objection(code) or _doubling_fault(key, code, form.valid_from.data):
            raise ValidationError(sentence)

    return check


def _pattern_fault(key: str, pattern: str) -> str:
    if not all(f"{{{blank}}}" in pattern for blank in MUST):
        return "Pola harus memuat {urut} dan {tahun}."
    known = blanks_of(key)
    rest = re.sub("|".join(re.escape(f"{{{blank}}}") for blank in known), "", pattern)
    if "{" in rest or "}" in rest:
        return _unknown_blank(rest, known)
    if not LETTERS.fullmatch(rest):
        return ODD
    if len(pattern) > LONGEST_PATTERN:
        return f"Pola paling panjang {LONGEST_PATTERN} huruf."
    settings = values()
    codes = {UNIT_CODE: settings[UNIT_CODE] or "403", AREA_CODE: settings[AREA_CODE] or "99.01"}
    example = number_example(key, {**settings, **codes, key: pattern})
    return OUT_OF_PLACE.format(example) if SEPARATORS.search(example) else ""  # as when {unit} has separators itself


def _unknown_blank(rest: str, known: Iterable[str]) -> str:
    unknown = re.findall(r"\{[^{}]+\}", rest)
    named = f"“{unknown[0]}” tidak dikenal. " if unknown else ""
    return f"{named}Yang dikenal dalam pola hanya {', '.join(f'{{{blank}}}' for blank in known)}."


def _doubling_fault(key: str, value: str, since: date | None) -> str:
    """Why numbers would collide, on that day or on a later day at which another setting changes."""
    if key == "number.other" and "{seri}" not in value:
        return "Pola ini dipakai beberapa jenis dokumen; muat {seri} agar nomornya tidak kembar."
    first = since or today()
    until = min(changes_after(first, (key,)), default=date.max)
    days = [first, *(day for day in changes_after(first, NUMBERED) if day < until)]
    return next(filter(None, (_twin_fault(key, {**values(day), key: value}) for day in days)), "")


def _twin_fault(key: str, settings: Settings) -> str:
    """The error if two papers would have equal numbers, or a number would be too long."""
    numbers = {name: number_example(name, settings) for name in NUMBERED if name not in CODES}
    for name in sorted(numbers, key=lambda one: one != key):
        if len(numbers[name]) + WIDER > LONGEST_NUMBER:
            return f"Nomor menurut “{OPTIONS[name].label}” menjadi lebih dari {LONGEST_NUMBER - WIDER} huruf."
        twin = next((other for other in numbers if other != name and plain(numbers[other]) == plain(numbers[name])), "")
        if twin:
            named = "Pola ini" if name == key else f"“{OPTIONS[name].label}”"
            return f"{named} sama dengan “{OPTIONS[twin].label}”: dua dokumen akan bernomor sama."
    return ""


def number_example(key: str, settings: Settings) -> str:
    """An example number by this pattern, "" for other settings."""
    if not key.startswith(PATTERN):
        return ""
    series = key.removeprefix(PATTERN)
    known = f"number.{series}" in OPTIONS and series != "other"
    return formatted_number(series if known else "surat_lain", PLACE, now(), with_gaps(settings), "REH")
