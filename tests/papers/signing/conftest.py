"""Issued papers whose signatures are awaited."""

import pytest

from models.complaint.paper import Paper
from papers.printing import press
from sop.vocabulary import CLOSED
from tests.office import Office


@pytest.fixture
def papers(office: Office) -> list[Paper]:
    office.bring(office.receive(3), CLOSED)
    issued = [*Paper.select().where(Paper.kind == "nota_dinas").order_by(Paper.id)]
    for paper in issued:
        press.pdf_of(paper.id)
    return issued
