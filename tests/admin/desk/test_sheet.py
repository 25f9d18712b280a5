"""The sheet as such: a case that goes back does not take the step as well, though it is still ticked."""

from admin.desk.state import DeskState
from sop.vocabulary import vocabulary

DISPOSE = vocabulary().transitions["dispose"]


def test_what_is_ticked_and_goes_back_goes_back_alone() -> None:
    sheet = DeskState(DISPOSE, {1: 4, 2: 5}, {"return_file": {1: 4}})
    assert {act.key: versions for act, versions in sheet.parts()} == {"return_file": {1: 4}, "dispose": {2: 5}}
