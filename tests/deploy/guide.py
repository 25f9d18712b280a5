"""The guide that installs the panel, docs/panduan/pasang.md: its parts, and the commands of each."""

import re

from tests import sixth_row

HOUSE = sixth_row.HOUSE
DEPLOY = HOUSE / "deploy"
PAGE = HOUSE / "docs" / "panduan" / "pasang.md"
EXAMPLE = "0.1.0"  # the number of the archive as the page writes it
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

ARCHIVE, TIME, ONE_COMMAND, PACKAGES, CODE, SETTINGS, HTTPS, START, WALL, DISK, NEW_DISK, MOUNTED, BACKUP, CHECK = (
    "Memeriksa arsip",
    "Waktu dan pembaruan",
    "Pasang dengan satu perintah",
    "1. Paket, pengguna, dan folder",
    "2. Kode",
    "3. Pengaturan server",
    "4. HTTPS",
    "5. Pengelola pertama, lalu jalankan",
    "6. Dinding api",
    "7. Tempat cadangan dan Lembar Kunci",
    "Diska baru",
    "Memasang diska",
    "Cadangan pertama",
    "8. Pemeriksaan setiap jam",
)
PROXY, POSTGRESQL, MAIL, OWN_CERTIFICATE, CERTBOT, SFTP, TIMER = (
    "Varian proksi",
    "Varian PostgreSQL",
    "Varian surel",
    "Varian sertifikat kantor",
    "Varian certbot",
    "Varian SFTP",
    "Varian cadangan oleh systemd",
)
UPGRADE, DOWNGRADE, GONE, RESTORED, RESUMED, EMPTIED, EMPTIED_POSTGRESQL = (
    "Memperbarui",
    "Kembali ke versi sebelumnya",
    "Server rusak atau hilang",
    "Memulihkan cadangan",
    "Menjalankan yang pulih",
    "Mengosongkan server percobaan",
    "Mengosongkan basis data PostgreSQL",
)
BY_HAND = (ARCHIVE, TIME, PACKAGES, CODE, SETTINGS, HTTPS, START, WALL, DISK, NEW_DISK, MOUNTED, BACKUP, CHECK)
AT_ONCE = (ARCHIVE, TIME, ONE_COMMAND)
BRING_BACK = (MOUNTED, GONE, RESTORED, RESUMED)
EMPTY = (EMPTIED, EMPTIED_POSTGRESQL)
OTHERS = (UPGRADE, DOWNGRADE)  # by tests of their own
VARIANTS = {
    # with which database what is played in addition to the parts that everybody plays
    "sqlite": (PROXY, TIMER),
    "postgresql": (POSTGRESQL, MAIL, SFTP),
}
CERTIFICATES = {OWN_CERTIFICATE, CERTBOT}  # each in the place of the one before


def commands() -> dict[str, str]:
    """What each part has in its fenced blocks, one below the other, for the parts that have any."""
    _, *parts = HEADING.split(PAGE.read_text(encoding="utf-8"))
    headings = parts[::2]
    assert len(set(headings)) == len(headings), "two parts of the guide bear one name"
    blocks = {heading: FENCE.findall(text) for heading, text in zip(headings, parts[1::2], strict=True)}
    return {heading: _joined(heading, several) for heading, several in blocks.items() if several}


def _joined(heading: str, blocks: list[tuple[str, str]]) -> str:
    assert {kind for kind, _ in blocks} == {"sh"}, heading
    return "\n".join(commands for _, commands in blocks)


def commands_of(parts: tuple[str, ...]) -> str:
    """The blocks of these parts, one below the other, as somebody plays them in one window."""
    return "\n".join(commands()[part] for part in parts)


def with_variants(parts: tuple[str, ...], *variants: str) -> tuple[str, ...]:
    """The same parts and these variants, in the order of the page."""
    return tuple(part for part in commands() if part in {*parts, *variants})
