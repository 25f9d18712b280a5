"""The packages of a release: wheels of all that requirements.txt names for one Python, locked by their hashes.

Whether they suffice is tried at once: they are installed into an empty environment without any network.
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
WHAT = "import platform, sys; print(sys.implementation.cache_tag, platform.machine())"  # as deploy/packages asks it
ODD = "The wheels are not those that requirements.txt names. Too many: {}. Lacking: {}."
ENVIRONMENT = "lib/python*/site-packages"


@dataclass(frozen=True)
class Packages:
    """What a release brings along."""

    kind: str  # the Python and the machine that they are for
    wheels: tuple[Path, ...]
    lock: str
    installed: tuple[importlib.metadata.Distribution, ...]


def build_packages(python: str, requirements: Path, work: Path, *, at: int) -> Packages:
    """Build, lock and try them in `work`. ValueError in a sentence if they are others than those that are pinned."""
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
    there = importlib.metadata.distributions(path=[str(place)])
    installed = sorted((one for one in there if _plain(one.name) in ours), key=lambda one: _plain(one.name))
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
    """A package's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(*words: str, **more: str) -> str:
    """What it prints; ValueError with what it complains of."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **more})
    if done.returncode:
        raise ValueError(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
