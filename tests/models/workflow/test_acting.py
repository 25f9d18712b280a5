"""Acting officials: rights that begin and end at midnight, and titles that name the post in which an act was done."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event, bodies, open_seals
from models.complaint.number import numbers_by_series
from models.complaint.paper import Paper, content_of
from models.complaint.scope import viewer
from models.office import decree
from models.office.people import Acting, Division, Post, User, heads_by_unit, title_of
from models.office.settings import Setting
from models.workflow import workflow
from sop.access import OF_A_POST, performers
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS, Transition
from sop.vocabulary import vocabulary
from tests.models.workflow.acting import FIRST, at_once, registered
from tests.office import MONDAY

EVE, BEGIN = datetime(2026, 11, 2, 23, 59, 59, tzinfo=WIB), datetime(2026, 11, 3, tzinfo=WIB)
FINISH, AFTER = datetime(2026, 11, 7, 23, 59, 59, tzinfo=WIB), datetime(2026, 11, 8, tzinfo=WIB)


@pytest.mark.parametrize(("at", "may"), [(EVE, False), (BEGIN, True), (FINISH, True), (AFTER, False)])
def test_rights_begin_and_end_at_midnight_in_wib_without_any_act(office, at, may):
    registered(office)
    [case] = office.receive(at=EVE - timedelta(hours=12))
    office.bring([case], "dispose", at=EVE - timedelta(hours=11))
    assert (KEPALA_DINAS in viewer(User.get_by_id(office["bidang.ppa"].id), at.date()).lanes) is may
    unit = Division.get(code="REHSOS").id
    outcome = workflow.advance([case], "dispose", by=office["bidang.ppa"], at=at.astimezone(UTC), blanks={"unit": unit})
    assert (outcome.done == [case]) is may
    assert may or office.state(case) == "dispose"


def test_history_and_papers_name_the_post_of_the_day_and_do_not_change_later(office):
    registered(office)
    [case] = office.receive(category="kdrt", at=EVE - timedelta(hours=12))
    office.bring([case], "dispose", at=EVE - timedelta(hours=11))
    office.do([case], "dispose", by="bidang.ppa", at=BEGIN)
    office.do([case], "handle", by="bidang.ppa", at=BEGIN + timedelta(hours=9))
    names = {e.act: e.who for e in Event.select()}
    assert names["dispose"] == "Sri Handayani (Plh. Kepala Dinas)"
    assert names["handle"] == "Sri Handayani (Kepala UPT PPA)"
    assert heads_by_unit(AFTER.date())[None].title == "KEPALA DINAS"
    assert Event.get(Event.act == "dispose").who == names["dispose"]


def test_a_petugas_who_acts_for_the_kepala_dinas_remains_a_petugas_in_what_he_does_as_one(office):
    at_once(office, "petugas")
    [case] = office.receive()
    office.do([case], "raise", by="petugas")
    office.do([case], "dispose", by="petugas", unit=Division.get(code="REHSOS").id)
    who = {event.act: event.who for event in Event.select().where(Event.user == office["petugas"])}
    assert {act: who[act] for act in ("receive", "raise", "dispose")} == {
        "receive": "Rina Wulandari (Petugas Penanganan Pengaduan)",
        "raise": "Rina Wulandari (Petugas Penanganan Pengaduan)",
        "dispose": "Rina Wulandari (Plh. Kepala Dinas)",
    }


def test_a_person_of_a_unit_who_holds_no_post_is_titled_as_its_staff(office):
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "handle", by="staf.rehsos")
    signed = Event.select().order_by(Event.id.desc()).first().who
    assert signed == "Dewi Lestari (Staf Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial)"
    paper = Paper.get(Paper.complaint == case, Paper.kind == "berkas_asesmen")
    content = content_of(paper, open_seals([case])[case])
    assert content["records"]["assessment"]["by"]["title"] == content["signer"]["title"]
    assert content["signer"]["title"] == "Staf Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial"
    User.update(division=None).where(User.username == "staf.rehsos").execute()
    assert title_of(User.get(username="staf.rehsos"), {}) == "Bidang"


def test_an_act_in_a_post_is_not_recalled_after_its_rights_have_ended(office):
    registered(office)
    [case] = office.receive(at=FINISH - timedelta(hours=20))
    office.bring([case], "dispose", at=FINISH - timedelta(hours=19))
    office.do([case], "dispose", by="bidang.ppa", at=FINISH, unit=Division.get(code="PPA").id)
    before = office.digest()
    outcome = workflow.advance([case], "recall", by=office["bidang.ppa"], at=AFTER, blanks={"note": "keliru"})
    assert "tidak lagi termasuk tugas Anda" in outcome.refused[case]
    assert office.digest() == before


@pytest.mark.parametrize("ended", [True, False], ids=["vacant post", "no post yet"])
def test_a_plt_of_a_vacant_post_is_titled_by_that_post(office, ended):
    unit = Division.get(code="REHSOS") if ended else Division.create(code="BARU", name="Bidang Baru")
    Post.update(valid_to=date(2026, 9, 30)).where(Post.division == unit).execute()
    registered(office, "staf.rehsos", kind="Plt.", division=unit, valid_to=None)
    title = "Plt. KEPALA BIDANG REHABILITASI" if ended else "Plt. KEPALA BIDANG BARU"
    assert heads_by_unit(FIRST)[unit.id].title == title


def test_an_acting_head_has_the_rights_of_the_head_and_signs_as_titled_that_day(office):
    unit = Division.get(code="REHSOS")
    at_once(office, "staf.rehsos", kind="Plt.", division=unit, valid_to=date(2026, 10, 5))
    [case] = office.receive()
    office.bring([case], "submit")
    office.do([case], "submit", by="staf.rehsos")
    assert Event.get(Event.act == "submit").who == "Dewi Lestari (Plt. Kepala Bidang Rehabilitasi)"
    content = _content(office, case, office.at + timedelta(days=1))  # approved when he acts no more
    assert content["signer"]["title"] == content["unit"]["head"]["title"] == "Plt. KEPALA BIDANG REHABILITASI"
    assert content["signer"]["name"] == "Dewi Lestari"


@pytest.mark.parametrize(("by", "title"), [("kadis", "KEPALA DINAS"), ("bidang.ppa", "Plh. KEPALA DINAS")])
def test_a_paper_is_signed_by_the_decider_the_holder_or_his_deputy(office, by, title):
    at_once(office)
    [case] = office.receive()
    office.bring([case], "dispose")
    office.do([case], "dispose", by=by, unit=Division.get(code="REHSOS").id)
    paper = _paper(case, "lembar_disposisi")
    assert (paper["signer"]["title"], paper["signer"]["name"]) == (title, office[by].name)
    office.bring([case], "approve")
    office.do([case], "approve", by=by)
    assert _paper(case, "nota_dinas")["records"]["approval"]["by"]["title"] == title


@pytest.mark.only("sqlite")
def test_who_gives_a_disposition_back_is_named_by_the_post_in_the_unit_that_led_until_then(office):
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "refuse")
    assert Complaint.get_by_id(case).unit_id is None
    assert Event.get(Event.act == "refuse").who == "Bambang Hartono (Kepala Bidang Rehabilitasi)"


@pytest.mark.only("sqlite")
def test_the_head_of_two_units_numbers_each_case_by_its_leading_unit_in_one_act(office):
    Setting.create(key="number.nota_dinas", value="{bidang}", valid_from=date(2026, 1, 1))
    led = [office.receive()[0], office.receive(category="kdrt")[0]]
    for case in led:
        office.bring([case], "submit")
    at_once(office, "bidang.rehsos", kind="Plt.", division=Division.get(code="PPA"))
    assert workflow.advance(led, "submit", by=office["bidang.rehsos"], at=office.tick()).done == led
    codes = [Division.get(code=code).paper_code for code in ("REHSOS", "PPA")]
    assert [numbers_by_series([case])[case]["nota_dinas"].text for case in led] == codes


@pytest.mark.only("sqlite")
def test_a_disposition_names_the_units_of_its_day_from_their_first_to_their_last(office):
    day, one = MONDAY.date(), timedelta(days=1)
    spans = {
        "over": (day - 9 * one, day - one),
        "ending": (day - 9 * one, day),
        "lasting": (day - one, day + one),
        "begun": (day, None),
        "ahead": (day + one, None),
    }
    for code, (first, last) in spans.items():
        Division.create(code=code, name=f"Bidang {code}", valid_from=first, valid_to=last)
    [case] = office.receive()
    office.bring([case], "handle")
    named = _paper(case, "lembar_disposisi")["units"]
    assert [code for code in spans if f"Bidang {code}" in named] == ["ending", "lasting", "begun"]


def test_a_disposition_is_addressed_to_posts_whoever_acts_in_them(office):
    at_once(office, "bidang.ppa", kind="Plt.", division=Division.get(code="REHSOS"))
    [case] = office.receive(medium_ref="081234567890 tanggal 3 November 2026")
    office.bring([case], "handle")
    paper, heads = _paper(case, "lembar_disposisi"), heads_by_unit(MONDAY.date())
    posts = {unit.name: heads[unit.id].title.removeprefix("Plt. ") for unit in Division.select() if unit.id in heads}
    assert paper["posts"] == posts
    assert posts[Division.get(code="REHSOS").name].startswith("KEPALA BIDANG")
    assert "081234567890" not in paper["complaint"]["medium_ref"]  # the slip goes round the office
    assert "tanggal 3 November 2026" in paper["complaint"]["medium_ref"]
    assert _paper(case, "form_pengaduan")["complaint"]["medium_ref"].startswith("081234567890")


def test_while_a_plh_is_in_force_his_principal_decides_only_with_a_reason_recorded_in_the_history(office):
    """Of the office and of a unit alike; what his staff may do as well asks for none."""
    asked, free = _acts_of_posts(), [vocabulary().transitions["handle"], vocabulary().transitions["raise"]]
    assert {"dispose", "return_file", "approve", "send_back", "submit", "refuse", "hold"} <= {s.key for s, _ in asked}
    cases = {}
    for step, state in [*asked, *((one, one.key) for one in free)]:
        [cases[step]] = office.receive()
        office.bring([cases[step]], state)
        office.ready([cases[step]], step.key)
    at_once(office, "bidang.ppa")
    at_once(office, "staf.rehsos", division=Division.get(code="REHSOS"))
    for step, case in cases.items():
        by = office.actor(step, case)
        act = partial(
            workflow.advance, [case], step.key, by=by, at=office.tick(), blanks=office.blanks(case, step.key, by)
        )
        if step in free:
            assert act().done == [case]
            continue
        before = office.digest()
        for reason in ("", "karena saya mau"):
            assert "sedang bertugas" in act(deputy_reason=reason).refused[case]
        assert office.digest() == before
        assert act(deputy_reason="back").done == [case]
        plh = "Plh. Kepala Dinas" if by == office["kadis"] else f"Plh. Kepala {by.division}"
        entry = _last_body(case)["deputy"]
        assert (entry["post"], entry["reason"]) == (plh, decree.REASONS_DESPITE_DEPUTY["back"])
        papers = list(Paper.select().where(Paper.complaint == case).order_by(Paper.id))[-len(step.papers) :]
        seals = open_seals([case])
        assert not step.papers or [content_of(paper, seals[case])["deputy"] for paper in papers] == [entry] * len(
            papers
        )


def _acts_of_posts() -> list[tuple[Transition, str]]:
    """Of the whole table what only the holder of a post may do, each with the first state in which it is his."""
    found = {
        step: state
        for step in vocabulary().transitions.values()
        for state in reversed(current_procedure().awaited)
        if state in vocabulary().starts(step)
        and set() < performers(step, vocabulary().transitions.get(state)) <= OF_A_POST
    }
    return list(found.items())


def _last_body(case: int) -> dict[str, Any]:
    last = Event.select().order_by(Event.id.desc()).first()
    return bodies([last], open_seals([case]))[last.id]


@pytest.mark.parametrize("kind", ["Plt.", "Plh."])
def test_a_deputy_and_a_holder_without_a_plh_decide_without_a_reason(office, kind):
    acting = at_once(office, kind=kind)
    [case, other] = office.receive(2)
    office.bring([case, other], "dispose")
    unit = Division.get(code="REHSOS").id
    assert workflow.advance([case], "dispose", by=office["bidang.ppa"], at=office.tick(), blanks={"unit": unit}).done
    if kind == "Plh.":
        Acting.update(valid_to=office.at.date() - timedelta(days=1)).where(Acting.id == acting.id).execute()
    outcome = workflow.advance(
        [other], "dispose", by=office["kadis"], at=office.tick(), blanks={"unit": unit}, deputy_reason="back"
    )
    assert outcome.done, "the post that a Plt. fills is vacant"
    assert "deputy" not in _last_body(other), "a reason that was not required is not recorded"


@pytest.mark.parametrize("by", ["kadis", "bidang.ppa"])
def test_a_nota_dinas_is_addressed_to_the_user_who_decides_on_it(office, by):
    at_once(office)
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "approve", by=by)
    paper = _paper(case, "nota_dinas")
    signs = next(one for one in paper["signers"] if one["role"] == KEPALA_DINAS)
    named = [paper["kepala_dinas"], paper["records"]["approval"]["by"], signs]
    title = "KEPALA DINAS" if by == "kadis" else "Plh. KEPALA DINAS"
    assert [(one["title"], one["name"]) for one in named] == [(title, office[by].name)] * 3


def _content(office, case: int, at: datetime) -> dict[str, Any]:
    office.do([case], "approve", by="kadis", at=at)
    return _paper(case, "nota_dinas")


def _paper(case: int, kind: str) -> dict[str, Any]:
    paper = Paper.get((Paper.complaint == case) & (Paper.kind == kind))
    return content_of(paper, open_seals([case])[case])
