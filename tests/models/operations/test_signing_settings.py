"""What SIGNING_… names is used or told in one sentence, which quotes none of it; a key is read when it is checked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.operations import environment_checks, signing_settings
from models.operations.checks import UNKNOWN, WELL, WRONG, EnvironmentContext
from models.operations.duties import BY_NAME
from models.operations.signing_settings import (
    CONTROL,
    HOSTLESS,
    LOCKED,
    MORE,
    NAMES,
    ODD,
    OPEN,
    PORTLESS,
    READABLE,
    UNREADABLE,
    UNUSED,
    signing_faults,
    url_fault,
)
from tests.papers.signers import key_file

SECRET = "kenariXsandi"
GOOD = (
    "https://esign.example",
    "https://esign.example:8443/tte",
    "http://127.0.0.1:8080",
    "http://localhost/",
    "https://[::1]:1/",
)
BAD = {
    "http://esign.example": OPEN,
    "http://10.0.0.1": OPEN,
    "http://127.0.0.1.example": OPEN,
    "ftp://esign.example": OPEN,
    "esign.example": OPEN,
    "https://": HOSTLESS,
    "https://[::1": HOSTLESS,
    "https://e_sign!": HOSTLESS,
    "https://esign.example:99999": PORTLESS,
    "https://esign.example:0": PORTLESS,
    f"https://panel:{SECRET}@esign.example": MORE,
    f"https://esign.example/?{SECRET}": MORE,
    f"https://esign.example/#{SECRET}": MORE,
    f"https://esign.example/{SECRET} x": ODD,
    f"https://esign.example/\n{SECRET}": ODD,
    f"https://é.example/{SECRET}": ODD,
}


@pytest.mark.parametrize("name", ["SIGNING_URL", "SIGNING_TIMESTAMP_URL"])
@pytest.mark.parametrize(("url", "fault"), BAD.items())
def test_an_address_that_would_get_secrets_in_the_clear_or_is_none_stops_the_start(
    name: str, url: str, fault: str
) -> None:
    [sentence] = environment_checks.unsafe_environment({"SIGNING_P12": "/k.p12", name: url})
    assert sentence == signing_settings.FORM.format(name, fault)
    assert SECRET not in sentence


@pytest.mark.parametrize("url", GOOD)
def test_an_address_with_tls_or_on_this_computer_may_be_named(url: str) -> None:
    assert url_fault(url) == ""


@pytest.mark.parametrize(
    "environment",
    [
        {"SIGNING_P12_PASSWORD": SECRET},
        {"SIGNING_TIMESTAMP_URL": "https://stempel.example"},
        {"SIGNING_USER": "panel", "SIGNING_PASSWORD": SECRET},
        {"SIGNING_URL": "https://esign.example", "SIGNING_USER": "panel"},
        {"SIGNING_URL": "https://esign.example", "SIGNING_PASSWORD": SECRET},
        {"SIGNING_URL": "https://esign.example", "SIGNING_USER": "pa:nel", "SIGNING_PASSWORD": SECRET},
        {"SIGNING_URL": "https://esign.example", "SIGNING_USER": "panel", "SIGNING_PASSWORD": f"{SECRET}\n"},
    ],
    ids=lambda environment: " ".join(environment),
)
def test_half_of_a_setting_or_one_that_cannot_be_sent_is_one_sentence(environment: dict[str, str]) -> None:
    [sentence] = signing_faults(environment)
    assert "SIGNING_" in sentence
    assert sentence.endswith(".")
    assert SECRET not in sentence


def test_both_ways_may_be_configured_and_none_need_be() -> None:
    values = ("/k.p12", SECRET, "https://stempel.example/tsr", "https://esign.example", "panel", SECRET)
    whole = dict(zip(NAMES, values, strict=True))
    assert [*signing_faults(whole)] == [*signing_faults({})] == []
    key, service = signing_settings.key_settings(whole), signing_settings.service_settings(whole)
    assert SECRET not in repr((key, service))
    assert (key, service) != (None, None)
    assert CONTROL.endswith(".")


@pytest.fixture
def place(tmp_path: Path) -> EnvironmentContext:
    return EnvironmentContext(url="", var=tmp_path, at=datetime.now(UTC), own_name="", failures=None, house=tmp_path)


def configured(monkeypatch: pytest.MonkeyPatch, path: Path, *, days: tuple[int, int], mode: int = 0o600) -> None:
    path.write_bytes(key_file("Dinas Sosial", password=SECRET, days=days))
    path.chmod(mode)
    monkeypatch.setenv("SIGNING_P12", str(path))
    monkeypatch.setenv("SIGNING_P12_PASSWORD", SECRET)


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        ((-9, 300), WELL, "berlaku sampai"),
        ((-9, 9), WRONG, "hari lagi"),
        ((-9, -1), WRONG, "sudah berakhir"),
        ((1, 9), WRONG, "baru berlaku mulai"),
    ],
)
def test_the_check_says_until_when_the_certificate_of_the_key_is_valid(
    place: EnvironmentContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: tuple[int, int],
    state: str,
    words: str,
) -> None:
    configured(monkeypatch, tmp_path / "kantor.p12", days=days)
    finding = BY_NAME["signing"].look(place)
    assert (finding.state, words in finding.sentence) == (state, True)


def test_a_key_that_does_not_open_is_gone_or_read_by_others_is_told(
    place: EnvironmentContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kantor.p12"
    configured(monkeypatch, path, days=(-9, 300), mode=0o644)
    look = BY_NAME["signing"].look
    assert look(place).sentence == READABLE
    path.chmod(0o600)
    monkeypatch.setenv("SIGNING_P12_PASSWORD", "keliru")
    assert look(place).sentence == LOCKED
    for content in (b"", b"bukan kunci", b"0" * (signing_settings.MOST + 1)):
        path.write_bytes(content)
        assert look(place).sentence == (UNREADABLE if len(content) > signing_settings.MOST else LOCKED)
    path.unlink()
    assert look(place).sentence == UNREADABLE


def test_without_either_way_the_check_passes_over_it(
    place: EnvironmentContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = BY_NAME["signing"].look
    assert (look(place).state, look(place).sentence) == (UNKNOWN, UNUSED)
    monkeypatch.setenv("SIGNING_URL", "https://esign.example/tte")
    assert look(place).state == WELL
    assert "esign.example" in look(place).sentence


def test_an_expired_key_is_checked_and_does_not_stop_the_start() -> None:
    environment = {"SIGNING_P12": "/tidak/ada.p12"}
    assert [*environment_checks.unsafe_environment(environment)] == []
