"""The packages of a release: wheels of requirements.txt for one Python, locked by their hashes.

They are verified by installing them into an empty environment without network.
"""

import hashlib
import importlib.metadata
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
LOCK, KIND = "requirements.lock", "wheels/UNTUK"
WHAT = "import platform, sys; print(sys.implementation.cache_tag, platform.machine())"  # as in deploy/packages
ODD = "The wheels are not those that requirements.txt names. Too many: {}. Lacking: {}."
ENVIRONMENT = "lib/python*/site-packages"


@dataclass(frozen=True)
class Packages:
    """The packages of a release."""

    kind: str  # Python version and architecture
    wheels: tuple[Path, ...]
    lock: str
    installed: tuple[importlib.metadata.Distribution, ...]


def build_packages(python: str, requirements: Path, work: Path, *, at: int) -> Packages:
    """Build, lock and install them in `work`. ValueError with a sentence if they are not the pinned ones."""
    folder, environment, lock = work / "wheels", work / "environment", work / LOCK
    _run(python, "-m", "venv", str(environment))
    own = str(environment / "bin" / "python")
    pip = [own, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    _run(*pip, "wheel", "--wheel-dir", str(folder), "-r", str(requirements), SOURCE_DATE_EPOCH=str(at))
    wheels = tuple(sorted(folder.glob("*.whl")))
    _refuse_others(wheels, requirements)
    lock.write_text("".join(_line(wheel) for wheel in wheels), encoding="utf-8")
    _run(*pip, "install", "--no-index", "--find-links", str(folder), "--require-hashes", "-r", str(lock))
    [place] = environment.glob(ENVIRONMENT)
    ours = {_plain(wheel.name.split("-")[0]) for wheel in wheels}
    found = importlib.metadata.distributions(path=[str(place)])
    installed = sorted((d for d in found if _plain(d.name) in ours), key=lambda d: _plain(d.name))
    return Packages(_run(own, "-c", WHAT), wheels, lock.read_text(encoding="utf-8"), tuple(installed))


def _line(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{_plain(name)}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def _refuse_others(wheels: tuple[Path, ...], requirements: Path) -> None:
    wanted = {_plain(name) for name, _ in PINNED.findall(requirements.read_text(encoding="utf-8"))}
    built = {_plain(wheel.name.split("-")[0]) for wheel in wheels}
    if built != wanted:
        raise ValueError(ODD.format(sorted(built - wanted), sorted(wanted - built)))


def _plain(name: str) -> str:
    """A package's normalised name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(*words: str, **more: str) -> str:
    """Run a command; its output. ValueError with the output if it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **more})
    if done.returncode:
        raise ValueError(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
