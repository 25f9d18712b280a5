"""A decision on an opened sheet: on nothing but what the person was shown; sent twice, it is answered as done."""

from datetime import timedelta
from typing import Any

import pytest

from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.reading.desk import steps_of_desk
from models.records.registry import RECORDS
from models.sign_in.session import Session
from models.store.base import now
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import vocabulary
from tests.admin.desk.desktop import ask, laid, lying, on_desk, reason, send
from tests.admin.doors import words
from tests.office import PASSWORD, Office

each = pytest.mark.parametrize("step", steps_of_desk(), ids=lambda step: step.key)


@each
def test_what_was_never_laid_open_is_not_decided_on_but_laid_open(at: Any, office: Office, step: Transition) -> None:
    [case] = on_desk(office, step.key, 1)
    kadis, before = at("kadis"), office.digest()
    page = kadis.get(f"/meja/{step.key}/").text
    do = f"decide:{step.key}:{case}:{lying(page)[case]}"
    number = Complaint.get_by_id(case).number
    assert ask(kadis, step.key, page, do=do) == (
        409,
        {"refused": f"Lembar pengaduan {number} belum Anda buka. Baca dahulu."},
    )
    answer = send(kadis, step.key, page, do=do)
    assert (answer.status_code, office.digest()) == (409, before)
    assert f"Lembar pengaduan {number} belum Anda buka." in words(answer.text)
    assert f'data-reader="{case}:' in answer.text
    assert send(kadis, step.key, answer.text, do=do).status_code == 200  # the answer has shown it
    assert office.state(case) != step.key


def test_opened_at_an_earlier_version_or_by_somebody_else_is_not_shown(at: Any, office: Office) -> None:
    [case] = on_desk(office, "approve", 1)
    Seen.create(
        complaint=case, user=office["bidang.ppa"], version=Complaint.get_by_id(case).version, at=now(), what="meja"
    )
    kadis = at("kadis")
    kadis.get(f"/pengaduan/details/?id={case}")
    page = kadis.get("/meja/approve/").text
    assert ask(kadis, "approve", page, do=f"decide:approve:{case}:{lying(page)[case]}")[0] == 409
    kadis.get(f"/meja/approve/{case}/")
    office.do([case], "supplement", note="Keterangan baru.")
    page = kadis.get("/meja/approve/").text
    assert ask(kadis, "approve", page, do=f"decide:approve:{case}:{lying(page)[case]}")[0] == 409
    assert office.state(case) == "approve"


@each
def test_a_second_sending_of_the_same_decision_is_answered_as_done(at: Any, office: Office, step: Transition) -> None:
    ids = on_desk(office, step.key, 2)
    kadis = at("kadis")
    page = kadis.get(f"/meja/{step.key}/{ids[0]}/").text
    do, sentence = f"decide:{step.key}:{ids[0]}:{lying(page)[ids[0]]}", f"telah {step.done[1]}"
    first, second = (ask(kadis, step.key, page, do=do) for _ in range(2))
    assert first == second
    assert first[0] == 200
    assert sentence in first[1]["done"]
    assert [one["words"] for one in first[1]["ways"]] == [f"Cetak {step.papers[0].title}", "Tarik kembali"]
    assert sentence in words(send(kadis, step.key, page, do=do).text)
    both = [send(kadis, step.key, page, *ids) for _ in range(2)]  # many at once: the first of them is done already
    assert [answer.status_code for answer in both] == [200, 200]
    assert "Belum diproses" not in words(both[1].text)
    assert Event.select().where(Event.act == step.key).count() == 2


def test_another_decision_on_what_is_decided_is_no_second_sending(at: Any, office: Office) -> None:
    with_note, changed, going, undone = on_desk(office, "approve", 4)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    shown = lying(page)
    for case in shown:
        kadis.get(f"/meja/approve/{case}/")
    do = {case: f"decide:approve:{case}:{version}" for case, version in shown.items()}
    back = laid("send_back", going, shown[going], reason=reason("send_back"), note="Kurang.")
    assert ask(kadis, "approve", page, do=do[with_note])[0] == 200
    assert ask(kadis, "approve", page, do=f"decide:send_back:{going}:{shown[going]}", **back)[0] == 200
    assert ask(kadis, "approve", page, do=do[undone])[0] == 200
    office.do([undone], "recall", reason=reason("recall"))
    office.do([changed], "approve", note="Segera.", outcome="catatan")
    for case, blanks in (
        (with_note, laid("approve", with_note, shown[with_note], note="Dengan catatan.")),
        (changed, {}),  # what stands has a note
        (going, {}),  # it went back
        (undone, {}),  # it does not stand any more
    ):
        code, answer = ask(kadis, "approve", page, do=do[case], **blanks)
        assert code == 409, case
        assert "telah diubah oleh" in answer["refused"]
    again = ask(kadis, "approve", page, do=f"decide:send_back:{going}:{shown[going]}", **back)
    assert again[0] == 200
    assert "telah dikembalikan" in again[1]["done"]


@each
def test_before_it_waits_in_the_tab_it_is_asked_whether_it_would_go(at: Any, office: Office, step: Transition) -> None:
    [case] = on_desk(office, step.key, 1)
    [back, *_] = [act for act in current_procedure().other_ways(step) if act.bulk]
    kadis = at("kadis")
    page = kadis.get(f"/meja/{step.key}/{case}/").text
    do, before = f"ready:{step.key}:{case}:{lying(page)[case]}", office.digest()
    assert ask(kadis, step.key, page, do=do) == (200, {"done": "", "brief": "", "ways": []})
    lacking = laid(back.key, case, lying(page)[case], reason="", note="Kurang.")
    code, answer = ask(kadis, step.key, page, do=do.replace(step.key, back.key), **lacking)
    assert code == 409
    assert answer["refused"].startswith("Alasan:")
    assert ask(kadis, step.key, page, do=do.replace("ready", "was")) == (200, {"done": "", "brief": "", "ways": []})
    Session.update(proven=now() - timedelta(minutes=31)).execute()
    asked = send(kadis, step.key, page, do=do)
    assert asked.status_code == 401
    assert office.digest() == before
    shown = send(kadis, step.key, page, do=do, sandi_kunci=PASSWORD)
    assert (shown.status_code, office.digest()) == (200, before)  # asked first, then the decision is taken
    decide = do.replace("ready", "decide")
    assert f'data-ready="{decide}"' in shown.text
    assert ask(kadis, step.key, page, do=decide)[0] == 200
    for word in ("ready", "was"):
        assert f"telah {step.done[1]}" in ask(kadis, step.key, page, do=do.replace("ready", word))[1]["done"]


@each
def test_the_result_offers_to_take_each_back_until_it_is_opened_and_then_names_who(
    at: Any, office: Office, step: Transition
) -> None:
    first, second = on_desk(office, step.key, 2)
    kadis = at("kadis")
    page = kadis.get(f"/meja/{step.key}/").text
    result = send(kadis, step.key, page, first, second)
    for case in (first, second):
        assert f'href="/pengaduan/langkah/recall/?id={case}"' in result.text
    after = office.actor(vocabulary().transitions[office.state(first)], first)
    at(after.username).get(f"/pengaduan/details/?id={first}")
    result = send(kadis, step.key, page, first, second)  # sent once more: the same result as it stands by now
    assert f"Sudah dibuka {after.name}" in words(result.text)
    assert f'href="/pengaduan/langkah/recall/?id={first}"' not in result.text
    assert f'href="/pengaduan/langkah/recall/?id={second}"' in result.text
    refused = kadis.get(f"/pengaduan/langkah/recall/?id={first}")
    assert f"sudah dibuka pelaksana berikutnya ({after.name})" in words(refused.text)
    assert RECORDS[step.record].select().where(RECORDS[step.record].recalled).count() == 0
