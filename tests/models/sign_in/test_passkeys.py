"""A passkey opens by what this session was asked lately and once, under this very name, and never by an older count."""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.office.people import User
from models.sign_in import factor, passkeys
from models.sign_in.passkeys import ChallengedUser, Judgement, PanelName, Passkey, PasskeyOutcome, PasskeyQuestion
from models.store.base import now
from models.store.seal import BrokenSeal
from tests.models.sign_in.device import PRESENT, VERIFIED, Device, text_of
from tests.office import Office, outside

PLACE = PanelName("localhost", "http://localhost")
Bend = Callable[[Device], Device]
by_night = pytest.mark.nightly(engine=["postgresql"])  # by day the first and the one of counts ask there


def asked_of(person: User, session: str = "one", place: PanelName = PLACE) -> ChallengedUser:
    return ChallengedUser(person, session, place)


def keep(asked: ChallengedUser, device: Device, name: str = "Laptop") -> Passkey | None:
    return passkeys.keep_answer(asked, device.make(passkeys.options_to_add(asked)), name=name)


def show(asked: ChallengedUser, device: Device) -> PasskeyOutcome:
    return passkeys.judge_answer(asked, device.show(passkeys.options_to_show(asked))).outcome


@pytest.fixture
def asked(office: Office) -> ChallengedUser:
    return asked_of(office["kadis"])


def test_it_is_stored_with_its_name_and_signs_in(asked: ChallengedUser) -> None:
    device = Device()
    row = keep(asked, device)
    assert (row.name, row.host, row.sign_count, row.used_at) == ("Laptop", "localhost", 0, None)
    assert factor.has_factor(asked.user)
    assert show(asked, device) is PasskeyOutcome.RIGHT
    [row] = passkeys.passkeys_of(asked.user)
    assert row.sign_count == 1
    assert row.used_at


@by_night
def test_the_options_for_the_browser_ask_for_a_verified_user_and_name_no_user(asked: ChallengedUser) -> None:
    keep(asked, Device())
    to_add, to_show = json.loads(passkeys.options_to_add(asked)), json.loads(passkeys.options_to_show(asked))
    assert to_add["rp"]["id"] == to_show["rpId"] == "localhost"
    assert to_add["authenticatorSelection"]["userVerification"] == to_show["userVerification"] == "required"
    assert to_add["attestation"] == "none"
    assert [one["id"] for one in to_add["excludeCredentials"]] == [text_of(Device().credential)]
    assert [one["id"] for one in to_show["allowCredentials"]] == [text_of(Device().credential)]
    assert str(asked.user.id) not in to_add["user"]["id"]
    assert len(to_show["challenge"]) >= 43  # 32 bytes


BENT: dict[str, Bend] = {
    "another page": lambda device: replace(device, origin="https://localhost.example"),
    "another port": lambda device: replace(device, origin="http://localhost:8001"),
    "another scheme": lambda device: replace(device, origin="https://localhost"),
    "another name": lambda device: replace(device, host="localhost.example"),
    "a page within another": lambda device: replace(device, more={"crossOrigin": True}),
    "user not verified": lambda device: replace(device, flags=PRESENT),
    "user not present": lambda device: replace(device, flags=VERIFIED),
}


@by_night
def test_with_another_origin_host_or_user_nothing_is_stored_and_nothing_opens(asked: ChallengedUser) -> None:
    device = Device()
    for says, bend in BENT.items():
        assert keep(asked, bend(device)) is None, says
    assert keep(asked, device)
    for says, bend in BENT.items():
        assert show(asked, bend(replace(device, count=10))) is PasskeyOutcome.WRONG, says
    assert show(asked, device) is PasskeyOutcome.RIGHT


@by_night
def test_of_another_signature_key_or_person_nothing_opens(office: Office, asked: ChallengedUser) -> None:
    device, other = Device(), Device(credential=b"another one")
    other_asked = asked_of(office["admin"], "two")
    assert keep(asked, device)
    assert keep(other_asked, other)
    assert show(asked, other) is PasskeyOutcome.WRONG
    assert (
        show(asked, Device(credential=device.credential, count=9)) is PasskeyOutcome.WRONG
    )  # another key under its name
    assert keep(other_asked, device) is None  # nor is it stored for a second user
    assert show(other_asked, device) is PasskeyOutcome.WRONG


@by_night
def test_each_question_is_answered_once(asked: ChallengedUser) -> None:
    device = Device()
    added = device.make(passkeys.options_to_add(asked))
    assert passkeys.keep_answer(asked, added, name="Laptop")
    assert passkeys.keep_answer(asked, added, name="Laptop") is None
    answer = device.show(passkeys.options_to_show(asked))
    assert passkeys.judge_answer(asked, answer).outcome is PasskeyOutcome.RIGHT
    assert passkeys.judge_answer(asked, answer).outcome is PasskeyOutcome.WRONG


@by_night
def test_a_question_is_of_one_session_one_purpose_and_five_minutes(
    asked: ChallengedUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device()
    keep(asked, device)
    of_adding, of_showing = passkeys.options_to_add(asked), passkeys.options_to_show(asked)
    elsewhere = asked_of(asked.user, "two")
    assert passkeys.judge_answer(elsewhere, device.show(of_showing)) == passkeys.WRONG
    assert passkeys.judge_answer(asked, device.show(of_adding)) == passkeys.WRONG
    new = Device(credential=b"new")
    assert passkeys.keep_answer(asked, new.make(of_showing), name="Laptop") is None
    later = now() + passkeys.OPEN_FOR + timedelta(seconds=1)
    monkeypatch.setattr(passkeys, "now", lambda: later)
    assert passkeys.judge_answer(asked, device.show(of_showing)) == passkeys.WRONG
    passkeys.options_to_show(asked)
    assert PasskeyQuestion.select().count() == 1  # the old ones are gone


@by_night
def test_two_tabs_are_asked_two_questions_and_of_many_the_last_stay_open(asked: ChallengedUser) -> None:
    device = Device()
    keep(asked, device)
    first, *others = [passkeys.options_to_show(asked) for _ in range(passkeys.MOST_OPEN + 1)]
    assert passkeys.judge_answer(asked, device.show(first)) == passkeys.WRONG
    for options in (others[1], others[0]):
        assert passkeys.judge_answer(asked, device.show(options)).outcome is PasskeyOutcome.RIGHT


@by_night
def test_a_challenge_in_another_session_removes_no_open_one(asked: ChallengedUser) -> None:
    """With the password alone one gets as far as the question."""
    device, elsewhere = Device(), asked_of(asked.user, "two")
    keep(asked, device)
    options = passkeys.options_to_show(asked)
    for _ in range(passkeys.MOST_OPEN + 1):
        passkeys.options_to_show(elsewhere)
    assert passkeys.judge_answer(asked, device.show(options)).outcome is PasskeyOutcome.RIGHT


@by_night
def test_of_tabs_that_began_before_there_were_enough_none_adds_more(asked: ChallengedUser) -> None:
    devices = [Device(credential=bytes([number])) for number in range(passkeys.MOST + 1)]
    assert all(keep(asked, device) for device in devices[:-1])
    assert keep(asked, devices[-1]) is None
    assert len(passkeys.passkeys_of(asked.user)) == passkeys.MOST


def test_an_answer_longer_than_any_device_s_is_not_read(asked: ChallengedUser) -> None:
    """Else a number of a megabyte in it, which CBOR knows, occupies the whole panel for minutes."""
    device, padding = Device(), " " * passkeys.LONGEST_ANSWER
    assert passkeys.keep_answer(asked, device.make(passkeys.options_to_add(asked)) + padding, name="Laptop") is None
    assert keep(asked, device)
    response = device.show(passkeys.options_to_show(asked))
    assert passkeys.judge_answer(asked, response + padding) == passkeys.WRONG
    assert passkeys.judge_answer(asked, response).outcome is PasskeyOutcome.RIGHT


def test_a_device_whose_counter_went_back_is_recognised(asked: ChallengedUser) -> None:
    device = Device(count=6)
    row = keep(asked, device)
    assert show(asked, device) is PasskeyOutcome.RIGHT
    for count in (6, 5, -1):
        options = passkeys.options_to_show(asked)
        judged = passkeys.judge_answer(asked, replace(device, count=count).show(options))
        assert judged == Judgement(PasskeyOutcome.BEHIND, row), count
    assert show(asked, device) is PasskeyOutcome.RIGHT  # the one that counts on goes on


@by_night
def test_a_device_that_never_counts_opens(asked: ChallengedUser) -> None:
    device = Device()
    keep(asked, device)
    for _ in range(2):
        assert show(asked, replace(device, count=-1)) is PasskeyOutcome.RIGHT


@by_night
def test_removed_it_opens_nothing_and_the_last_factor_takes_the_codes_along(asked: ChallengedUser) -> None:
    device = Device()
    row = keep(asked, device)
    assert len(factor.first_recovery_codes(asked.user)) == 10
    assert factor.first_recovery_codes(asked.user) == []
    options = passkeys.options_to_show(asked)
    assert factor.remove_passkey(row)
    assert passkeys.judge_answer(asked, device.show(options)) == passkeys.WRONG
    assert not factor.has_factor(asked.user)
    assert factor.recovery_codes_left(asked.user) == 0


@by_night
def test_a_key_that_was_planted_or_moved_opens_nothing(office: Office, asked: ChallengedUser) -> None:
    device = Device()
    keep(asked, device)
    Passkey.update(user=office["admin"]).execute()
    with pytest.raises(BrokenSeal):
        show(asked_of(office["admin"]), device)
    Passkey.update(user=office["kadis"], sealed_key=secrets.token_bytes(90)).execute()
    with pytest.raises(BrokenSeal):
        show(asked, device)
    with outside(office.path) as raw:
        assert raw.execute("SELECT count(*) FROM passkey").fetchone()[0] == 1


@by_night
def test_under_another_name_of_the_panel_it_is_not_asked(asked: ChallengedUser) -> None:
    keep(asked, Device())
    there = asked_of(asked.user, place=PanelName("panel.example", "https://panel.example"))
    assert json.loads(passkeys.options_to_show(there)).get("allowCredentials", []) == []
    assert show(there, Device(origin=there.place.origin, host="panel.example")) is PasskeyOutcome.WRONG


SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.sampled_from(["public-key", "YQ", "e30"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)
NAMES = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


@settings(max_examples=25)
@given(answer=st.text(max_size=60) | SCRAPS.map(json.dumps), response=st.dictionaries(st.sampled_from(NAMES), SCRAPS))
def test_whatever_a_browser_says_is_refused_and_never_a_failure(answer: str, response: dict[str, object]) -> None:
    """Without a question of ours nothing is looked up, so this needs no office: what is parsed before is all."""
    whole = json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": response})
    for text in (answer, whole):
        assert passkeys._question_in(text) is None or isinstance(passkeys._question_in(text), bytes)
        assert isinstance(passkeys._credential_in(text), bytes)
        assert passkeys._verified_new(PLACE, text, b"question") is None


def test_a_new_key_that_is_cut_short_or_too_long_is_refused() -> None:
    question = b"question"
    options = json.dumps({"challenge": text_of(question)})
    whole = Device().make(options)
    assert passkeys._verified_new(PLACE, whole, question)
    made = json.loads(whole)["response"]["attestationObject"]
    for length in range(0, len(made), 4):
        assert passkeys._verified_new(PLACE, whole.replace(made, made[:length]), question) is None, length
    assert passkeys._verified_new(PLACE, Device(credential=bytes(2000)).make(options), question) is None
