"""The berkas of one case, persons of exported cases, and papers that could not be printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any, NamedTuple

import peewee as pw

from models.case import attachments
from models.case.access_notes import is_secret
from models.case.case import Case
from models.case.content_parts import frame
from models.complaint.complaint import PERSONS, Complaint, Person, name_stand_in
from models.complaint.event import open_seals
from models.complaint.lookup import may_find, may_look_up
from models.complaint.paper import (
    Attachment,
    Content,
    Paper,
    PaperToReprint,
    PaperVoid,
    PrintFailure,
    content_of,
    latest,
    void_note,
)
from models.complaint.scope import Viewer, openable, shape, visible
from models.office.contacts import masked_text
from models.reading.figures import OBJECTION
from models.records.main_line import WITHOUT_RECEIVER
from models.store import prepared
from models.store.base import labels_of
from models.store.seal import Seal
from models.workflow import marks
from sop.access import SECRECY, writes
from sop.vocabulary import CLOSED as ENDED
from sop.vocabulary import vocabulary
from sop.words import day_of, format_date, format_number, format_span

MOST_LISTED = 1_000  # above it the page says "lebih dari"
NOUN = "cetak-ulang"  # roles that write it reprint all papers, others only those that they issued


@dataclass
class FailedPapers:
    """Papers of one kind that failed for one reason, and the time of the next retry."""

    kind: str
    reason: str
    again_at: datetime | None  # earliest of the group
    count: int = 0

    @property
    def title(self) -> str:
        return vocabulary().papers[self.kind].title


def may_reprint_all(who: Viewer) -> bool:
    """Whether the user may have every paper reprinted, without reading any."""
    return writes(who.user.role, NOUN)


def own_failed_papers(who: Viewer) -> Any:
    """The failed papers that the user may have reprinted: those that he issued and may read; all of them for users who
    maintain the panel, who read none."""
    failed = Paper.id.in_(PaperToReprint.select(PaperToReprint.paper))
    if may_reprint_all(who):
        return Paper.select().where(failed)
    return visible(who.user, Paper, who).where(failed & (Paper.issued_by == who.user))


def failed_papers_by_kind(who: Viewer) -> list[FailedPapers]:
    """The user's failed papers grouped by kind and reason. One query."""
    groups: dict[tuple[str, str], FailedPapers] = {}
    for kind, why, at in prepared.run(("failed_papers", *shape(who)), lambda: _failed_papers(who)):
        first = FailedPapers(kind, why, PaperToReprint.again_at.python_value(at))
        groups.setdefault((kind, why), first).count += 1
    return list(groups.values())


def _failed_papers(who: Viewer) -> Any:
    reason = latest(PrintFailure, PrintFailure.reason)
    again = PaperToReprint.select(PaperToReprint.again_at).where(PaperToReprint.paper == Paper.id)
    rows = own_failed_papers(who).select(Paper.kind, reason.alias("reason"), again.alias("again_at"))
    return rows.order_by(pw.SQL("again_at"), Paper.id).limit(MOST_LISTED + 1).tuples()


REASONS = {
    "report": "Laporan yang diminta pimpinan",
    "match": "Mencocokkan dengan data penerima layanan",
    "visit": "Menghubungi atau mengunjungi banyak orang",
    "authority": "Permintaan instansi yang berwenang",
}
PARTS = {  # exported columns of a person: the kind of number by which the user must be allowed to find persons
    "nik": "nik",
    "safe_contact": "phone",
    "phone": "phone",
    "address": "nik",
}
DO_NOT_CALL = "Jangan ditelepon."


class Rights(NamedTuple):
    """What the user may read unmasked in one case."""

    phone: bool
    nik: bool
    anonymous: bool


def may_take(who: Viewer) -> bool:
    """Whether the user may read more than names of the persons of any case."""
    return any(may_look_up(who, kind) for kind in set(PARTS.values()))


def identity_heads() -> list[str]:
    """The column headings of `identities`."""
    labels = labels_of(Person)
    names = [labels[part] for part in ("name", *PARTS)]
    return [f"{label.partition(' (')[0]}: {name}" for label in PERSONS.values() for name in names]


def identities(ids: Sequence[int], who: Viewer) -> dict[int, list[str]]:
    """The cells of each of these cases: all its persons, with masked values where the user has no right."""
    asked = (may_find(who, "phone").alias("p"), may_find(who, "nik").alias("n"), Complaint.anonymous)
    rows = Complaint.select(Complaint.id, *asked).where(Complaint.id.in_(list(ids))).tuples()
    rights = {case: Rights(*map(bool, rest)) for case, *rest in rows}
    seals = open_seals(ids)
    people = {(p.complaint_id, p.kind): p for p in Person.select().where(Person.complaint.in_(list(ids)))}
    return {
        case: [
            cell for kind in PERSONS for cell in _cells(people.get((case, kind)), seals.get(case), rights[case], kind)
        ]
        for case in rights
    }


def _cells(person: Person | None, seal: Seal | None, rights: Rights, kind: str) -> list[str]:
    if person is None or seal is None:
        return [""] * (1 + len(PARTS))
    cells = [person.name or name_stand_in(anonymous=kind == "pengadu" and rights.anonymous, secret=False)]
    for part, number_kind in PARTS.items():
        text = seal.open_text(f"{person.kind}.{part}", getattr(person, part))
        cell = text if getattr(rights, number_kind) else masked_text(part, text)
        warning = DO_NOT_CALL if part == "safe_contact" and person.do_not_call else ""
        cells.append(" ".join(filter(None, (warning, cell))))
    return cells


MOST_OF_PLACES = 160  # characters on the cover, which is one page
KEY, TITLE = "daftar_isi_berkas", "Daftar Isi Berkas"
CLOSED = "Tertutup: identitas lengkap di dalamnya hanya dibuka petugas dan pelaksana"
LEFT_OUT = "Tidak disertakan: {}"
LATE = "Dilampirkan setelah penanganan berakhir"
HANDED, NOTED = "Diserahkan menurut {}", "Dicatat saat diterima"
NO_PLACE = "{}: {} – tempat penyimpanan tidak dicatat."
RECEIPT, WHOLE, SHORT = "tanda_terima", "berita_acara", "Berita Acara"
NAMES = "Memuat nama pengadu"
QUOTED = "dari {}"
REPLACED = "Diganti dengan nomor\u00a0urut\u00a0{}"
Part = Paper | Attachment
Spans = Mapping[Part, tuple[int, int] | str]  # first and last page of each part, or the reason why it is left out


@dataclass(frozen=True)
class CaseFile:
    """The parts of a berkas; `closed` are ids of papers that the user may not open, `outside` is evidence not stored
    in the panel."""

    case: Case
    seal: Seal
    papers: list[Paper]
    closed: frozenset[int]
    pieces: list[Attachment]
    outside: list[Attachment]

    @classmethod
    def of(cls, case: Case) -> "CaseFile":
        number = case.complaint.id
        papers = list(Paper.select().where(Paper.complaint == number).order_by(Paper.id))
        mine = {paper.id for paper in openable(case.user, papers)}
        evidence = attachments.evidence_of([number])[number]
        return cls(
            case,
            open_seals([number])[number],
            papers,
            frozenset(p.id for p in papers if p.id not in mine),
            [piece for piece in evidence if piece.path],
            [piece for piece in evidence if not piece.path],
        )

    @property
    def open_papers(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.id not in self.closed]

    def index(self, spans: Spans, pages: int, blank: int = 0) -> Content:
        """The content of cover and index; `pages` are those of the whole berkas, of which so many are blank."""
        c, notes = self.case.complaint, self._notes()
        about_sheet = frame(KEY, TITLE, at=self.case.at, demo=bool(self.case.settings.get("site.demo")))
        spans = {**spans, **{paper: CLOSED for paper in self.papers if paper.id in self.closed}}
        papers = [
            {
                "title": _printed_title(p.kind),
                "number": self._number(p),
                "date": p.issued_at.isoformat(),
                **_pages(spans[p], notes[p.id]),
            }
            for p in self.papers
        ]
        evidence = [
            {"title": one.name, "number": "", "date": one.added_at.isoformat(), **_pages(spans[one], self._late(one))}
            for one in self.pieces
        ]
        return {
            **about_sheet,
            "papers": papers,
            "evidence": evidence,
            "ran_under": self._procedures(),
            "outside": [{"title": p.name, "place": p.place, "note": "".join(self._late(p))} for p in self.outside],
            "handed": self._handed(),
            "register": c.number,
            "subject": c.title,
            "category": self.case.category.name,
            "state": self._state(),
            "ended_at": c.closed_at.isoformat() if c.closed_at else "",
            "secrecy": SECRECY[c.secrecy],
            "secret": c.secrecy == "rahasia",
            "period": self._period(),
            "rounds": c.round,
            "blank": blank,
            "cover": self._cover(spans, pages, blank),
        }

    def _cover(self, spans: Spans, pages: int, blank: int) -> Content:
        """What the cover says: of a rahasia case nothing of its matter, because others than its readers see it."""
        c, places = self.case.complaint, marks.filing_places_of([paper.id for paper in self.papers])
        named = (filed.place for filed in places.values() if filed)
        return {
            "subject": "" if is_secret(c) else c.title,
            "category": "" if is_secret(c) else self.case.category.name,
            "unit": "" if is_secret(c) or not c.unit_id else c.unit.name,
            "code": self.case.settings["number.class"],
            "holds": self._holds(spans, pages, blank),
            "places": shorten("; ".join(dict.fromkeys(named)), MOST_OF_PLACES, placeholder=" …"),
            "taker": self.case.user.name,
        }

    def _holds(self, spans: Spans, pages: int, blank: int) -> str:
        """How much there is in the berkas, and how much of the case is not."""
        words = ((self.papers, "dokumen"), (self.pieces, "bukti"))
        of = [(word, len(parts), sum(isinstance(spans[part], str) for part in parts)) for parts, word in words]
        inside = [(count - lacking, word) for word, count, lacking in of]
        inside.append((pages - blank, "halaman berisi" if blank else "halaman"))
        said = _counted([*inside, (blank, "halaman kosong")])
        outside = " dan ".join(_counted([(lacking, word) for word, _, lacking in of]))
        return ", ".join(said) + (f"; {outside} tidak disertakan" if outside else "")

    def _number(self, paper: Paper) -> str:
        """A paper's number; an excerpt has none of its own but that of what it is from."""
        whole = [p.number for p in self.papers if p.kind == WHOLE and p.round == paper.round and p.id < paper.id]
        return QUOTED.format(whole[-1]) if whole and vocabulary().papers[paper.kind].secret_only else paper.number

    def _late(self, piece: Attachment) -> list[str]:
        """The remark on evidence that was added after the end of the case."""
        ended = self.case.complaint.closed_at
        return [LATE] if ended and piece.added_at > ended else []

    def _handed(self) -> str:
        """The evidence noted when the complaint was received, without a place; a rahasia case's receipt omits it."""
        c, kinds = self.case.complaint, {paper.kind for paper in self.papers}
        if self.seal.is_gone or not c.evidence:
            return ""
        is_on_receipt = RECEIPT in kinds and not is_secret(c)
        how = HANDED.format(vocabulary().papers[RECEIPT].title) if is_on_receipt else NOTED
        return NO_PLACE.format(how, c.evidence.strip().removesuffix("."))

    def _state(self) -> str:
        """The state, with what an end is without it: an objection, the other case, of an open case the institution."""
        c, label = self.case.complaint, self.case.complaint.state_label
        if c.state == ENDED and self.case.blanks_in_force("berita_acara").get("outcome") == OBJECTION:
            return f"{label}, dengan keberatan pengadu"
        if c.duplicate_of_id:
            original = visible(self.case.user, Complaint, self.case.who).where(Complaint.id == c.duplicate_of_id)
            return " dari nomor register ".join([label, *(one.number for one in original)])
        institution = self.case.blanks_in_force("forwarding").get("institution")
        return f"{label} kepada {institution}" if institution and not is_secret(c) else label

    def _period(self) -> str:
        """From the receipt of the complaint, if it has ended to the last of what the berkas holds."""
        c, ended = self.case.complaint, self.case.complaint.closed_at
        added = [*(p.issued_at for p in self.papers), *(p.added_at for p in (*self.pieces, *self.outside))]
        return format_span(day_of(c.received_at), max(map(day_of, (ended, *added))) if ended else None)

    def _procedures(self) -> list[str]:
        """Number and revision of the SOPs named on the papers: the case may have continued under a newer one."""
        sops = [] if self.seal.is_gone else [content_of(paper, self.seal)["sop"] for paper in self.papers]
        named = dict.fromkeys(", revisi ".join(filter(None, (s["number"], s["revision"]))) for s in sops)
        return [name for name in named if name]

    def _notes(self) -> dict[int, list[str]]:
        """Remarks on each paper by id: void, signed, filed."""
        ids = [paper.id for paper in self.papers]
        void = dict(PaperVoid.select(PaperVoid.paper, PaperVoid.reason).where(PaperVoid.paper.in_(ids)).tuples())
        signatures, filed = marks.signatures_on(self.papers), marks.filing_places_of(ids)
        naming = {paper.id for paper in self.papers if self._names_pengadu(paper)}
        replaced = self._replaced([paper for paper in self.papers if paper.id not in void])
        notes = {}
        for number in ids:
            stood = [NAMES] * (number in naming) + replaced.get(number, [])
            signed = [
                f"Ditandatangani {s.signer}, {format_date(s.signed_on)}" for s in signatures[number].values() if s
            ]
            place = [f"Kertasnya di {filed[number].place}"] if filed.get(number) else []
            notes[number] = [*([void_note(void[number])] if void.get(number) else []), *stood, *signed, *place]
        return notes

    def _names_pengadu(self, paper: Paper) -> bool:
        """Whether this is the paper of a rahasia case that names the pengadu: its parties have names."""
        if paper.kind != WHOLE or self.seal.is_gone or not is_secret(self.case.complaint):
            return False
        content = content_of(paper, self.seal)
        is_told = content["records"][WHOLE]["codes"].get("outcome") not in WITHOUT_RECEIVER
        return is_told and not content["complaint"]["anonymous"]

    def _replaced(self, valid: list[Paper]) -> dict[int, list[str]]:
        """The remark on each paper that was issued again in its round: of several the last one counts."""
        last = {(paper.kind, paper.round): paper for paper in valid}
        newer = {paper.id: last[paper.kind, paper.round] for paper in valid}
        return {
            number: [REPLACED.format(self.papers.index(paper) + 1)]
            for number, paper in newer.items()
            if paper.id != number
        }


def _printed_title(kind: str) -> str:
    """A paper's title as it stands on it: the excerpt of a Berita Acara has the whole title of that one."""
    kinds = vocabulary().papers
    title = kinds[kind].title
    return f"{title}{kinds[WHOLE].title.removeprefix(SHORT)}" if kinds[kind].secret_only else title


def _pages(span: tuple[int, int] | str, notes: list[str]) -> dict[str, str]:
    if isinstance(span, str):
        notes, pages = [span if span == CLOSED else LEFT_OUT.format(span), *notes], "–"
    else:
        first, last = span
        pages = str(first) if first == last else f"{first}–{last}"
    return {"pages": pages, "note": " ".join(f"{note.removesuffix('.')}." for note in notes)}


def _counted(counts: Sequence[tuple[int, str]]) -> list[str]:
    return [f"{format_number(count)}\u00a0{word}" for count, word in counts if count]
