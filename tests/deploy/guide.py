"""The guide that installs the panel, docs/panduan/pasang.md: its parts, and the commands of each."""

import re

from tests import sixth_row

HOUSE = sixth_row.HOUSE
DEPLOY = HOUSE / "deploy"
PAGE = HOUSE / "docs" / "panduan" / "pasang.md"
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

PACKAGES, CODE, SETTINGS, HTTPS, START, WALL, BACKUP, UPGRADE, GONE = (
    "1. Paket, pengguna, dan folder",
    "2. Kode",
    "3. Pengaturan server",
    "4. HTTPS",
    "5. Pengelola pertama, lalu jalankan",
    "6. Dinding api",
    "7. Tempat cadangan dan Lembar Kunci",
    "Memperbarui",
    "Server rusak atau hilang",
)
INSTALL = (PACKAGES, CODE, SETTINGS, HTTPS, START, WALL, BACKUP)
BRING_BACK = (PACKAGES, CODE, SETTINGS, HTTPS, GONE)


def commands() -> dict[str, str]:
    """What each part has in its fenced block, for the parts that have one; no part has two."""
    _, *parts = HEADING.split(PAGE.read_text(encoding="utf-8"))
    blocks = {heading: FENCE.findall(text) for heading, text in zip(parts[::2], parts[1::2], strict=True)}
    return {heading: _only(heading, several) for heading, several in blocks.items() if several}


def _only(heading: str, blocks: list[tuple[str, str]]) -> str:
    assert [kind for kind, _ in blocks] == ["sh"], heading
    return blocks[0][1]


def commands_of(parts: tuple[str, ...]) -> str:
    """The blocks of these parts, one below the other, as somebody plays them in one window."""
    return "\n".join(commands()[part] for part in parts)
