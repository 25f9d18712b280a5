"""Whoever handles a case writes on its drafts, also where only the head of the unit may perform the step."""

from collections.abc import Callable
from html import unescape

from admin.case.forms import NO_HEAD
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.office.people import Post
from models.records.registry import RECORDS
from models.workflow import workflow
from tests.admin.case.test_steps import address, samples, typed
from tests.admin.case.test_unit_page import text_blank, waiting, written
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]


@written
def test_staff_write_the_draft_and_only_who_may_performs(office: Office, at: At, step) -> None:
    case = waiting(office, step.key)
    staff, blank = at("staf.rehsos"), text_blank(step.key)
    page = staff.get(address(step.key, case))
    assert page.status_code == 200
    saved = staff.client.post(
        f"/pengaduan/langkah/{step.key}/", data=typed(page.text, do="draft", **{blank: "Dari staf."})
    )
    assert saved.status_code == 303
    assert "Dari staf." in unescape(staff.get(saved.headers["Location"]).text)
    assert Event.select().where((Event.complaint == case) & (Event.act == "draft")).count() == 1
    if workflow.check_cases([case], step.key, by=office["staf.rehsos"])[1]:
        page, before = staff.get(address(step.key, case)).text, office.digest()
        assert f'value="perform">{step.label}' not in page
        filled = typed(page, **samples(office, [case], step.key))
        assert staff.client.post(f"/pengaduan/langkah/{step.key}/", data=filled).status_code == 409
        assert office.digest() == before
        assert NO_HEAD not in page
        Post.delete().where(Post.division == Complaint.get_by_id(case).unit).execute()
        assert f"{NO_HEAD}: Nota Dinasnya belum dapat dinaikkan." in words(staff.get(address(step.key, case)).text)
        assert f"Susun konsep {RECORDS[step.record].title}" in words(staff.get(f"/pengaduan/details/?id={case}").text)


@written
def test_staff_whom_the_case_was_not_given_to_do_not_write(office: Office, at: At, step) -> None:
    case = waiting(office, step.key)
    office.do([case], "assign", staff=[office["bidang.rehsos"].id])
    assert at("staf.rehsos").get(address(step.key, case)).status_code == 409
