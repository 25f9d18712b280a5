"""The records of a case are in the order of time, whatever kind they are."""

from models.case.case import load
from tests.office import Office


def acts(office: Office, case: int) -> list[str]:
    return [record.act for record in load([case], office["kadis"], office.at)[case].made]


def test_records_stand_in_the_order_in_which_they_were_made(office: Office) -> None:
    [case] = office.receive(until="raise")
    done = acts(office, case)
    for act in ("raise", "return_file", "supplement", "raise", "dispose", "hold", "resume", "handle", "supplement"):
        office.do([case], act, by="petugas" if act == "supplement" else "")
        done.append(act)
        assert acts(office, case) == done


def test_acts_of_one_moment_stand_in_the_order_of_the_table(office: Office) -> None:
    [case] = office.receive(until="raise")
    before = acts(office, case)
    for act in ("raise", "dispose", "handle", "submit", "approve"):
        office.do([case], act, at=office.at)
    assert acts(office, case) == [*before, "raise", "dispose", "handle", "submit", "approve"]
