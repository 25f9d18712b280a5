"""Each return and deadline is reported by one round alone, whatever is still to be reported to other users."""

from datetime import timedelta

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.scope import viewer
from models.office.preferences import NotifiedUpTo
from models.reading.staff_emails import FORGOTTEN, NewsCounts, news_counts_of, returns_since
from tests.office import MONDAY, Office

LIMIT = MONDAY + timedelta(days=3)
MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)


def test_a_deadline_is_reported_by_the_round_that_reaches_it_and_by_no_later_one(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    far = LIMIT + timedelta(days=30)
    Complaint.update(row_due_at=LIMIT, legal_due_at=far).where(Complaint.id == case).execute()
    who, last = viewer(office["bidang.rehsos"]), Event.select().count()
    oldest = NotifiedUpTo(LIMIT.date(), LIMIT - MINUTE, last)
    reported = []
    for since, until in ((LIMIT - MINUTE, LIMIT - TICK), (LIMIT - TICK, LIMIT), (LIMIT, LIMIT + MINUTE)):
        recent = returns_since(oldest, until, last)
        reported.append(news_counts_of(who, recent, NotifiedUpTo(LIMIT.date(), since, last), until).late)
    assert reported == [0, 1, 0]


def test_a_return_is_reported_after_the_last_entry_and_forgotten_after_three_days(
    office: Office,
) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back")
    entry, who = Event.select().order_by(Event.id.desc()).first(), viewer(office["bidang.rehsos"])
    places = [NotifiedUpTo(MONDAY.date(), office.at, number) for number in (entry.id - 1, entry.id)]
    recent = returns_since(places[0], office.at, entry.id)
    assert [news_counts_of(who, recent, place, office.at) for place in places] == [NewsCounts(1, 0), NewsCounts(0, 0)]
    ends = office.at + FORGOTTEN
    assert [len(returns_since(places[0], at, entry.id).returned) for at in (ends - TICK, ends)] == [1, 0]
