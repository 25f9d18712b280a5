"""Performs the demo's plans in chronological order, equal acts in one call; any refusal is an error."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperToSign
from models.complaint.scope import viewer
from models.demo.files import PUBLISH, STAGE, pieces, workbook
from models.demo.plan import Plan, PlannedAct
from models.demo.steps import is_unplanned, with_required_acts
from models.imports.batches import WHEN_RAISED, ImportBatch, store_topics, topic_key
from models.imports.columns import LAPOR
from models.imports.publishing import begin, publish
from models.imports.stage import stage
from models.office.calendar import clock
from models.office.lists import Category
from models.office.people import User
from models.store.base import canonical
from models.workflow import intake, marks, workflow
from sop.words import day_of


class DemoRefused(RuntimeError):
    """A planned act was refused: the plan does not fit the procedure."""

    def __init__(self, act: PlannedAct, sentences: Iterable[str]) -> None:
        super().__init__(f"{act.key} oleh {act.by} pada {act.at:%d-%m-%Y %H.%M}: {' '.join(sentences)}")


def perform(plans: Sequence[Plan], users: dict[str, User]) -> None:
    """Perform all acts of the plans, and acts that the table requires in between."""
    office = clock()
    rows = []
    for n, plan in enumerate(plans):
        for act in with_required_acts(plan, office):
            blanks = {name: each.acts[0].at if isinstance(each, Plan) else each for name, each in act.blanks.items()}
            rows.append(((act.at, act.key, act.by, canonical([blanks, act.evidence])), n, act))
    # Acts with equal keys are performed in one transaction.
    for _, same in groupby(sorted(rows, key=lambda row: row[:2]), key=lambda row: row[0]):
        together = list(same)
        group, act = [plans[n] for _, n, _ in together], together[0][2]
        deed = OTHER_ACTS.get(act.key) or (_advance if group[0].id else _receive)
        deed(act, group, users)


def _receive(act: PlannedAct, plans: list[Plan], users: dict[str, User]) -> None:
    for plan in plans:
        done = intake.receive(
            by=users[act.by],
            data=plan.data,
            persons=plan.persons,
            opened_at=plan.opened_at,
            at=act.at,
            pieces=pieces(act.evidence),
        )
        if not done.done:
            raise DemoRefused(act, done.refused.values())
        plan.id = done.done[0]


def _advance(act: PlannedAct, plans: list[Plan], users: dict[str, User]) -> None:
    blanks = {name: _stored_value(value, users) for name, value in act.blanks.items()}
    done = workflow.advance(
        [p.id for p in plans], act.key, by=users[act.by], at=act.at, pieces=pieces(act.evidence), blanks=blanks
    )
    # A case may await an act that no plan has, as with an additional row in the table: it stays there.
    refused = done.refused.items()
    if sentences := [why for case, why in refused if not is_unplanned(Complaint.get_by_id(case).state)]:
        raise DemoRefused(act, sentences)


def _sign_papers(act: PlannedAct, plans: list[Plan], users: dict[str, User]) -> None:
    """Record all papers that await a signature as signed."""
    waiting = PaperToSign.select(PaperToSign.paper)
    papers = Paper.select().where(Paper.complaint.in_([p.id for p in plans]) & Paper.id.in_(waiting))
    refused = marks.sign(list(papers.order_by(Paper.id)), by=users[act.by], on=day_of(act.at), at=act.at)
    if refused:
        raise DemoRefused(act, refused.values())


def _stage_files(act: PlannedAct, plans: list[Plan], users: dict[str, User]) -> None:
    """Stage the files: their rows are parsed and checked, not published."""
    by, ids = viewer(users[act.by]), {category.code: category.id for category in Category.select()}
    for plan in plans:
        store_topics(LAPOR.key, {topic_key(topic): ids[code] for topic, code in plan.data["topics"].items()})
        file = workbook(plan.data["rows"], act.at.date())
        plan.id = stage(file, plan.data["file"], LAPOR, "WIB", by, act.at).id


def _publish_files(act: PlannedAct, plans: list[Plan], users: dict[str, User]) -> None:
    """Publish the staged files as proposed."""
    for plan in plans:
        batch = ImportBatch.get_by_id(plan.id)
        if refusal := begin(batch, by=users[act.by], at=act.at, numbering=WHEN_RAISED):
            raise DemoRefused(act, [refusal])
        publish(plan.id)


OTHER_ACTS = {
    # not transitions of the table
    marks.SIGNED: _sign_papers,
    STAGE: _stage_files,
    PUBLISH: _publish_files,
}


def _stored_value(value: Any, users: dict[str, User]) -> Any:
    """Replace plans by their register number and, in lists, user names by ids."""
    if isinstance(value, Plan):
        return Complaint.get_by_id(value.id).number
    return [users[name].id if name in users else name for name in value] if isinstance(value, list) else value
