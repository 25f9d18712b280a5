"""Legal limits: what another one does to the open cases, told before it is saved; and the reason, which is recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from wtforms import BooleanField, Field, HiddenField, StringField, ValidationError
from wtforms.validators import Length

from admin.lists.inputs import Required, clean_line
from admin.office.holidays import move_due_times
from models.complaint.event import Event, bodies
from models.office.people import today
from models.office.settings import OPTIONS, Setting, changes_after, values
from models.store.base import now
from models.workflow.moves import LimitEffect, effect_of_limit
from sop.clock import HoursUnknown
from sop.words import format_date, format_number, in_a_sentence

FAMILY = "legal."
ASKED_BESIDE = ("reason", "retroactive")  # fields that are not stored with the value
LONGEST_REASON = 300
WHY = "Misalnya peraturan atau keputusan yang menjadi dasarnya; tercatat dalam riwayat."
BACK = "Benar, berlaku surut sejak tanggal yang sudah lewat itu"
NOT_TICKED = "Tanggalnya sudah lewat. Centang bila memang berlaku surut, atau isi tanggal hari ini."
CHANGED = "mengubah {label} dari {old} menjadi {new}, berlaku sejak {since}"
MOVED = "Batas {moved} pengaduan yang masih terbuka ikut berubah."
NONE_MOVED = "Tidak ada pengaduan terbuka yang batasnya berubah."
FROM_THEN = "Pengaduan yang dicatat sejak tanggal itu memakai batas ini; yang dicatat sebelumnya tetap."
LATE = "Yang lewat batas di antaranya: kini {now}, dengan batas ini {then}."
OF_THE_PAST = "Tanggal ini sudah lewat: pengaduan yang dicatat sejak {since} dinilai kembali menurut batas ini."
UNTIL = "Hanya sampai {last}: sesudahnya berlaku nilai lain yang sudah tercatat."
ABOVE = "{new} melebihi batas menurut peraturan, yaitu {law}. Pengaduan yang sudah terlambat akan tampak tepat waktu."
BELOW = "{new} jauh lebih singkat daripada batas menurut peraturan, yaitu {law}. Periksa apakah angkanya benar."


def is_limit(key: str) -> bool:
    return key.startswith(FAMILY)


def unit_of(key: str) -> str:
    """The unit that the label names in brackets, such as "hari kerja"."""
    return OPTIONS[key].label.rpartition("(")[2].rstrip(")")


def limit_fields(key: str) -> dict[str, Field]:
    """What the form of a limit asks besides value and day; for a day in the past also whether that is meant."""
    if not is_limit(key):
        return {}
    reason = StringField(
        "Alasan perubahan", [Required(), Length(max=LONGEST_REASON)], filters=[clean_line], description=WHY
    )
    return {"reason": reason, **({"retroactive": BooleanField(BACK)} if _is_past() else {}), "reviewed": HiddenField()}


def _is_past() -> bool:
    """Whether a day in the past was sent, which the form asks about before it is validated."""
    try:
        return date.fromisoformat(request.form.get("valid_from", "")) < today()
    except ValueError:
        return False


@dataclass(frozen=True)
class LimitReview:
    """What saving would do: old and new value, what follows, and what speaks against it."""

    old: int
    new: int
    unit: str
    since: date
    effects: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def mark(self) -> str:
        """What was reviewed: a form that sends another value, or finds another old one, is reviewed again."""
        return f"{self.old}>{self.new}@{self.since}"

    @property
    def since_in_words(self) -> str:
        return format_date(self.since)


def review_of(key: str, form: Any) -> LimitReview:
    """Raises ValidationError if the calendar does not reach as far as the limit."""
    new, since = form.value.data, form.valid_from.data
    try:
        effect = effect_of_limit(key, new, since, now())
    except (HoursUnknown, OverflowError) as gap:
        raise ValidationError(f"Batas sejauh itu tidak dapat dihitung. {gap}") from gap
    later, old = changes_after(since, (key,)), values(since)[key]
    lasts = UNTIL.format(last=format_date(later[0] - timedelta(days=1))) if later else ""
    effects, warnings = _effects_in_words(effect, since), _warnings(key, new, since)
    return LimitReview(old, new, unit_of(key), since, (*effects, *filter(None, [lasts])), tuple(warnings))


def _effects_in_words(effect: LimitEffect, since: date) -> Iterator[str]:
    yield MOVED.format(moved=format_number(effect.moved)) if effect.moved else NONE_MOVED
    if effect.late_now or effect.late_then:
        yield LATE.format(now=format_number(effect.late_now), then=format_number(effect.late_then))
    if since >= today():
        yield FROM_THEN


def _warnings(key: str, new: int, since: date) -> Iterator[str]:
    law, unit = OPTIONS[key].default, unit_of(key)
    words = {"new": f"{format_number(new)} {unit}", "law": f"{format_number(law)} {unit}"}
    if since < today():
        yield OF_THE_PAST.format(since=format_date(since))
    if new > law:
        yield ABOVE.format(**words)
    elif new * 2 < law:
        yield BELOW.format(**words)


def is_reviewed(key: str, form: Any) -> bool:
    """Whether the form was sent from the page that tells what saving does; if not, that page is drawn with it."""
    try:
        review = review_of(key, form)
    except ValidationError as refusal:
        form.value.errors = [str(refusal)]
        return False
    form.review = review
    is_known: bool = form.reviewed.data == review.mark
    form.reviewed.data = review.mark
    if is_known and "retroactive" in form and not form.retroactive.data:
        form.retroactive.errors = [NOT_TICKED]
        return False
    return is_known


def changed_in_words(key: str, form: Any) -> str:
    """The change for the history."""
    label, since = in_a_sentence(OPTIONS[key].label), format_date(form.valid_from.data)
    return CHANGED.format(label=label, old=form.review.old, new=form.review.new, since=since)


def apply_limit(since: date) -> None:
    """Move the due times of the open cases, in the transaction that stores the limit."""
    if since <= today():
        move_due_times()


def last_changes(rows: list[Setting]) -> dict[int, tuple[Event, str]]:
    """By setting's row the last edit of it, with its reason, "" if none was asked."""
    subjects = {f"{Setting._meta.table_name}:{row.id}": row.id for row in rows}
    edits = list(Event.select().where(Event.subject.in_(list(subjects))).order_by(Event.id))
    opened = bodies(edits, {})
    return {subjects[edit.subject]: (edit, str(opened[edit.id].get("reason", ""))) for edit in edits}
