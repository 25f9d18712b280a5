"""The intake's page and its result: the order of talking, what the category decides, what is wanted, who is called."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from admin.intake.form import DATA_FIELDS
from models.case.blanks import record_of
from models.complaint.complaint import Complaint, Person
from models.complaint.paper import Attachment
from models.office.calendar import WorkHours
from models.office.lists import GROUPS, Category, Medium
from models.office.people import Division, today
from models.office.settings import Setting
from models.records.entry import WANTED, missing
from models.records.registry import RECORDS
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, words
from tests.office import COMMON, SECRET, UNSORTED, Office

At = Callable[[str], Visitor]
NIK, BORN = "9999015203850001", "12 Maret 1985"
_FIRST_RECORD = record_of(vocabulary().transitions[current_procedure().first])
SUGGESTS_A_UNIT = _FIRST_RECORD is not None and "unit" in _FIRST_RECORD._meta.fields
ORDER = (
    *("medium", "pengadu-name", "pengadu-phone", "story", "category", "asks", "pengadu-nik"),
    *("event_place", "evidence", "title"),
)


def posted(visitor: Visitor, *, follow: bool = True, **more: str) -> Any:
    import lxml.html

    page = visitor.get("/pengaduan/new/").text
    form = next(f for f in lxml.html.fromstring(page).forms if "story" in f.fields)
    ids = {"medium": str(Medium.get(code="loket").id), "category": category(UNSORTED)}
    usual = {**ids, "story": "Bantuan berhenti.", "pengadu-name": "Siti Maslikah"}
    fields = {**dict(form.form_values()), **usual, "do": "save", **more}
    return visitor.client.post("/pengaduan/new/", data=fields, follow_redirects=follow)


def drawn(page: str) -> Any:
    import lxml.html

    return next(f for f in lxml.html.fromstring(page).forms if "story" in f.fields)


def category(code: str) -> str:
    return str(Category.get(code=code).id)


def test_the_form_follows_the_order_in_which_people_talk(at: At, office: Office) -> None:
    page = at("petugas").get("/pengaduan/new/").text
    places = [page.index(f'name="{name}"') for name in ORDER]
    assert places == sorted(places)
    assert {name for name in DATA_FIELDS if f'name="{name}"' not in page} == set()


@pytest.mark.parametrize("do", ["fill", "save", "raise"])
@pytest.mark.parametrize("name", ["medium", "category", "kelurahan", *(["unit"] if SUGGESTS_A_UNIT else [])])
def test_a_row_that_cannot_be_is_no_choice(at: At, office: Office, do: str, name: str) -> None:
    petugas, before = at("petugas"), office.digest()
    for value in ("99999999999999999999", "-1", "1e3", "x"):
        answer = posted(petugas, do=do, **{name: value})
        assert answer.status_code == (200 if do == "fill" else 422), value
        assert "Bantuan berhenti." in answer.text, value
    assert office.digest() == before


@pytest.mark.parametrize("received_at", ["", "0026-11-24T10:00", "1900-01-01T10:00"])
def test_where_no_deadline_can_be_counted_a_sentence_says_so(at: At, office: Office, received_at: str) -> None:
    if not received_at:
        WorkHours.update(valid_to=today()).execute()
    answer = posted(at("petugas"), received_at=received_at)
    assert answer.status_code == 422
    assert "Jam kerja dinas" in words(answer.text) or "Tulis tahunnya" in words(answer.text)
    assert "Bantuan berhenti." in answer.text


def test_a_step_whose_deadline_cannot_be_counted_says_so_and_changes_nothing(at: At, office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "dispose")
    WorkHours.update(valid_to=today()).execute()
    before, version = office.digest(), Complaint.get_by_id(case).version
    unit = str(Division.get(code="REHSOS").id)
    answer = at("kadis").post("/pengaduan/langkah/dispose/", cases=f"{case}:{version}", unit=unit)
    assert answer.status_code == 409
    assert "Batas waktu tidak dapat dihitung" in words(answer.text)
    assert office.digest() == before


def test_the_media_stand_in_the_groups_of_the_sop_each_with_the_name_of_its_reference(at: At, office: Office) -> None:
    select = drawn(at("petugas").get("/pengaduan/new/").text).inputs["medium"]
    assert [group.get("label") for group in select.iter("optgroup")] == [label for _, label in GROUPS]
    references = {option.get("value"): option.get("data-reference") for option in select.iter("option")}
    assert all(references[str(m.id)] == m.reference_label for m in Medium.select())


@pytest.mark.only("sqlite")
def test_invisible_characters_are_not_stored_and_are_no_name(at: At, office: Office) -> None:
    petugas = at("petugas")
    assert "wajib" in words(posted(petugas, **{"pengadu-name": "\u200b\u202e\0"}).text)
    assert not Complaint.select().exists()
    more = {
        "story": "Bantuan\u202e\n\nberhenti.\0",
        "pengadu-name": "Siti\u200b\tMaslikah",
        "book_number": " 470/9\u200b ",
        "outside_what": "Rekaman\u202e",
        "outside_place": "Lemari\0 2",
    }
    posted(petugas, **more)
    case = Complaint.get()
    assert (case.story, case.number) == ("Bantuan\n\nberhenti.", "470/9")
    assert Person.get().name == "Siti Maslikah"
    assert (Attachment.get().name, Attachment.get().place) == ("Rekaman", "Lemari 2")


def test_each_category_carries_what_it_decides(at: At, office: Office) -> None:
    select = drawn(at("petugas").get("/pengaduan/new/").text).inputs["category"]
    attributes = {option.get("value"): dict(option.attrib) for option in select.iter("option")}
    for one in Category.select().where(Category.active):
        unit = one.emergency_unit
        expected = {
            "data-secrecy": one.secrecy,
            "data-urgency": one.urgency,
            "data-law-class": one.law_class,
            "data-title": one.title,
            "data-unit": str(one.unit_id or ""),
            "data-call": unit.name if unit else "",
        }
        assert expected.items() <= attributes[str(one.id)].items()


def test_without_script_the_panel_fills_in_the_values_of_category_and_nik_and_touches_nothing_typed(
    at: At, office: Office
) -> None:
    typed = {"category": category(SECRET), "urgency": "biasa", "pengadu-nik": NIK, "do": "fill"}
    answer = posted(at("petugas"), **typed)
    form, one = drawn(answer.text), Category.get(code=SECRET)
    assert answer.status_code == 200
    assert form.fields["secrecy"] == one.secrecy
    assert form.fields["urgency"] == "biasa"
    assert dict(form.fields).get("unit") == (str(one.unit_id) if SUGGESTS_A_UNIT else None)
    assert (form.fields["pengadu-birth"], form.fields["pengadu-sex"]) == (BORN, "P")
    again = drawn(posted(at("petugas"), **{**typed, "pengadu-birth": "Malang, 1 Mei 1990", "pengadu-sex": "L"}).text)
    assert (again.fields["pengadu-birth"], again.fields["pengadu-sex"]) == ("Malang, 1 Mei 1990", "L")
    assert not Complaint.select().exists()


def test_a_nik_never_blocks_and_saves_nothing_that_was_not_shown(at: At, office: Office) -> None:
    stories = ("Bantuan berhenti sejak Juli.", "Lampu jalan padam.", "Kartu ditolak di agen.")
    for nik, story in zip((NIK, "9999019903850001", "12"), stories, strict=True):
        typed = {"pengadu-nik": nik, "story": story}
        assert posted(at("petugas"), follow=False, **typed).status_code == 303
    assert {p.birth for p in Person.select()} == {""}


@pytest.mark.parametrize("given", [*WANTED, "", "anonymous"])
def test_what_is_to_be_completed_is_the_same_on_the_form_the_result_and_the_receipt(
    at: At, office: Office, given: str
) -> None:
    field = given.replace(".", "-")
    more = {"anonymous": "y"} if field == "anonymous" else {field: NIK if "nik" in field else "Ada"} if field else {}
    visitor, more = at("petugas"), {"category": category(COMMON), **more}
    page = posted(visitor, **more, title="x" * 201).text  # comes back
    on_form = re.findall(r'class="lacks"><span[^>]*>[^<]+</span> ([^<]+)<', page)
    result = posted(visitor, **more)
    case = Complaint.select().order_by(Complaint.id.desc()).first()
    lacks = missing(case, Person.get(complaint=case, kind="pengadu"))
    assert on_form == lacks
    assert ("Perlu dilengkapi " + " ".join(lacks) if lacks else "sudah lengkap") in words(result.text)
    assert len(lacks) == len(WANTED) - (3 if field == "anonymous" else 1 if field else 0)


@pytest.mark.parametrize("code", [SECRET, COMMON, ""])
def test_an_emergency_names_whom_to_call_as_the_masters_say(at: At, office: Office, code: str) -> None:
    Setting.create(key="emergency.line", value="Ngalam 112\nRelawan (uji)")
    Setting.create(key="emergency.units", value="ppa (0341) 000-001\nREHSOS 0341 000 002")
    unit = Category.get(code=code).emergency_unit.name if code == SECRET else ""
    chosen = {"category": category(code)} if code else {}
    form, result = (posted(at("petugas"), emergency="y", do=do, **chosen).text for do in ("fill", "save"))
    assert f"Hubungi sekarang: {f'{unit} (0341) 000-001 ' if unit else ''}Ngalam 112 Relawan (uji)" in words(form)
    assert f"{f'{unit} Telepon (0341) 000-001 Sudah dihubungi ' if unit else ''}Ngalam 112 Telepon 112" in words(result)
    assert "Relawan (uji) Sudah dihubungi" in words(result)
    dialled = ["tel:0341000001", "tel:112"] if unit else ["tel:112"]
    assert [re.findall(r'href="(tel:[^"]+)"', page) for page in (form, result)] == [dialled, dialled]
    assert "Sudah dihubungi" not in words(posted(at("petugas"), **chosen).text)


@pytest.mark.skipif(not SUGGESTS_A_UNIT, reason="the first act of this table suggests no unit")
def test_raised_at_once_with_another_unit_the_suggestion_names_that_unit(at: At, office: Office) -> None:
    other = Division.get(code="PPKB")
    posted(at("petugas"), category=category(COMMON), unit=str(other.id), do="raise")
    referral = RECORDS[vocabulary().transitions[current_procedure().first].record].get()
    assert referral.unit_id == other.id
    assert Complaint.get().state != current_procedure().first


def test_the_result_has_the_receipt_ready_to_print_and_the_next_act(at: At, office: Office) -> None:
    petugas = at("petugas")
    page = posted(petugas).text
    link = re.search(r'href="(/dokumen/[^"]+)"[^>]*>Cetak Tanda Terima', page)
    assert petugas.get(link[1]).data.startswith(b"%PDF-")
    assert vocabulary().transitions[current_procedure().first].label in words(page)
    assert Complaint.get().number in words(page)


def test_the_result_of_another_s_secret_complaint_is_not_there(at: At, office: Office) -> None:
    posted(at("petugas"), category=category(SECRET))
    address = f"/pengaduan/tercatat/{Complaint.get().id}/"
    assert at("petugas").get(address).status_code == 200
    assert at("petugas2").get(address).status_code == 404
    assert at("kadis").get(address).status_code == 403
    assert at("bidang.ppa").get(address).status_code == 403


def test_a_phone_can_take_a_picture_as_evidence(at: At, office: Office) -> None:
    assert 'capture="environment"' in unescape(at("petugas").get("/pengaduan/new/").text)
