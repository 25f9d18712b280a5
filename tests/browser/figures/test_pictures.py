"""The leadership's charts: each saved as a picture with its heading, in the colours of the page."""

import io
from pathlib import Path

from PIL import Image

from tests.browser.window import Desk

SAVE = "[data-save-picture]"


def test_a_chart_is_saved_as_a_picture_named_after_it(desk: Desk) -> None:
    desk.sign_in("kadis")
    desk.open("/pimpinan/")
    cards = desk.page.locator(f".drawn:has({SAVE})")
    assert cards.count() > 2
    for card in cards.all():
        with desk.page.expect_download() as saved:
            card.locator(SAVE).click()
        assert saved.value.suggested_filename == f"{card.locator('h2').inner_text()}.png".replace("\n", " ")
        picture = Image.open(io.BytesIO(Path(saved.value.path()).read_bytes())).convert("RGB")
        colours = {colour for _, colour in picture.getcolors(1 << 24) or ()}
        assert picture.width > 1_200
        assert {(255, 255, 255), (15, 92, 92)} <= colours, "the card's ground and the chart's teal"
