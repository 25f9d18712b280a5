"""Stands for systemctl where no systemd runs: `python -m tests.deploy.systemctl ROOT VERB …` starts what the unit says.

It takes from /etc/systemd/system/panel.service under ROOT: who, where, with which environment, which command, how long
it may take to end. nginx is Debian's own; no timer ever runs, and there is no D-Bus.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.deploy.units import Unit, environment_in

JOURNAL, PID = "journal", "panel.pid"
NEVER, OWN = ("daemon-reload",), "panel"
PR_SET_MDWE = 65  # Linux 6.3; an older kernel refuses it, and nothing is denied


def start(root: Path) -> None:
    if is_running(root):
        return
    unit = Unit.read(root / "etc/systemd/system/panel.service")
    who = [f"--reuid={unit.get('User')}", f"--regid={unit.get('Group')}", "--clear-groups", "--no-new-privs"]
    with (root / JOURNAL).open("ab") as journal:
        begun = subprocess.Popen(
            ["setpriv", *who, *unit.command],
            cwd=unit.get("WorkingDirectory"),
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **environment_in(Path(unit.get("EnvironmentFile")))},
            stdin=subprocess.DEVNULL,
            stdout=journal,
            stderr=journal,
            start_new_session=True,
            umask=int(unit.get("UMask"), 8),
            preexec_fn=become_a_service,
        )
    (root / PID).write_text(str(begun.pid))


def become_a_service() -> None:
    """As systemd does: signals that the caller ignores are heard again, and for MemoryDenyWriteExecute no memory that
    is written to is ever run, children's included."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_MDWE, 1, 0, 0, 0)


def stop(root: Path) -> None:
    """SIGTERM, and after the unit's time SIGKILL, which says so."""
    if not is_running(root):
        return
    process = int((root / PID).read_text())
    os.kill(process, signal.SIGTERM)
    until = time.monotonic() + int(Unit.read(root / "etc/systemd/system/panel.service").get("TimeoutStopSec"))
    while is_running(root):
        if time.monotonic() > until:
            os.kill(process, signal.SIGKILL)
            print("panel had to be killed", file=sys.stderr)
        time.sleep(0.05)


def is_running(root: Path) -> bool:
    """A process that has ended and was not waited for counts as gone."""
    if not (root / PID).exists():
        return False
    try:
        status = Path(f"/proc/{(root / PID).read_text()}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def nginx(root: Path, verb: str) -> None:
    """`nginx` on PATH is Debian's with its configuration under ROOT."""
    pid_file = root / "run/nginx.pid"
    if verb == "reload":
        subprocess.run(["nginx", "-s", "reload"], check=True)
        return
    if verb != "restart":
        raise SystemExit(f"not played: {verb} nginx")
    if pid_file.exists() and pid_file.read_text():  # `nginx -t` leaves an empty one
        subprocess.run(["nginx", "-s", "quit"], check=True)
        while pid_file.exists():
            time.sleep(0.05)
    subprocess.run(["nginx"], check=True)


ACTS = {"start": (start,), "enable": (start,), "stop": (stop,), "restart": (stop, start)}


def main(root: Path, words: list[str]) -> None:
    verb, *units = [word for word in words if word != "--now"]
    if verb in NEVER:
        return
    if verb == "show":  # how often systemd has started it again
        print(0 if is_running(root) else 3)
        return
    [unit] = units
    if (unit.endswith(".timer") and verb == "enable") or (verb, unit) == ("start", "dbus"):
        return
    if unit == "nginx":
        nginx(root, verb)
    elif unit == OWN and verb in ACTS:
        for act in ACTS[verb]:
            act(root)
    else:
        raise SystemExit(f"not played: {words}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
