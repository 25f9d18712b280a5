"""The cards of CONTRIBUTING as a newcomer plays them: their own fenced blocks, put strictly into a copy of the tree."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import sixth_row

HOUSE = sixth_row.HOUSE
HEADING, FENCE = (
    re.compile(r"^### (.+)$", re.MULTILINE),
    re.compile(r"^```(diff|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL),
)
COMMAND = re.compile(r"^\t\$\(BIN\)/python (.+)$", re.MULTILINE)


class Misfit(AssertionError):
    """A block of a card does not fit: its text is not there exactly once, or its new file is there already."""


@dataclass(frozen=True)
class Edit:
    """One hunk of a block: a text that a file holds once, and what stands there instead; a new file held none."""

    path: Path
    old: str
    new: str

    def put_into(self, tree: Path) -> None:
        file = tree / self.path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if text.count(self.old) != 1 if self.old else file.exists():
            raise Misfit(f"{self.path}: {self.old or 'the file is there already'}")
        file.write_text(text.replace(self.old, self.new) if self.old else self.new, encoding="utf-8")


def cards() -> dict[str, str]:
    """Each card by its heading."""
    _, *parts = HEADING.split((HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def blocks(card: str) -> list[tuple[str, str]]:
    """Its fenced blocks in order: what they are written in (diff or sh), and what stands in them."""
    return FENCE.findall(cards()[card])


def edits(diff: str) -> Iterator[Edit]:
    """The hunks of a block: `+++ path` begins a file, `@@` another place in it."""
    for part in re.split(r"^\+\+\+ ", diff, flags=re.MULTILINE)[1:]:
        path, _, hunks = part.partition("\n")
        for hunk in re.split(r"^@@.*\n", hunks, flags=re.MULTILINE):
            lines = hunk.splitlines(keepends=True)
            old, new = ("".join(line[1:] for line in lines if line[0] in kinds) for kinds in (" -", " +"))
            yield Edit(Path(path), old, new)


def play(card: str, tree: Path) -> None:
    """Do what the card's blocks say, in their order, and nothing more."""
    for kind, text in blocks(card):
        if kind == "diff":
            for edit in edits(text):
                edit.put_into(tree)
        else:
            for target in re.findall(r"^make (\w+)$", text, re.MULTILINE):
                _make(target, tree)


def _make(target: str, tree: Path) -> None:
    """What the Makefile runs for a target, with the Python that is at work here."""
    recipe = (tree / "Makefile").read_text(encoding="utf-8").partition(f"\n{target}:")[2].partition("\n\n")[0]
    [words] = COMMAND.findall(recipe)
    subprocess.run([sys.executable, *words.split()], cwd=tree, check=True, capture_output=True, text=True)
