"""The browser and system of a session are named in words, and nothing else of the browser is stored."""

import pytest

from models.sign_in.session import UNKNOWN, device_words

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
AGENTS = {
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36": "Chrome di Windows",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0": "Edge di Windows",
    f"Mozilla/5.0 (Linux; Android 14; SM-A057F) {WEBKIT} Chrome/142.0 Mobile Safari/537.36": "Chrome di Android",
    f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Mobile": "Samsung Internet di Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1": "Safari di iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15": "Safari di macOS",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0": "Firefox di Linux",
    "curl/8.5.0": UNKNOWN,
    "": UNKNOWN,
}


@pytest.mark.parametrize("agent", AGENTS)
def test_browser_and_system_are_named_in_words(agent: str) -> None:
    assert device_words(agent) == AGENTS[agent]
