"""The codes are those of RFC 6238, and a phone whose clock is a step off is let in."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from models.sign_in.factor import code_at, key_address, key_text, matching_step, step_of

KEY = b"12345678901234567890"  # of the RFC's appendix B
VECTORS = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 20000000000: "353130"}
NOON = datetime(2026, 12, 9, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_the_vectors_of_the_standard_hold(second: int, code: str) -> None:
    assert code_at(KEY, step_of(datetime.fromtimestamp(second, UTC))) == code


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(seconds: int, fits: bool) -> None:
    typed = code_at(KEY, step_of(NOON + timedelta(seconds=seconds)))
    assert (matching_step(KEY, typed, NOON) is not None) == fits


@pytest.mark.parametrize("typed", ["", "1", "12345", "1234567", "abcdef", "²²²²²²", "000000"])
def test_what_is_no_code_matches_nothing(typed: str) -> None:
    assert matching_step(KEY, typed, NOON) is None


def test_an_app_reads_the_same_key_from_the_address_as_a_person_from_the_text() -> None:
    address = urlsplit(key_address(KEY, "bidang.ppa"))
    parameters = parse_qs(address.query)
    assert (address.scheme, address.netloc, unquote(address.path)) == ("otpauth", "totp", "/Panel Pengaduan:bidang.ppa")
    assert parameters == {"secret": [key_text(KEY).replace(" ", "")], "issuer": ["Panel Pengaduan"]}
