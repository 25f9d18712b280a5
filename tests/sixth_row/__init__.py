"""A sixth row as its author would write it, and the tree that it makes: one row, one model, one template."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
PIECES = Path(__file__).resolve().parent
COMPILED = f"{sys.implementation.cache_tag}.pyc"
TABLE = Path("sop/procedure.py")
END_OF_ROWS = "\n)\n\nDETOURS"
SECOND_ROW = '    Row(\n        kegiatan="Berkas pengaduan dinaikkan'
START_OF_DETOURS = "DETOURS: tuple[Transition, ...] = (\n"


@dataclass(frozen=True)
class SixthRow:
    """What its author writes: the row of the table, a record of this key, a paper of that one."""

    key: str
    paper: str

    @property
    def row(self) -> Path:
        return PIECES / f"{self.key}.txt"

    @property
    def new(self) -> dict[Path, Path]:
        return {
            Path(f"models/records/{self.key}.py"): PIECES / f"{self.key}.py",
            Path(f"templates/papers/{self.paper}.html"): PIECES / f"{self.paper}.html",
        }


MONITORING = SixthRow("monitoring", "lembar_pemantauan")  # README's
REVISIT = SixthRow("revisit", "lembar_kunjungan")  # a date, a number, a choice, a file; in no order of letters
ROWS = (MONITORING, REVISIT)


def files(tree: Path = HOUSE) -> list[Path]:
    """What belongs to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=tree, check=True, capture_output=True, text=True
    ).stdout
    return [path for name in listed.split("\0") if name and (tree / (path := Path(name))).is_file()]


def copy(target: Path) -> None:
    """The house as it stands, without its data and its tools; a repository of its own, so that it knows its files.

    What is compiled comes along with the files' times: Python compiles anew what is edited there and nothing else.
    """
    subprocess.run(["git", "init", "--quiet"], cwd=target, check=True)
    for path in files():
        _copy_with_its_time(path, target)
        if path.suffix == ".py":
            _copy_with_its_time(path.parent / "__pycache__" / f"{path.stem}.{COMPILED}", target)


def _copy_with_its_time(path: Path, target: Path) -> None:
    if (HOUSE / path).exists():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(HOUSE / path, target / path)


def add_row(tree: Path, row: SixthRow = MONITORING) -> None:
    """The three edits, and no other."""
    table = (tree / TABLE).read_text(encoding="utf-8")
    before, end, after = table.partition(END_OF_ROWS)
    (tree / TABLE).write_text(f"{before}\n{row.row.read_text(encoding='utf-8').rstrip()}{end}{after}", encoding="utf-8")
    for path, piece in row.new.items():
        shutil.copyfile(piece, tree / path)


def add_row_between(tree: Path) -> None:
    """A row that stands between the first and the second: words of the table alone, without blanks or paper."""
    table = (tree / TABLE).read_text(encoding="utf-8")
    row = (PIECES / "check_first.txt").read_text(encoding="utf-8")
    before, second, after = table.partition(SECOND_ROW)
    (tree / TABLE).write_text(f"{before}{row}{second}{after}", encoding="utf-8")


def add_deciding_row(tree: Path) -> None:
    """Another sixth row, which decides: the row and the other way out of it, both words of the table alone."""
    table = (tree / TABLE).read_text(encoding="utf-8")
    row, way = ((PIECES / f"{name}.txt").read_text(encoding="utf-8") for name in ("endorsement", "objection"))
    before, end, after = table.partition(END_OF_ROWS)
    after = (end + after).replace(START_OF_DETOURS, START_OF_DETOURS + way, 1)
    (tree / TABLE).write_text(f"{before}\n{row.rstrip()}{after}", encoding="utf-8")


def diff() -> str:
    """The three edits as README shows them."""
    parts = [(TABLE, "ROWS, after row 5", MONITORING.row)]
    parts += [(path, "new file", piece) for path, piece in MONITORING.new.items()]
    return "\n".join(f"+++ {path}  ({where})\n{_plus(piece)}" for path, where, piece in parts)


def _plus(piece: Path) -> str:
    return "\n".join(f"+{line}" for line in piece.read_text(encoding="utf-8").splitlines())
