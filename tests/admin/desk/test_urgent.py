"""A darurat stands above all else for the users who may act on it, from being taken down until somebody has acted."""

import re
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.complaint.scope import viewer
from models.office.people import Division
from models.office.settings import Setting
from models.reading import queue
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor
from tests.admin.forms import form_on, send
from tests.office import EMERGENCY, PEOPLE, SECRET, Office

At = Callable[[str], Visitor]
PHONE, SAFELY = "081200001234", "Lewat adiknya, sore hari"
PERSONS = {"pengadu": {"name": "Siti", "phone": PHONE, "safe_contact": SAFELY}}
ASSIST, ALERT = (vocabulary().transitions[key] for key in ("assist", "alert"))
PLACES = ("/", "/pengaduan/", "/pengaduan/details/?id={}")


def urgent(office: Office, **more: Any) -> int:
    [case] = office.receive(category=EMERGENCY, emergency=True, persons=PERSONS, until="alert", **more)
    return case


def to_another_unit(office: Office, case: int) -> None:
    office.bring([case], "dispose")
    office.do([case], "dispose", unit=Division.get(code="PPA").id)


def card(visitor: Visitor, path: str) -> Any:
    """The red card of a page, None where there is none."""
    return next(iter(lxml.html.fromstring(visitor.get(path).text, base_url=path).xpath("//*[@id='darurat']")), None)


def counted(visitor: Visitor, path: str = "/sop/") -> list[str]:
    page = visitor.get(path).text
    found = re.findall(r"<title>\((\d+) darurat\)", page)
    assert re.findall(r'class="alarms" href="/#darurat"><svg.*?</svg> (\d+) <span>darurat<', page) == found
    return found


@pytest.mark.parametrize("username", PEOPLE)
def test_what_the_queues_find_calling_is_what_the_rules_say_case_by_case(office: Office, username: str) -> None:
    fresh, waiting, alerted, helped, elsewhere, taken, handled, pulled = (urgent(office) for _ in range(8))
    office.receive(category=SECRET, emergency=True)
    [plain, again] = office.receive(2, category=EMERGENCY)
    office.do([alerted], "alert")
    office.do([helped], "assist")
    office.bring([waiting], "dispose")
    to_another_unit(office, elsewhere)
    office.bring([taken, handled, pulled], "handle")
    office.do([taken], "hold")
    office.bring([handled, pulled], "submit")
    office.do([pulled], "recall")
    office.bring([again], "closed")
    Complaint.update(emergency=True).where(Complaint.id == again).execute()
    office.do([again], "reopen")
    who = viewer(office[username])
    cases = workflow.load([c.id for c in Complaint.select()], office[username], office.at)
    by_rule = {
        n
        for n, case in cases.items()
        for act in current_procedure().called
        if case.calls_for(act) and not case.refusal_of(act)
    }
    counts = queue.frame_counts(who, who.day, most=99)
    assert set(counts.first_calling) == by_rule
    assert counts.calling == len(by_rule)
    on_call = {fresh, waiting, alerted, elsewhere, taken, pulled, again}
    assert {"staf.rehsos": on_call, "kadis": set()}.get(username, by_rule) == by_rule
    assert plain not in by_rule


def test_the_unit_on_call_finds_it_on_top_with_the_act_as_its_button_until_it_has_acted(office: Office, at: At) -> None:
    case, staff = urgent(office), at("staf.rehsos")
    for place in PLACES:
        [button] = card(staff, place.format(case)).xpath(".//a[contains(@class, 'primary')]")
        assert (button.get("href"), button.text) == (f"/pengaduan/langkah/assist/?id={case}", ASSIST.label)
        assert (
            len(lxml.html.fromstring(staff.get(place.format(case)).text).xpath("//main//*[@class='btn primary']")) == 1
        )
    assert counted(staff) == ["1"]
    assert counted(at("bidang.ppa")) == counted(at("kadis")) == counted(at("admin")) == []
    office.do([case], "assist", by="staf.rehsos")
    assert [card(staff, place.format(case)) for place in PLACES] == [None, None, None]
    assert counted(staff) == counted(at("petugas")) == []


def test_on_that_step_the_unit_reads_the_safe_way_before_the_number_and_it_is_logged(office: Office, at: At) -> None:
    case, staff = urgent(office), at("staf.rehsos")
    assert PHONE not in staff.get(f"/pengaduan/details/?id={case}").text
    step = staff.get(f"/pengaduan/langkah/assist/?id={case}").text
    assert 0 < step.index(SAFELY) < step.index(PHONE)
    assert Seen.select().where((Seen.user == office["staf.rehsos"]) & (Seen.what == "kontak: assist")).count() == 1
    form = Paper.get(complaint=case, kind="form_pengaduan")
    assert staff.get(f"/dokumen/{form.public_id}.pdf").status_code == 403


@pytest.mark.parametrize("place", ["/pengaduan/tercatat/{}/", "/pengaduan/details/?id={}"])
def test_one_tap_shows_who_was_called_and_the_box_goes_for_the_petugas_alone(
    office: Office, at: At, place: str
) -> None:
    Setting.create(key="emergency.units", value="REHSOS (0341) 000-002")
    case, petugas = urgent(office), at("petugas")
    box = card(petugas, place.format(case))
    assert [link.get("href") for link in box.xpath(".//a[starts-with(@href, 'tel:')]")][:2] == [
        "tel:0341000002",
        "tel:112",
    ]
    form = box.xpath(".//form")[0]
    answer = petugas.client.post(form.get("action"), data=dict(form.form_values()))
    assert answer.location == place.format(case)
    assert card(petugas, answer.location) is None
    alert = RECORDS["alert"].get(complaint=case)
    assert (alert.told, alert.made_by) == (Complaint.get_by_id(case).category.emergency_unit.name, office["petugas"])
    [entry] = Event.select().where((Event.complaint == case) & (Event.act == "alert"))
    assert entry.who.startswith(office["petugas"].name)
    assert ALERT.did in petugas.text(f"/pengaduan/details/?id={case}")
    assert counted(at("staf.rehsos")) == ["1"]


def test_a_disposition_to_another_unit_ends_neither_the_box_nor_what_the_unit_on_call_may_do(
    office: Office, at: At
) -> None:
    case, staff, petugas = urgent(office, secrecy="rahasia"), at("staf.rehsos"), at("petugas")
    to_another_unit(office, case)
    assert counted(staff) == counted(petugas) == ["1"]
    [button] = card(staff, f"/pengaduan/details/?id={case}").xpath(".//a[contains(@class, 'primary')]")
    sent = form_on(staff.get(button.get("href")).text).sent
    answer = send(staff, "/pengaduan/langkah/assist/", sent, action="Diantar ke rumah aman.", do="perform")
    page = staff.get(answer.location)
    assert (page.status_code, "Tindakan darurat telah dicatat." in page.text) == (200, True)
    assert counted(staff) == counted(petugas) == []
    assert staff.get(f"/pengaduan/details/?id={case}").status_code == 404


def test_an_emergency_that_another_unit_handled_before_anybody_else_acted_calls_for_no_act_any_more(
    office: Office, at: At
) -> None:
    case, staff, petugas = urgent(office), at("staf.rehsos"), at("petugas")
    assert counted(staff) == counted(petugas) == ["1"]
    to_another_unit(office, case)
    office.bring([case], "approve")
    assert counted(staff) == counted(petugas) == []
    office.do([case], "assist", by="staf.rehsos")


def test_where_more_wait_than_the_card_shows_the_newest_is_shown_next_to_the_oldest(office: Office, at: At) -> None:
    cases = [urgent(office) for _ in range(queue.MOST_CALLING + 3)]
    shown = [link.get("href") for link in card(at("petugas"), "/").xpath(".//p/a[strong]")]
    assert shown == [f"/pengaduan/details/?id={case}" for case in (*cases[: queue.MOST_CALLING - 1], cases[-1])]
