"""A sixth row as its author would write it, and the tree that it makes: one row, one model, one template."""

import shutil
import subprocess
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
PIECES = Path(__file__).resolve().parent
TABLE = Path("sop/procedure.py")
NEW = {
    Path("models/records/monitoring.py"): PIECES / "monitoring.py",
    Path("templates/papers/lembar_pemantauan.html"): PIECES / "lembar_pemantauan.html",
}
ROW = PIECES / "row.txt"
END_OF_ROWS = "\n)\n\nDETOURS"


def files(tree: Path = HOUSE) -> list[Path]:
    """What belongs to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=tree, check=True, capture_output=True, text=True
    ).stdout
    return [path for name in listed.split("\0") if name and (tree / (path := Path(name))).is_file()]


def copy(target: Path) -> None:
    """The house as it stands, without its data and its tools."""
    for path in files():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HOUSE / path, target / path)


def add_row(tree: Path) -> None:
    """The three edits, and no other."""
    table = (tree / TABLE).read_text(encoding="utf-8")
    before, end, after = table.partition(END_OF_ROWS)
    (tree / TABLE).write_text(f"{before}\n{ROW.read_text(encoding='utf-8').rstrip()}{end}{after}", encoding="utf-8")
    for path, piece in NEW.items():
        shutil.copyfile(piece, tree / path)


def diff() -> str:
    """The three edits as README shows them."""
    parts = [(TABLE, "ROWS, after row 5", ROW), *((path, "new file", piece) for path, piece in NEW.items())]
    return "\n".join(f"+++ {path}  ({where})\n{_plus(piece)}" for path, where, piece in parts)


def _plus(piece: Path) -> str:
    return "\n".join(f"+{line}" for line in piece.read_text(encoding="utf-8").splitlines())
