"""E-mails to the pengadu: by which column, in which words, and when none is sent; read back from a real server."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from models.complaint.complaint import CaseKey, Complaint
from models.email import queue, sending, smtp, to_pengadu
from models.email.message import MISSHAPEN
from models.email.queue import QueuedEmail
from models.email.to_pengadu import DISCREET_SUBJECT, SUBJECT, TELLS, PerformedAct, chat_text, queue_act_emails
from models.office.settings import MAIL_SENDER, OPTIONS, TELL_CITIZENS, store_setting, values
from models.store import statement_counters
from models.store.base import now
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.models.email.taker import HOST, Taker, taking
from tests.office import SECRET, worked

TO = "suparmi@contoh.id"
PENGADU = {"name": "Suparmi", "email": TO}
KINDS = {to_pengadu.KIND: to_pengadu.compose_act_email}
PHONE = "0341 123456"
SET = {MAIL_SENDER: "panel@dinas.example", TELL_CITIZENS: True, "office.phone": PHONE, "office.web": "dinas.example"}


@pytest.fixture(scope="module")
def begun(template, tmp_path_factory):
    def work(office):
        for key, value in SET.items():
            store_setting(key, value, office.at.date())

    return worked(template, tmp_path_factory.mktemp("emails"), work)


@pytest.fixture(autouse=True)
def mail():
    smtp.install(f"smtp+plain://{HOST}:9")
    yield
    smtp.install("")


def received(office, *, pengadu=PENGADU, **data) -> Complaint:
    [case] = office.receive(persons={"pengadu": pengadu}, **data)
    return Complaint.get_by_id(case)


def events(case: int) -> list[str]:
    query = QueuedEmail.select(QueuedEmail.event).where(QueuedEmail.case == case).order_by(QueuedEmail.id)
    return [event for (event,) in query.tuples()]


def taken_emails() -> list:
    with taking(Taker()) as taker:
        smtp.install(f"smtp+plain://{HOST}:{taker.port}")
        sending.send_waiting(KINDS)
    pairs = zip(taker.envelopes, taker.emails, strict=True)
    return [(to, message_from_bytes(content, policy=policy.default)) for (_, [to]), content in pairs]


def test_each_act_sends_the_event_of_its_column_and_an_end_is_sent_once(office):
    case = received(office)
    office.bring([case.id], CLOSED)
    assert events(case.id) == [step.tells for step in current_procedure().main_line if step.tells]
    assert {step.tells for step in vocabulary().transitions.values()} - {""} == {*TELLS}
    for step in current_procedure().detours:
        if step.tells and "raise" in vocabulary().starts(step):
            other = received(office)
            office.do([other.id], step.key)
            assert events(other.id) == [current_procedure().receive.tells, step.tells]


def test_the_e_mail_says_the_number_and_how_to_ask_and_nothing_of_the_matter(office):
    case = received(office, story="Bantuan pangan tidak sampai.")
    [(to, email)] = taken_emails()
    content = email.get_content()
    assert (to, email["Subject"]) == (TO, SUBJECT)
    assert case.number in content
    assert PHONE in content
    for word in ("Suparmi", "pangan", case.title, case.category.name, case.story):
        assert word not in content
    row = QueuedEmail.get()
    assert row.state == queue.TAKEN
    assert TO.encode() not in bytes(row.address)


@pytest.mark.parametrize("made_secret_later", [False, True])
def test_of_a_rahasia_case_nothing_leaves_but_that_there_is_something(office, made_secret_later):
    case = received(office, **({} if made_secret_later else {"category": SECRET}))
    if made_secret_later:
        office.do([case.id], "correct", new_value={"secrecy": "rahasia"})
    office.bring([case.id], "handle")
    case = Complaint.get_by_id(case.id)
    assert case.secrecy == "rahasia"
    emails = taken_emails()
    assert len(emails) == 2
    unit, office_name = case.unit.name, values()["panel.office"]
    for _, email in emails:
        assert (email["Subject"], email["From"]) == (DISCREET_SUBJECT, "panel@dinas.example")
        content = email.get_content()
        assert PHONE in content
        for word in (case.number, case.category.name, unit, "engaduan", office_name, "tangan"):
            assert word not in content + str(email.items())


@pytest.mark.parametrize(
    ("pengadu", "why"),
    [
        ({"name": "Suparmi"}, to_pengadu.NO_ADDRESS),
        ({**PENGADU, "do_not_call": True}, to_pengadu.DO_NOT_CALL),
        ({**PENGADU, "safe_contact": "Lewat ketua RT"}, to_pengadu.SAFE_WAY),
    ],
)
def test_who_must_not_be_called_or_has_no_address_gets_nothing(office, pengadu, why):
    case = received(office, pengadu=pengadu)
    assert events(case.id) == []
    assert to_pengadu.no_email_sentence(to_pengadu.people_of([case.id])[case.id]) == why


def test_a_mark_or_an_address_that_comes_later_counts_when_the_e_mail_is_sent(office):
    marked, moved = received(office), received(office)
    office.do([marked.id], "correct", new_value={"pengadu.do_not_call": True})
    office.do([moved.id], "correct", new_value={"pengadu.email": "baru@contoh.id"})
    assert [to for to, _ in taken_emails()] == ["baru@contoh.id"]
    withheld = QueuedEmail.get(case=marked.id)
    assert (withheld.state, withheld.sentence) == (queue.WITHHELD, to_pengadu.DO_NOT_CALL)


@pytest.mark.only("sqlite")
def test_a_mistyped_address_can_be_corrected_and_the_e_mail_sent_again(office):
    case = received(office, pengadu={**PENGADU, "email": "suparmi@contoh"})
    assert taken_emails() == []
    email = QueuedEmail.get()
    assert (email.state, email.sentence) == (queue.GIVEN_UP, to_pengadu.UNFIT.format(MISSHAPEN))
    office.do([case.id], "correct", new_value={"pengadu.email": TO})
    assert queue.send_again(email.id, office["petugas"].id, now())
    assert [to for to, _ in taken_emails()] == [TO]


def test_an_act_that_is_recalled_before_its_e_mail_was_sent_sends_none(office):
    case = received(office)
    office.bring([case.id], "dispose")
    office.do([case.id], "dispose")
    assert events(case.id) == ["received", "handled"]
    assert to_pengadu.last_email_event(case.id) == "handled"
    office.do([case.id], "recall")
    assert events(case.id) == ["received"]
    assert to_pengadu.last_email_event(case.id) == "received"


@pytest.mark.only("sqlite")
def test_an_act_that_is_recalled_while_its_e_mail_is_being_sent_has_no_other_try(office):
    case = received(office)
    office.bring([case.id], "dispose")
    office.do([case.id], "dispose")
    email = QueuedEmail.get(event="handled")
    assert queue.try_lease(email, now())
    office.do([case.id], "recall")
    queue.retry_later(email, "Nanti.", now() - timedelta(hours=1))
    assert len(taken_emails()) == 1
    row = QueuedEmail.get_by_id(email.id)
    assert (row.state, row.sentence) == (queue.WITHHELD, to_pengadu.TAKEN_BACK)


@pytest.mark.only("sqlite")
def test_an_event_that_was_sent_is_not_sent_again_when_repeated_but_one_that_never_was_is(office):
    case = received(office)
    office.bring([case.id], "dispose")
    for _ in range(2):
        office.do([case.id], "dispose")
        assert len(taken_emails()) <= 2
        office.do([case.id], "recall")
    office.do([case.id], "dispose")
    office.do([case.id], "refuse")
    office.do([case.id], "dispose")
    assert taken_emails() == []
    assert events(case.id) == ["received", "handled"]
    QueuedEmail.update(state=queue.GIVEN_UP).where(QueuedEmail.event == "handled").execute()
    office.do([case.id], "recall")
    office.do([case.id], "dispose")
    assert len(taken_emails()) == 1
    office.bring([case.id], CLOSED)
    office.do([case.id], "reopen")
    office.bring([case.id], "handle")
    assert events(case.id)[-3:] == ["answered", "reopened", "handled"]


@pytest.mark.only("sqlite")
def test_a_pengadu_does_not_learn_of_the_rahasia_case_that_his_own_repeats(office):
    head, case = received(office, category=SECRET), received(office)
    taken_emails()
    office.do([case.id], "duplicate", original=head.number)
    [(_, email)] = taken_emails()
    assert email["Subject"] == DISCREET_SUBJECT
    assert "sama dengan" not in email.get_content()


def test_a_refused_act_an_imported_case_and_the_demo_tell_nothing(office):
    case = received(office)
    outcome = workflow.advance([case.id], "deliver", by=office["petugas"], at=office.tick())
    assert outcome.refused
    Complaint.update(imported=True).where(Complaint.id == case.id).execute()
    office.do([case.id], "withdraw")
    assert events(case.id) == ["received"]
    assert to_pengadu.mails_citizens(values())
    assert not to_pengadu.mails_citizens({**values(), "site.demo": True})


def test_no_act_talks_to_the_server_however_many_cases_it_moves(office, monkeypatch):
    monkeypatch.setattr(smtp, "SendingThread", None)
    cases = office.receive(30, persons={"pengadu": PENGADU})
    office.bring(cases, "dispose")
    acts = [PerformedAct(case, vocabulary().transitions["dispose"], "") for case in Complaint.select()]
    before = statement_counters.statements()
    queue_act_emails(acts, values())
    assert statement_counters.statements() - before <= 4  # however many: persons, last events, e-mails, settings
    assert QueuedEmail.select().count() == 60
    office.do(cases, "dispose")
    assert QueuedEmail.select().count() == 60  # the very same is not sent again


def test_it_is_off_until_the_office_and_its_server_are_set(office):
    smtp.install("")
    assert events(received(office).id) == []
    smtp.install("smtp://mail.example")
    store_setting(TELL_CITIZENS, False, office.at.date())
    assert events(received(office).id) == []
    assert OPTIONS[TELL_CITIZENS].default is False


def test_it_is_erased_with_the_case(office):
    case = received(office)
    assert events(case.id) != []
    CaseKey.delete().where(CaseKey.complaint == case.id).execute()
    assert events(case.id) == []


def test_every_text_fits_its_e_mail_and_a_chat_message(office):
    case, settings = received(office), values()
    for word in TELLS:
        text = chat_text(word, case, settings)
        assert case.number in text
        assert "{" not in text


@pytest.mark.only("sqlite")
def test_an_act_that_was_taken_back_does_not_stand_because_its_version_begins_like_that_of_another(office):
    case = received(office)
    office.bring([case.id], "dispose")
    while (version := Complaint.get_by_id(case.id).version) < 10:
        office.do([case.id], "supplement")
    office.do([case.id], "dispose")
    email = QueuedEmail.get(QueuedEmail.event == vocabulary().transitions["dispose"].tells)
    assert email.key.startswith(f"{to_pengadu.KIND}/{case.id}/{case.version}{version % 10 + 1}/")
    people = to_pengadu.people_of([case.id])[case.id]
    assert to_pengadu.obstacle(email, people, values()) == ""
    office.do([case.id], "recall")
    assert to_pengadu.obstacle(email, people, values()) == to_pengadu.TAKEN_BACK
