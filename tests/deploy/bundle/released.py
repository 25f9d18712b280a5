"""A bundle as `make release` leaves it, of the house as it stands, signed by a key of the tests; laid on a machine."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.release.archive import MANIFEST
from models.release import version
from tests import sixth_row
from tests.deploy.guide import HOUSE
from tests.deploy.machine import PYTHON, Machine

WHO = "Pengembang Panel <panel@pengembang.example>"
FOLDER = f"panel-{version()}"
AUTHOR = {
    "GIT_AUTHOR_NAME": "x",
    "GIT_AUTHOR_EMAIL": "x@x",
    "GIT_COMMITTER_NAME": "x",
    "GIT_COMMITTER_EMAIL": "x@x",
}


@dataclass(frozen=True)
class Bundle:
    """The release as the office gets it, and the developer's place with his key."""

    tree: Path
    keys: Path

    @property
    def folder(self) -> Path:
        return self.tree / "build" / "release"

    @property
    def archive(self) -> Path:
        return self.folder / f"{FOLDER}.tar.gz"

    def environment(self, **more: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return {**own, "GNUPGHOME": str(self.keys), **AUTHOR, **more}

    def key(self) -> bytes:
        """The public one, as somebody gives it to others."""
        command = ["gpg", "--armor", "--export", WHO]
        return subprocess.run(command, env=self.environment(), check=True, capture_output=True).stdout

    def make(self, module: str = "bench.release", **more: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", module, "--python", PYTHON]
        return subprocess.run(
            words, cwd=self.tree, env=self.environment(**more), capture_output=True, text=True, check=False
        )


@contextmanager
def bundle_in(folder: Path) -> Iterator[Bundle]:
    """A copy of the house as a commit of its own, and a key; the agent that gpg has begun ends with it."""
    bundle = Bundle(folder / "tree", folder / "keys")
    bundle.keys.mkdir(mode=0o700)
    for name in sixth_row.files():
        place = bundle.tree / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOUSE / name, place)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "As it stands"]):
        subprocess.run(["git", *words], cwd=bundle.tree, env=bundle.environment(), check=True)
    made = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", WHO, "ed25519", "sign"]
    subprocess.run(made, env=bundle.environment(), check=True, capture_output=True)
    (bundle.tree / "build").mkdir()
    tool = [str(Path(sys.executable).with_name("cyclonedx-py")), "requirements", "requirements.txt"]
    subprocess.run([*tool, "--output-file", "build/sbom.json"], cwd=bundle.tree, check=True, capture_output=True)
    try:
        yield bundle
    finally:
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], env=bundle.environment(), check=False)


def unpack(archive: Path, into: Path) -> Path:
    """As tar lays it."""
    into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="fully_trusted")
    return into / FOLDER


def lay(machine: Machine, archive: Path, into: Path) -> Path:
    """The unpacked release on a machine: deploy/ speaks of its places, and the manifest of what deploy/ says there."""
    folder = unpack(archive, into)
    for place in sorted(path for path in (folder / "deploy").rglob("*") if path.is_file()):
        place.write_text(machine.moved(place.read_text(encoding="utf-8")), encoding="utf-8")
    write_manifest(folder)
    return folder


def write_manifest(folder: Path) -> None:
    lines = [line.partition("  ")[2] for line in (folder / MANIFEST).read_text().splitlines()]
    hashed = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in lines]
    (folder / MANIFEST).write_text("".join(hashed))
