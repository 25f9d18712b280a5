"""What a blank is called stands in one place: in the models, for screens as for paper."""

import re
from pathlib import Path

import pytest

from models.case.sheets import blank_form
from models.complaint.complaint import Complaint, Person
from models.store.base import labels_of
from papers.layout.page import html
from sop.clock import WIB
from tests.office import MONDAY, Office
from tests.papers.contents import content, person

ROOT = Path(__file__).parents[2]
ALIKE = {"Nama", "NIK"}  # words of other things, too


def test_the_printed_form_has_the_labels_of_the_screens(office: Office) -> None:
    page = html(content("form_pengaduan", persons={"pengadu": dict.fromkeys(person(), "x")}))
    asked = html(blank_form(at=MONDAY.astimezone(WIB), demo=False))
    for name in ("relation", "group", "safe_contact", "kelurahan", "address", "domicile", "phone", "email", "job"):
        assert labels_of(Person)[name] in page
        assert labels_of(Person)[name] in asked
    assert labels_of(Complaint)["law_class"] == "Klasifikasi pengaduan"
    assert labels_of(Complaint)["law_class"] in page


PLACES = [
    *(ROOT / "templates" / "papers").glob("form*.html"),
    *(ROOT / "admin" / "case").glob("*.py"),
    ROOT / "papers" / "layout" / "phrases.py",
    ROOT / "models" / "reading" / "casefile.py",
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_no_name_of_a_blank_of_a_person_is_typed_a_second_time(place: Path) -> None:
    typed = set(re.findall(r'"([^"\n]+)"', place.read_text(encoding="utf-8")))
    assert not typed & set(labels_of(Person).values()) - ALIKE
