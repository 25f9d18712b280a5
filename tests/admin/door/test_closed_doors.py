"""What somebody who tried to break the panel found once stays mended."""

import re
from collections.abc import Callable

import pytest

from models.complaint.accesslog import Seen
from models.complaint.complaint import Addressee, Complaint, Person
from models.complaint.paper import Paper
from models.complaint.scope import Viewer, viewer
from models.office.people import Acting, Division, User
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.case.test_steps import address, sent_by
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]
PERSONS = {"pengadu": {"name": "Siti", "phone": "081200001234", "nik": "9912345678901234"}}


@pytest.mark.parametrize(
    ("username", "status"), [("petugas", 200), ("bidang.rehsos", 200), ("kadis", 403), ("pengawas", 403)]
)
def test_a_paper_with_identity_opens_only_for_who_may_see_contact(
    office: Office, at: At, username: str, status: int
) -> None:
    [case] = office.receive(persons=PERSONS)
    office.bring([case], "handle")
    form = Paper.get((Paper.complaint == case) & (Paper.kind == "form_pengaduan"))
    assert at(username).get(f"/dokumen/{form.public_id}.pdf").status_code == status


def test_a_bundle_leaves_out_papers_with_identity(office: Office, at: At) -> None:
    [case] = office.receive(persons=PERSONS)
    answer = at("kadis").post("/dokumen/action/", action="merge", rowid=[str(p.id) for p in Paper.select()])
    assert answer.status_code == 200
    assert Seen.select(Seen.what).where(Seen.complaint == case).distinct().count() == 1


def test_an_addressed_unit_sees_no_identity_in_print(office: Office, at: At) -> None:
    [case] = office.receive(persons=PERSONS)
    office.bring([case], "handle")
    Addressee.create(complaint=case, leg=1, division=Division.get(code="PPA"))
    form = Paper.get((Paper.complaint == case) & (Paper.kind == "form_pengaduan"))
    assert at("bidang.ppa").get(f"/dokumen/{form.public_id}.pdf").status_code == 403


@pytest.mark.parametrize(
    "pattern", ["", "{urut}", "{urut}{tahun}{x}", "{urut}/{tahun}/{", "{urut}/{tahun}/" + "x" * 60]
)
def test_a_pattern_that_would_spoil_numbers_is_refused(office: Office, at: At, pattern: str) -> None:
    answer = at("admin").post("/pengaturan/new/?key=number.register", value=pattern, valid_from="2026-01-01")
    assert answer.status_code == 200
    assert office.receive()


def test_contact_is_never_shown_where_the_step_cannot_be_done_and_always_logged(office: Office, at: At) -> None:
    [case] = office.receive(persons=PERSONS)
    office.bring([case], "approve")
    assert "081200001234" not in at("petugas").get(address("attempt", case)).text
    office.bring([case], "deliver")
    petugas = at("petugas")
    page = petugas.get(address("attempt", case)).text
    assert "081200001234" in page
    assert "081200001234" in sent_by(petugas, "attempt", page, outcome="").text
    assert Seen.select().where((Seen.complaint == case) & (Seen.what == "kontak: attempt")).exists()


def test_an_act_without_a_call_shows_a_number_masked_and_says_where_it_is_shown(office: Office, at: At) -> None:
    [case] = office.receive(persons=PERSONS)
    office.bring([case], "deliver")
    page = at("petugas").get(address("hold", case)).text
    assert ("081200001234" in page, "08********34" in page) == (False, True)
    assert f'href="/pengaduan/details/?id={case}#orang-pengadu"' in page
    assert not Seen.select().where(Seen.what.startswith("kontak: ")).exists()


@pytest.mark.parametrize("role", ["admin", "pengawas"])
def test_an_admin_or_pengawas_acts_for_no_other_user_whatever_posts_say(office: Office, role: str) -> None:
    user = User.get(username="admin")
    Acting.create(kind="Plt.", user=user, decree="1/2026", decree_date="2026-01-01")
    User.update(role=role).where(User.id == user.id).execute()
    who: Viewer = viewer(User.get_by_id(user.id))
    assert (who.lanes, who.heads, who.teams) == (frozenset(), frozenset(), frozenset())


def test_reading_the_nota_dinas_itself_ends_the_right_to_recall(office: Office, at: At) -> None:
    from models.records.registry import RECORDS

    [case] = office.receive()
    office.bring([case], "approve")
    nota = RECORDS["nota_dinas"].get(complaint=case)
    assert at("kadis").get(f"/nota-dinas/details/?id={nota.id}").status_code == 200
    assert at("bidang.rehsos").get(address("recall", case)).status_code == 409


@pytest.mark.parametrize(
    "step",
    [t for t in vocabulary().transitions.values() if not t.bulk and not current_procedure().is_receive(t)],
    ids=lambda t: t.key,
)
def test_a_single_step_takes_one_complaint_even_when_forged(office: Office, at: At, step) -> None:
    one, two = office.receive(2)
    before = office.digest()
    assert at("petugas").post(f"/pengaduan/langkah/{step.key}/", cases=f"{one}:1,{two}:1").status_code == 400
    assert office.digest() == before


def test_a_pengadu_who_was_reached_is_not_unreachable(office: Office) -> None:
    from models.workflow import workflow

    [case] = office.receive()
    office.bring([case], "deliver")
    for outcome in ("missed", "missed", "missed", "reached"):
        office.do([case], "attempt", outcome=outcome, medium="telepon")
    said = workflow.advance(
        [case],
        "deliver",
        by=office["petugas"],
        at=office.tick(),
        blanks={"medium": "telepon", "told": "x", "outcome": "tidak_dihubungi"},
    ).refused[case]
    assert "sudah tersambung" in said


def test_an_anonymous_pengadu_with_a_phone_number_can_be_reached(office: Office) -> None:
    from models.workflow import workflow

    [case] = office.receive(anonymous=True, persons={"pengadu": {"phone": "081200001234"}})
    office.bring([case], "deliver")
    said = workflow.advance(
        [case],
        "deliver",
        by=office["petugas"],
        at=office.tick(),
        blanks={"medium": "telepon", "told": "x", "outcome": "anonim"},
    ).refused[case]
    assert "kontaknya tercatat" in said
    assert Person.get(complaint=case).phone is not None


def test_a_duplicate_does_not_show_an_original_that_one_may_not_see(office: Office, at: At) -> None:
    [secret] = office.receive(category="kdrt", by="petugas2")
    [other] = office.receive(by="petugas2")
    office.do([other], "duplicate", by="petugas2", original=Complaint.get_by_id(secret).number)
    page = words(at("petugas").get(f"/pengaduan/details/?id={other}").text)
    assert "Duplikat" in page
    assert f"Ditangani pada pengaduan {Complaint.get_by_id(secret).number}" not in page


def test_a_list_links_only_to_papers_that_open(office: Office, at: At) -> None:
    office.receive(persons=PERSONS)
    office.bring([Complaint.get().id], "handle")
    kadis = at("kadis")
    links = re.findall(r'href="(/dokumen/[^"]+\.pdf)"', kadis.get("/dokumen/").text)
    assert links
    assert {kadis.get(link).status_code for link in links} == {200}
