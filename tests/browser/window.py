"""A person at a browser: signs in, clicks, reads; keeps what the browser complained of."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Response
from pypdf import PdfReader

from tests.browser.served import PASSWORD, Served

PATIENCE = 120_000  # milliseconds until what is clicked, looked for or downloaded has come
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Desk:
    """One browser window on the panel. `faults`: console errors and answers of 500 and above."""

    panel: Served
    page: Page
    faults: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, panel: Served, context: BrowserContext) -> "Desk":
        context.set_default_timeout(PATIENCE)
        desk = cls(panel, context.new_page())
        desk.page.on("console", lambda said: desk._hear(said.type, said.text))
        desk.page.on("pageerror", lambda error: desk.faults.append(f"script: {error}"))
        desk.page.on("response", desk._see)
        return desk

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):  # a 4xx page, expected where it is asked
            self.faults.append(f"{self.page.url}: {text}")

    def _see(self, answer: Response) -> None:
        if answer.status >= 500:
            self.faults.append(f"{answer.request.method} {answer.url}: {answer.status}")

    def sign_in(self, username: str) -> "Desk":
        """By the sign-in page; a user who is signed in signs out first, by the button."""
        if self.page.url.startswith(self.panel.address):
            self.press("Keluar")
        self.open("/masuk")
        form = self.page.locator("form.sheet")
        form.get_by_label("Nama pengguna").fill(username)
        form.get_by_label("Kata sandi").fill(PASSWORD)
        form.get_by_role("button", name="Masuk").click()
        self.page.wait_for_selector(".who")
        return self

    def open(self, address: str) -> Response | None:
        return self.page.goto(self.panel.address + address if address.startswith("/") else address)

    def press(self, label: str, *, within: str = "body") -> None:
        """A button, or a link that looks like one."""
        self.offered(label, within=within).click()
        self.page.wait_for_load_state()

    def offered(self, label: str, *, within: str = "body") -> Locator:
        """A button or such a link, in sight: what does not stand first in a bar of acts is unfolded."""
        here = self.page.locator(within)
        found = here.get_by_role("button", name=label, exact=True).or_(here.get_by_role("link", name=label, exact=True))
        others = here.locator("details.others > summary")
        if others.count() and not found.count():
            others.click()
        return found.first

    def follow(self, words: str, *, within: str = "main") -> None:
        self.page.locator(within).get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()

    def fill(self, **typed: str) -> None:
        """Inputs by their name; a select by the label of its option."""
        for name, words in typed.items():
            blank = self.blank(name)
            if blank.evaluate("e => e.tagName") == "SELECT":
                blank.select_option(label=words)
            else:
                blank.fill(words)

    def blank(self, name: str) -> Locator:
        return self.page.locator(f'main [name="{name.replace("__", "-")}"]').first

    def value(self, name: str) -> str:
        return self.blank(name).input_value()

    def error(self, name: str) -> str:
        """The sentence at a field."""
        return self.page.locator(f"#{self.blank(name).get_attribute('id')}-galat").inner_text()

    def text(self, within: str = "main") -> str:
        """What can be read, blanks collapsed, what is folded away included."""
        return " ".join((self.page.locator(within).first.text_content() or "").split())

    def has_button(self, label: str) -> bool:
        main = self.page.locator("main")
        return bool(main.get_by_role("button", name=label).count() + main.get_by_role("link", name=label).count())

    def fetch(self, address: str) -> Any:
        """The bytes behind a link, as this person."""
        full = self.panel.address + address if address.startswith("/") else address
        return self.page.context.request.get(full, max_redirects=0)


def read(pdf: bytes) -> str:
    """A PDF's whole text without blanks, which line ends move about."""
    assert pdf.startswith(b"%PDF-")
    return squeezed(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def squeezed(text: str) -> str:
    return "".join(text.split())


def fonts(pdf: bytes) -> Iterable[tuple[str, bool]]:
    """(name, whether its file is embedded) of every font of every page."""
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for one in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = one.get_object()
            yield font["/BaseFont"], "/FontFile2" in font.get("/FontDescriptor", {}).get_object()
