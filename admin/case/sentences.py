"""History and state in sentences; and the answer to “Sampai di mana?” for the pengadu."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.case.access_notes import together, without_hidden_cases
from models.case.case import Case
from models.case.clocks import binding_deadline
from models.complaint.complaint import ANSWERED, UNANSWERED, UNDATED, Complaint
from models.complaint.event import Event, bodies, open_seals
from models.complaint.number import STAND_IN
from models.office.contacts import masked_words
from models.office.people import User
from models.records.in_words import in_order, value_in_words
from models.records.registry import RECORDS
from models.store.seal import Seal
from models.workflow import marks, shelf
from sop.procedure import BIDANG, LANES
from sop.vocabulary import CHANGED, CLOSED, IMPORT_CHANGED, IMPORT_UNDONE, IMPORTED, OUTSIDE, vocabulary
from sop.words import format_date, format_moment, format_number, format_size, in_a_sentence

OTHER_ACTS = {"draft": "menyimpan konsep", "edit": "mengubah data induk"}
CHANGES_IN_A_SENTENCE, CHANGE_LENGTH = 2, 40  # of a correction; the folded details have all changes
WHOLE = 100_000  # letters: longer than any field
NO_MORE = "melakukan langkah yang tidak ada lagi dalam SOP"
OTHER_LABELS = {
    **marks.LABELS,
    **shelf.LABELS,
    "draft": "Simpan konsep",
    "edit": "Ubah data induk",
    CHANGED: "Perubahan SOP",
    IMPORTED: "Impor berkas",
    IMPORT_CHANGED: "Perbarui dari impor",
    IMPORT_UNDONE: "Batalkan impor",
}


def act_labels() -> dict[str, str]:
    """The label of each act in the history, by key; acts that the SOP no longer has are marked "(dahulu)"."""
    now = vocabulary().transitions
    return {
        **{key: act.label if key in now else f"{act.label} (dahulu)" for key, act in vocabulary().acts.items()},
        **OTHER_LABELS,
    }


SUBJECTS = {
    "division": "unit kerja",
    "user": "pengguna",
    "post": "jabatan",
    "acting": "Plt./Plh.",
    "mandate": "Surat Tugas",
    "medium": "media pengaduan",
    "category": "kategori",
    "standing_team": "tim tetap",
    "kelurahan": "kelurahan",
    "holiday": "hari libur",
    "work_hours": "jam kerja",
    "reason": "daftar alasan",
    "setting": "pengaturan",
    "number_skip": "penomoran",
    "shelf_place": "tempat arsip",
    "retention": "jadwal retensi arsip",
}


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of the history in words: time, sentence, and blanks."""

    event: Event
    when: str
    sentence: str
    deed: str  # the sentence without the user's name
    blanks: Mapping[str, str]


def act_words(event: Event, body: Mapping[str, Any], others: int) -> str:
    """The predicate of the entry's sentence, which follows the user's name; `others`: further cases of the same act."""
    if body.get("what"):
        return str(body["what"])
    if body.get("corrected"):
        return corrected_words(body["corrected"])
    step = vocabulary().acts.get(event.act)
    words = step.did if step else OTHER_ACTS.get(event.act, NO_MORE)
    if body.get("draft"):
        words += f" {body['draft']}"
    if event.subject:
        table = str(event.subject).partition(":")[0]
        words += f" ({SUBJECTS.get(table, table.replace('_', ' '))})"
    words += f", bersama {format_number(others)} pengaduan lain" if others else ""
    if deputy := body.get("deputy"):
        words += f", sementara {deputy['post']} {deputy['name']} bertugas (alasan: {in_a_sentence(deputy['reason'])})"
    return words


def corrected_words(corrected: Sequence[Sequence[str]]) -> str:
    """meralat nama pengadu: “Siti” menjadi “Siti Aminah”; usia pengadu: belum diisi menjadi “12”; dan 3 isian lain."""
    changes, rest = corrected[:CHANGES_IN_A_SENTENCE], len(corrected) - CHANGES_IN_A_SENTENCE
    more = [f"dan {format_number(rest)} isian lain"] if rest > 0 else []
    return "meralat " + "; ".join([*(_change_words(*change) for change in changes), *more])


def _change_words(label: str, old: str, new: str) -> str:
    name = in_a_sentence(label) if label[1:2].islower() else label
    return f"{name}: {_old_to_new(old, new, CHANGE_LENGTH)}"


def _old_to_new(old: str, new: str, most: int) -> str:
    """“Siti” menjadi “Siti Aminah”; both masked, each shortened to `most` letters."""
    old, new = shorten_text(masked_words(old), most), shorten_text(masked_words(new), most)
    before = f"“{old}”" if old else "belum diisi"
    return f"{before} menjadi “{new}”" if new else f"{before} dikosongkan"


def shorten_text(text: str, most: int = 90) -> str:
    """The beginning of a long text, cut at a space."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


def history_entries(
    events: list[Event], user: User, *, digests: bool = True, seals: dict[int, Seal] | None = None
) -> list[HistoryEntry]:
    """Entries in words, their bodies decrypted; pass only entries that the user may see, and the cases' seals if at
    hand."""
    opened = bodies(events, seals or open_seals({e.complaint_id for e in events if e.complaint_id}))
    filled = without_hidden_cases((in_order(opened[event.id]) for event in events), user)
    return [
        _history_entry(
            event, act_words(event, opened[event.id], together(event, user)), opened[event.id], blanks, digests
        )
        for event, blanks in zip(events, filled, strict=True)
    ]


def _history_entry(
    event: Event, done: str, body: Mapping[str, Any], filled: Mapping[str, Any], digests: bool
) -> HistoryEntry:
    blanks = {label: _old_to_new(old, new, WHOLE) for label, old, new in body.get("corrected", ())}
    blanks |= {label: masked_words(value_in_words(value)) for label, value in filled.items()}
    touched = body.get("touched") or body.get("fields")
    if touched:
        blanks["Isian"] = value_in_words(touched)
    if pieces := body.get("evidence"):
        blanks["Bukti"] = "; ".join(_piece_words(piece, digests) for piece in pieces)
    return HistoryEntry(event, format_moment(event.at), f"{event.who} {done}", done, blanks)


def _piece_words(piece: Mapping[str, Any], digests: bool) -> str:
    """A piece of evidence: its name, its size or storage place, and its digest for comparison."""
    name = masked_words(piece["name"])
    if place := piece.get("place"):
        return f"{name} (di luar panel, disimpan di {masked_words(place)})"
    digest = f", SHA-256 {piece['sha256']}" if digests else ""
    return f"{name} ({format_size(piece['size'])}{digest})"


def where_is_it(case: Case, unit: str, original: str = "") -> str:
    """The state for the pengadu, without names; `original`: the duplicated complaint's number, if it may be named."""
    c = case.complaint
    # an imported case without a number is called by the medium's reference, which the pengadu knows
    has_reference_only = str(c.number).startswith(STAND_IN) and c.medium_ref
    name = f"{c.medium.name} {c.medium_ref}" if has_reference_only else f"nomor {c.number}"
    begun = f"Pengaduan {name} diterima {format_date(c.received_at)}"
    if c.state in vocabulary().open_states:
        deadline = binding_deadline(c)
        promise = f"{in_a_sentence(deadline.clock.ends)} {deadline.words}"
        limit = "sedang diselesaikan secepatnya" if case.at > deadline.due else promise  # no date that has passed
        return f"{begun}, sekarang {_awaited_words(c, unit)}, {limit}."
    if c.elsewhere and not c.duplicate_of_id:
        return f"{begun}, {_elsewhere_words(c)}."
    ended = f"{begun}, {_ended_words(c, original)} sejak {format_date(c.closed_at or c.state_since)}."
    return f"{ended} {result_words(case)}".rstrip()


def result_words(case: Case) -> str:
    """The result of the case, from its latest record that states one; "" if none does."""
    latest = sorted(case.records.values(), key=lambda record: record.made_at, reverse=True)
    return masked_words(next((words for record in latest if (words := RECORDS[record.key].result(record.blanks))), ""))


def _ended_words(c: Complaint, original: str) -> str:
    if c.duplicate_of_id:
        return f"ditangani bersama pengaduan {original or 'lain yang lebih dahulu masuk'}"
    return "telah selesai ditangani" if c.state == CLOSED else f"berstatus {c.state_label.lower()}"


def _elsewhere_words(c: Complaint) -> str:
    """The state of an imported case that was handled outside the panel."""
    answer = {
        ANSWERED: f"dijawab {format_date(c.closed_at)}",
        UNDATED: "dijawab; tanggal jawabannya tidak tercatat di panel",
        UNANSWERED: "jawabannya belum tercatat di panel",
    }[c.elsewhere]
    if c.state == OUTSIDE:
        return f"telah selesai ditangani di luar panel, {answer}"
    whose = c.institution.name if c.institution_id else "instansi lain"
    return f"menjadi urusan {whose}, {answer}"


def _awaited_words(c: Complaint, unit: str) -> str:
    words, step = in_a_sentence(c.state_label), c.procedure.transitions.get(c.state)
    if step is None or step.actor not in LANES:
        return words
    return f"{words} oleh {unit if step.actor == BIDANG and unit else LANES[step.actor]}"
