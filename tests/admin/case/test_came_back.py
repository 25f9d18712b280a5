"""Why a case came back is shown alike on its page, on the step page and on the desk, for as long as it is so."""

from collections.abc import Callable

import lxml.html
import pytest

from sop.flow import current_procedure
from sop.procedure import BACK, DETOURS, LANES, SAME, Transition
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor
from tests.office import Office

At = Callable[[str], Visitor]
WHY, PAUSED = "Alamat pengadu belum jelas.", "Surat dari kelurahan sudah datang."
HEADINGS = [f"Dikembalikan {lane}" for lane in LANES.values()] + ["Dilanjutkan", "Ditunda"]
RETURNS = [
    t
    for t in DETOURS
    if t.record == "remark" and t.to in current_procedure().awaited and t.start[0] in current_procedure().awaited
]
returned = pytest.mark.parametrize("step", RETURNS, ids=lambda t: t.key)


def sent_back(office: Office, step: Transition) -> int:
    """A case that a detour has brought back, with a reason."""
    [case] = office.receive()
    office.bring([case], step.start[0])
    office.do([case], step.key, note=WHY)
    return case


def pages(office: Office, at: At, case: int) -> list[str]:
    """The case's page and the page of the awaited step, as the user whose turn it is reads them."""
    step = vocabulary().transitions[office.state(case)]
    visitor = at(office.actor(step, case).username)
    return [
        visitor.text(f"/pengaduan/details/?id={case}").partition("Catatan penanganan")[0],
        visitor.page(f"/pengaduan/langkah/{step.key}/?id={case}"),
    ]


def heading(step: Transition) -> str:
    """What was done, and by whose lane: "Dikembalikan Kepala Dinas"."""
    return f"{step.done[1].capitalize()} {LANES[step.actor]}"


def reason(page: str) -> str:
    """The card on a step page that says why the case or its text came back."""
    [card] = [
        c for c in lxml.html.fromstring(page).find_class("warn") if c.tag == "section" and WHY in c.text_content()
    ]
    return card.text_content()


def test_a_note_from_before_the_last_step_is_not_why_the_case_is_here(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "hold", note="Menunggu surat.")
    office.do([case], "resume", note=PAUSED)
    office.bring([case], "approve")
    on_page, on_step = pages(office, at, case)
    text = (on_page + on_step).replace("Ditunda sampai", "")  # the blank that was filled in then
    assert not [heading for heading in HEADINGS if heading in text]


@returned
@pytest.mark.parametrize("later", ["nothing", "supplement", "pause"])
def test_the_reason_stays_until_the_next_step_is_taken(office: Office, at: At, step: Transition, later: str) -> None:
    case = sent_back(office, step)
    if later == "supplement":
        office.do([case], "supplement", by="petugas", statement="Pengadu menelepon.")
    if later == "pause":
        office.do([case], "hold", note="Menunggu surat.")
        office.do([case], "resume", note=PAUSED)
    on_page, on_step = pages(office, at, case)
    assert WHY in on_page[on_page.index(heading(step)) :]
    assert heading(step) in reason(on_step)
    assert PAUSED not in reason(on_step)
    office.do([case], office.state(case))
    assert heading(step) not in pages(office, at, case)[0] or step.effect == "new_revision"


def test_the_desk_shows_the_reason_after_a_supplement_too(office: Office, at: At) -> None:
    case = sent_back(office, vocabulary().transitions["refuse"])
    office.do([case], "supplement", by="petugas", statement="Pengadu menelepon.")
    assert WHY in at("kadis").text("/meja/dispose/")


def test_what_was_pulled_back_leaves_the_reason_as_it_was(office: Office, at: At) -> None:
    step = vocabulary().transitions["return_file"]
    case = sent_back(office, step)
    office.do([case], "raise")
    office.do([case], "recall", note="Keliru.")
    on_page, on_step = pages(office, at, case)
    assert WHY in on_page[on_page.index(heading(step)) :]
    assert reason(on_step)


def test_the_table_has_detours_of_each_sort() -> None:
    assert {t.to for t in DETOURS} >= {SAME, BACK}
    assert RETURNS
