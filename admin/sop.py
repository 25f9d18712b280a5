"""The SOP on screen, made from the procedure table: the signed sheet, the acts of each row, and the detours."""

from dataclasses import dataclass, replace

from flask import Response, url_for

from admin.desk.queues import filtered_list_url, queue_url
from admin.door.flaskadmin import PageView
from admin.door.gate import PRINTS, READS, expose
from admin.door.rows import signed_in
from admin.lists.export import pdf_response
from admin.papers import drafts
from models.complaint import scope
from models.complaint.codes import with_code
from models.demo.demo import is_demo
from models.office import decree
from models.office.identity import sop_head, with_gaps
from models.office.people import post_name, posts_by_unit, today
from models.office.settings import letterhead, values
from models.records.registry import RECORDS
from models.store.base import now
from papers.layout.sopsheet import sop_sheet
from papers.printing import press
from sop.access import lanes
from sop.chart import detours
from sop.flow import current_procedure
from sop.procedure import LANES, Head, Row, Transition, is_draft
from sop.words import spoken_title


@dataclass(frozen=True)
class Mark:
    """One act in its lane: its number in the whole table, and the direction of the next one."""

    no: int
    label: str
    arrow: str
    leads: str
    outer: bool = False  # the first or the last act, drawn rounded as in flow charts


@dataclass(frozen=True)
class SheetRow:
    """A row of the sheet on screen: the printed columns, the marks in each lane, and when its clock starts."""

    no: int
    row: Row
    lanes: list[list[Mark]]
    counts: str


@dataclass(frozen=True)
class ActOfRow:
    """An act of a row: actor, record, issued papers, and the addresses of its queue and page."""

    step: Transition
    actor: str
    record: str
    queue: str
    begin: str
    issued: list[tuple[str, str]]  # papers: title, address


def marks_by_key() -> dict[str, Mark]:
    """Each act of the main line as a numbered mark, by its key."""
    lanes, line = list(LANES), current_procedure().main_line
    by_key = {}
    for number, (step, after) in enumerate(zip(line, [*line[1:], None], strict=True), 1):
        if after is None:
            arrow, leads = "■", "selesai"
        elif step.actor == after.actor:
            arrow, leads = "↓", f"lalu tetap pada {LANES[after.actor]}"
        else:
            arrow = "→" if lanes.index(after.actor) > lanes.index(step.actor) else "←"
            leads = f"lalu ke {LANES[after.actor]}"
        by_key[step.key] = Mark(number, step.label, arrow, leads, after is None or step is line[0])
    return by_key


def sheet_rows() -> list[SheetRow]:
    marks = marks_by_key()
    return [
        SheetRow(
            number,
            row,
            [[marks[t.key] for t in row.transitions if t.actor == lane] for lane in LANES],
            COUNTS.get(row.counts_from, ""),
        )
        for number, row in enumerate(current_procedure().rows, 1)
    ]


COUNTS = {
    "form": "Jam dihitung sejak formulir dibuka.",
    "row": "Jam dihitung sejak langkah sebelumnya selesai.",
    "attempt": "Jam dihitung sejak pengadu berhasil dihubungi; sebelumnya tercatat sebagai menunggu.",
}


def acts_by_row() -> list[list[ActOfRow]]:
    """The acts of each row in this panel."""
    return [[_act(t) for t in row.transitions] for row in current_procedure().rows]


def _act(step: Transition) -> ActOfRow:
    record = RECORDS.get(step.record)
    return ActOfRow(
        step,
        LANES[step.actor],
        record.title if record else "",
        queue_url(step.key) if not current_procedure().is_receive(step) and _sees_cases() else "",
        url_for("pengaduan.create_view") if current_procedure().is_receive(step) and _is_own(step) else "",
        [(p.title, papers_url(p.key)) for p in step.papers] if _sees_cases() else [],
    )


def _is_own(step: Transition) -> bool:
    """Whether the step belongs to the user's roles."""
    return bool(lanes(step) & scope.viewer(signed_in()).lanes)


def papers_url(kind: str) -> str:
    """The address of the list of issued papers of one kind."""
    return filtered_list_url("dokumen", kind=kind)


def _sees_cases() -> bool:
    return scope.may_open(signed_in(), "pengaduan")


def officials() -> list[tuple[str, str]]:
    """(title, name) of the heads of office and units today, acting ones with span and decree."""
    acting = {row.division_id: row for row in decree.in_force(today())}
    today_in_post = []
    for unit, signers in posts_by_unit(today()).items():
        for signer in signers:
            deputy = acting.get(unit)
            decree_words = deputy and deputy.user_id == signer.user and f", {deputy.span} ({deputy.decree})"
            today_in_post.append((spoken_title(signer.title), f"{signer.name}{decree_words or ''}"))
    return today_in_post


def head_of_sheet() -> Head:
    """The head of the sheet as signed; without a signed sheet, with today's head of office as signer."""
    head = sop_head(with_gaps(values()))
    if head.approved_title:
        return head
    chiefs = posts_by_unit(today()).get(None)
    if not chiefs:
        return replace(head, approved_title=post_name(None))
    signer = chiefs[0].printed
    return replace(
        head,
        approved_title=spoken_title(signer["title"]),
        approved_name=signer["name"],
        approved_rank=signer["pangkat"],
        approved_nip=signer["nip"],
    )


def notes_for_revision() -> list[tuple[int, str]]:
    """Catatan untuk revisi SOP: known errors of the signed sheet, by row."""
    return [(number, row.note) for number, row in enumerate(current_procedure().rows, 1) if row.note]


class SopView(PageView):
    """/sop/: the sheet, for all users."""

    noun, cost = "sop", READS

    @expose("/")
    def index(self) -> str:
        sheet = {
            "head": head_of_sheet(),
            "lanes": LANES,
            "sheet": sheet_rows(),
            "draft": is_draft(),
            "notes": notes_for_revision(),
        }
        emblem = drafts.emblem_address(letterhead(values())["emblem"])
        return self.render(
            "admin/sop.html", acts=acts_by_row(), detours=detours(), officials=officials(), emblem=emblem, **sheet
        )

    @expose("/lembar.pdf", cost=PRINTS)
    def sheet(self) -> Response:
        """The sheet as PDF, printed for each request; equal content gives equal bytes."""
        settings = values()
        content = sop_sheet(size=settings["paper.size"], demo=is_demo(), head=head_of_sheet())
        content["office"]["emblem"] = letterhead(settings)["emblem"]
        if not content["paper"]["draft"]:
            content = with_code(content, about=content["paper"]["number"], by=signed_in(), at=now())
        return pdf_response(press.unissued_pdf(content), "lembar-sop.pdf")


def views() -> list[PageView]:
    return [SopView("SOP", endpoint="sop", url="/sop")]
