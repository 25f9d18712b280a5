"""The berkas of one case: its papers and evidence, as far as the person may open them, and what its index says."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.case import attachments
from models.case.case import Case
from models.content.unkept import frame
from models.store.seal import Seal
from models.tables.attachment import Attachment
from models.tables.event import open_seals
from models.tables.paper import Content, Paper, PaperVoid, content_of
from models.tables.scope import openable
from models.writer import marks
from sop.access import SECRECY
from sop.flow import PAPERS
from sop.words import format_date

KEY, TITLE = "daftar_isi_berkas", "Daftar Isi Berkas"
CLOSED = "Memuat identitas dan kontak; tidak disertakan karena tidak terbuka bagi yang mengambil berkas ini"
Part = Paper | Attachment
Spans = Mapping[Part, tuple[int, int] | str]  # the pages of each part, or why it has none


@dataclass(frozen=True)
class CaseFile:
    """What goes into a berkas; `closed` are the papers that this person may not open, `outside` is kept elsewhere."""

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
            [one for one in evidence if one.path],
            [one for one in evidence if not one.path],
        )

    @property
    def open_papers(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.id not in self.closed]

    def index(self, spans: Spans) -> Content:
        """The content of the index page."""
        c, notes = self.case.complaint, self._notes()
        about_sheet = frame(KEY, TITLE, at=self.case.at, demo=bool(self.case.settings.get("site.demo")))
        spans = {**spans, **{paper: CLOSED for paper in self.papers if paper.id in self.closed}}
        papers = [
            {
                "title": PAPERS[p.kind].title,
                "number": p.number,
                "date": p.issued_at.isoformat(),
                **_pages(spans[p], notes[p.id]),
            }
            for p in self.papers
        ]
        evidence = [
            {"title": piece.name, "number": "", "date": piece.added_at.isoformat(), **_pages(spans[piece], [])}
            for piece in self.pieces
        ]
        return {
            **about_sheet,
            "papers": papers,
            "evidence": evidence,
            "ran_under": self._procedures(),
            "outside": [{"title": piece.name, "place": piece.place} for piece in self.outside],
            "register": c.number,
            "subject": c.title,
            "category": self.case.category.name,
            "state": c.state_label,
            "secrecy": SECRECY[c.secrecy],
            "secret": c.secrecy == "rahasia",
            "received_at": c.received_at.isoformat(),
            "rounds": c.round,
        }

    def _procedures(self) -> list[str]:
        """The SOP, number and revision, that each paper names: the case may have gone on under a newer one."""
        found = [] if self.seal.is_gone else [content_of(paper, self.seal)["sop"] for paper in self.papers]
        named = dict.fromkeys(", revisi ".join(filter(None, (s["number"], s["revision"]))) for s in found)
        return [name for name in named if name]

    def _notes(self) -> dict[int, list[str]]:
        """What became of each paper: void, signed, filed."""
        ids = [paper.id for paper in self.papers]
        void = dict(PaperVoid.select(PaperVoid.paper, PaperVoid.reason).where(PaperVoid.paper.in_(ids)).tuples())
        hands, filed = marks.hands_on(self.papers), marks.shelves_of(ids)
        return {
            number: [f"Batal: {reason}" for reason in [void.get(number)] if reason]
            + [f"Ditandatangani {s.signer}, {format_date(s.signed_on)}" for s in hands[number].values() if s]
            + [f"Kertasnya di {f.place}" for f in [filed.get(number)] if f]
            for number in ids
        }


def _pages(span: tuple[int, int] | str, notes: list[str]) -> dict[str, str]:
    if isinstance(span, str):
        return {"pages": "–", "note": ". ".join([span, *notes])}
    first, last = span
    return {"pages": str(first) if first == last else f"{first}–{last}", "note": ". ".join(notes)}
