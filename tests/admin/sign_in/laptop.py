"""A user's laptop that stores passkeys: what the script of a page does with it, done by hand."""

import re
from html import unescape
from typing import Any

from tests.admin.doors import Visitor
from tests.admin.sign_in.phone import PAGE, RECOVERY
from tests.models.sign_in.device import Device
from tests.office import PASSWORD

OPTIONS = re.compile(r'data-options="([^"]+)"')
ANSWER, ASK = "kunci_sandi", "/masuk/kunci"


class Laptop(Device):
    """The device with its browser, on the pages of the panel."""

    def added(self, visitor: Visitor, password: str = PASSWORD, name: str = "Laptop kantor", **more: str) -> Any:
        """By the page, as a person does: the answer to the last of its forms."""
        asked = visitor.post(PAGE, do="key", password=password, nama=name, **more)
        assert asked.status_code == 200, asked.text
        made = self.make(unescape(OPTIONS.search(asked.text)[1]))
        return visitor.post(PAGE, do="keep", nama=name, jawaban=made)

    def set_up(self, visitor: Visitor) -> list[str]:
        """The same of the first factor: its recovery codes."""
        done = self.added(visitor)
        assert done.status_code == 200, done.text
        return RECOVERY.findall(done.text)

    def answer(self, visitor: Visitor) -> str:
        """The options that the page's script gets."""
        asked = visitor.post(ASK)
        assert asked.status_code == 200, asked.text
        return self.show(asked.text)
