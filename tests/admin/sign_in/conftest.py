"""Each test that asks for a phone gets one of its own."""

import pytest

from tests.admin.sign_in.phone import Phone


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    return Phone(monkeypatch)
