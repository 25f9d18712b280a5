"""News over many cases: for who has the case next, for no other user, and gone once he has acted."""

from datetime import datetime, time, timedelta
from typing import Any

import peewee as pw
import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.calendar import clock
from models.office.people import Division
from models.reading.news import changed_cases, news_on
from models.reading.queue import assignees_of, first, frame_counts, own_queues, own_turn
from models.workflow import workflow
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import FINALS, SAME
from sop.vocabulary import CLOSED, vocabulary
from sop.words import in_wib
from tests.office import EMERGENCY, PEOPLE, Office

NEWS_ACTS = [t for t in vocabulary().transitions.values() if t.news and not t.news_after]
each_news_act = pytest.mark.parametrize("step", NEWS_ACTS, ids=lambda t: t.key)
WAITING = next(t for t in vocabulary().transitions.values() if t.news_after)


def news_words(office: Office, username: str, case: int) -> list[str]:
    news = changed_cases(viewer(office[username]), office.at, clock)
    assert news.keys() <= {case}
    return [one.words for one in news.get(case, ())]


def next_people(office: Office, case: int) -> set[str]:
    """The users who may take the awaited step, as the rules say it case by case."""
    state = office.state(case)
    verdicts = {name: workflow.check_cases([case], state, by=office[name], at=office.at) for name in PEOPLE}
    return {name for name, (cases, refused) in verdicts.items() if cases and not refused}


def ready(office: Office, step: Any) -> int:
    """A case in the first state in which the act may begin."""
    [case] = office.receive(category=EMERGENCY, emergency=True)
    office.bring([case], next(s for s in (*current_procedure().awaited, *FINALS) if s in vocabulary().starts(step)))
    return case


@each_news_act
def test_who_has_the_case_next_has_the_news_until_it_is_dealt_with_and_no_other_user(office: Office, step) -> None:
    case = ready(office, step)
    actor = office.actor(step, case)
    assignees = {"assigned": {"staf.rehsos"}, "kept": {"petugas2"}}.get(step.gives, set())
    ids = [office[name].id for name in assignees]
    names = {"assigned": {"staff": ids}, "kept": {"keeper": ids[:1] and ids[0]}}.get(step.gives, {})
    office.do([case], step.key, by=actor.username, **names)
    expected = (assignees or next_people(office, case)) - {actor.username}
    assert expected
    assert {name for name in PEOPLE if step.news in news_words(office, name, case)} == expected
    [taker] = [office.actor(vocabulary().transitions[office.state(case)], case).username]
    office.do([case], office.state(case), by=taker)
    assert step.news not in news_words(office, taker, case)
    assert step.to == SAME or not [name for name in PEOPLE if step.news in news_words(office, name, case)]


def test_an_answer_of_another_unit_is_news_as_such(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "dispose")
    office.do([case], "dispose", others=[Division.get(code="PPA").id])
    office.do([case], "supplement", by="bidang.ppa", statement="Keluarga sudah didampingi.")
    step = vocabulary().transitions["supplement"]
    assert news_words(office, "staf.rehsos", case) == news_words(office, "bidang.rehsos", case) == [step.news_beside]
    office.do([case], "supplement", by="petugas", statement="Pengadu menelepon lagi.")
    assert news_words(office, "staf.rehsos", case) == [step.news_beside, step.news]


@pytest.mark.only("sqlite")
def test_an_answer_of_the_leading_unit_is_news_as_any_other(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "supplement", by="staf.rehsos", statement="Sudah dikunjungi.")
    assert news_words(office, "bidang.rehsos", case) == [vocabulary().transitions["supplement"].news]


@pytest.mark.only("sqlite")
def test_what_came_before_the_last_step_of_a_later_round_is_no_news_to_who_acted_in_the_first(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], CLOSED)
    office.do([case], "reopen")
    office.do([case], "supplement", by="petugas", statement="Pengadu menelepon lagi.")
    office.bring([case], "handle")
    assert news_words(office, "bidang.rehsos", case) == news_words(office, "staf.rehsos", case) == []


def test_what_moved_nothing_is_news_until_one_acts_oneself_though_others_have_gone_on(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "supplement", by="petugas", statement="Pengadu menelepon lagi.")
    office.bring([case], "approve")
    assert news_words(office, "kadis", case) == [vocabulary().transitions["supplement"].news]
    office.do([case], "send_back")
    office.bring([case], "approve")
    assert news_words(office, "kadis", case) == []


def test_a_pause_without_a_day_that_lasts_too_long_is_news_to_whose_turn_it_will_be_again(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], WAITING.key)
    Complaint.update(paused_until=None).execute()  # as those that were paused before a day was asked for
    assert not any(news_words(office, name, case) for name in PEOPLE)
    office.do([case], "supplement", by="petugas", statement="Pengadu menelepon lagi.")  # moves nothing
    office.at += timedelta(days=2 * WAITING.news_after)
    assert {name for name in PEOPLE if WAITING.news in news_words(office, name, case)} == {
        "bidang.rehsos",
        "staf.rehsos",
    }
    office.do([case], "resume")
    assert not any(WAITING.news in news_words(office, name, case) for name in PEOPLE)


def test_a_pause_is_news_from_its_day_on_also_to_who_paused_and_not_a_day_before(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    day = clock().workday_after(in_wib(office.at).date(), 2 * WAITING.news_after)
    office.do([case], WAITING.key, by="staf.rehsos", paused_until=day)
    opening, _ = clock().span(day)
    office.at = datetime.combine(day, time(), WIB) - timedelta(minutes=1)
    assert not any(news_words(office, name, case) for name in PEOPLE)
    office.at = datetime.combine(day, time(), WIB)
    assert {name: words for name in PEOPLE if (words := news_words(office, name, case))} == {
        "bidang.rehsos": [WAITING.news_due],
        "staf.rehsos": [WAITING.news_due],
    }
    [news] = changed_cases(viewer(office["staf.rehsos"]), office.at, clock)[case]
    assert (news.at, news.who) == (opening, "")
    office.do([case], "resume", at=opening)
    assert not any(news_words(office, name, case) for name in PEOPLE)


def test_a_pause_whose_day_has_come_waits_again_for_whose_turn_it_is_and_its_clock_stands_still(office: Office) -> None:
    over, later, former = office.receive(3)
    office.bring([over, later, former], "handle")
    day = clock().workday_after(in_wib(office.at).date(), WAITING.news_after)
    office.do([over], WAITING.key, paused_until=day)
    office.do([later], WAITING.key, paused_until=clock().workday_after(day, 1))
    office.do([former], WAITING.key)
    Complaint.update(paused_until=None).where(Complaint.id == former).execute()

    def counts(name: str) -> tuple[int, int, list[int], int, int]:
        who, at = viewer(office[name], in_wib(office.at).date()), office.at
        queues, frame = own_queues(who, at), frame_counts(who, in_wib(at).date())
        waiting = [complaint.id for complaint in first(who, at, 5)]
        return (
            queues.paused,
            queues.pause_over,
            waiting,
            own_turn(who, at, at).count,
            sum(frame.by_step.values()),
        )

    assert counts("staf.rehsos") == (3, 0, [], 0, 0)
    office.at = datetime.combine(day, time(9), WIB)
    assert counts("staf.rehsos") == counts("bidang.rehsos") == (3, 1, [over], 1, 1)
    assert counts("bidang.ppa") == counts("kadis") == counts("petugas") == (0, 0, [], 0, 0)
    assert office.state(over) == WAITING.to
    assert Complaint.get_by_id(over).row_due_at is None


def test_cases_assigned_by_name_are_a_queue_of_that_user_and_list_his_name(office: Office) -> None:
    mine, others = office.receive(2)
    office.bring([mine, others], "handle")
    office.do([mine], "assign", staff=[office["staf.rehsos"].id])
    queues = {name: own_queues(viewer(office[name]), office.at).assigned for name in PEOPLE}
    assert {name: one.count for name, one in queues.items() if one} == {"staf.rehsos": 1}
    assert assignees_of(Complaint.select()) == {mine: ["Dewi Lestari"]}
    office.bring([mine], "submit")
    assert own_queues(viewer(office["staf.rehsos"]), office.at).assigned.count == 1
    office.bring([mine], "approve")
    assert own_queues(viewer(office["staf.rehsos"]), office.at).assigned.count == 0


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", ["petugas", "kadis", "staf.rehsos"])
def test_the_news_of_a_page_are_one_statement(office: Office, username) -> None:
    ids = office.receive(3)
    office.bring(ids, "handle")
    office.do(ids, "supplement", statement="Pengadu menelepon.")
    who, sent = viewer(office[username]), []
    real = pw.Database.execute_sql

    def keep(self: pw.Database, sql: str, params: Any = None) -> Any:
        sent.append((sql, params))
        return real(self, sql, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pw.Database, "execute_sql", keep)
        news_on(ids, who, office.at, clock)
        assert len([sql for sql, _ in sent if "master_token" not in sql]) == 1
