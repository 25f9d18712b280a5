"""A paper of a new kind: a short template of its own, nothing else."""

import io

import pytest
from jinja2 import ChoiceLoader, DictLoader
from pypdf import PdfReader

from models.records.in_words import FORMAT
from papers.layout import page
from papers.printing.render import pdf
from tests.papers.contents import OFFICER, content, record

TEMPLATE = """
{% extends "papers/_page.html" %}
{% import "papers/_parts.html" as parts %}
{% block body %}
{{ parts.heading(paper) }}
{{ parts.subject(complaint, persons) }}
{{ parts.blanks(records.survey) }}
{{ parts.signatures(right=signer) }}
{% endblock %}
"""


def test_a_short_template_prints_every_blank_of_a_new_record(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = page._environment(FORMAT)
    monkeypatch.setattr(
        environment, "loader", ChoiceLoader([DictLoader({"papers/survei.html": TEMPLATE}), environment.loader])
    )
    blanks = {"kepuasan": "Puas", "saran": "Lebih cepat. " * 60, "hadir": ["Rina", "Budi"], "ulang": True, "kosong": ""}
    frozen = content(
        "tanda_terima",
        paper={"key": "survei", "title": "Survei Kepuasan"},
        records={"survey": record("Survei", OFFICER, "2026-11-24T09:50:00+07:00", blanks, {})},
    )
    reader = PdfReader(io.BytesIO(pdf(frozen)))
    text = "".join("".join(p.extract_text() for p in reader.pages).split())
    assert "SURVEIKEPUASAN" in text
    for pair in ("Kepuasan:Puas", "Hadir:Rina;Budi", "Ulang:Ya", "Kosong:–"):
        assert pair in text
    assert text.count("Lebihcepat.") == 60


def test_a_paper_may_set_its_own_margins(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = page._environment(FORMAT)
    wide = TEMPLATE.replace('{% import "papers', '{% set margins = (55, 20, 23, 7) %}{% import "papers', 1)
    loader = ChoiceLoader([DictLoader({"papers/survei.html": wide}), environment.loader])
    survey = record("Survei", OFFICER, "2026-11-24T09:50:00+07:00", {"kepuasan": "Puas"}, {})
    frozen = content("tanda_terima", paper={"key": "survei", "title": "Survei Kepuasan"}, records={"survey": survey})
    with monkeypatch.context() as patch:
        patch.setattr(environment, "loader", loader)
        assert "left: 55mm" in page.html(frozen)
