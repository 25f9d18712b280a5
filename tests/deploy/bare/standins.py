"""What a server has and a container cannot do, stood in for: each says so, and records its calls.

The rest of the guide's commands is Debian's own: adduser, make, pip, openssl, nginx, curl, psql, mkfs, mount, sshd.
"""

from pathlib import Path

from tests import sixth_row

FOLDER = "stand-ins"  # under /, first on PATH
CALLS = "calls"
PIP = "[global]\nno-index = true\nfind-links = /wheels\ndisable-pip-version-check = true\n"
CLUSTER = 'pg_createcluster "$(ls /usr/lib/postgresql | sort -V | tail -n 1)" main --start'
CHALLENGE = """
while [ $# -gt 0 ]; do case $1 in
    --webroot-path) place=$2; shift;; --domain) name=$2; shift;; --deploy-hook) hook=$2; shift;; esac; shift; done
mkdir -p "$place/.well-known/acme-challenge" "/etc/letsencrypt/live/$name"
echo "bukti-$name" > "$place/.well-known/acme-challenge/kenari"
test "$(curl --silent --fail --noproxy "*" "http://$name/.well-known/acme-challenge/kenari")" = "bukti-$name"
rm "$place/.well-known/acme-challenge/kenari"
cd "/etc/letsencrypt/live/$name"
openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" \\
    -keyout privkey.pem -out fullchain.pem 2>/dev/null
sh -c "$hook"
"""
# name: (why it is one, what it does besides recording)
STAND_INS = {
    "apt-get": (
        "the packages are this system's; a new PostgreSQL begins with a cluster of Debian's",
        f'case "$*" in *"install "*" postgresql "*) {CLUSTER};; esac',
    ),
    "dpkg-query": (
        "a bare server has none of this system's packages before they are installed",
        f'for name; do :; done; grep -q "^apt-get install.* $name\\( \\|$\\)" /{FOLDER}/{CALLS} && echo installed',
    ),
    "timedatectl": ("no systemd runs, and the clock is everybody's", ""),
    "ufw": ("the kernel's firewall is not changed", ""),
    "certbot": ("Let's Encrypt is far: asks for the challenge itself, and makes a certificate of its own", CHALLENGE),
    "systemctl": (
        "no systemd runs: starts what the units say",
        f'cd /{FOLDER} && exec /usr/bin/python3 -m tests.deploy.systemctl / "$@"',
    ),
}
NAMES = "DNS: /etc/hosts; PyPI, which only paramiko comes from: wheels that lie there; the network: loopback alone"


def lay(root: Path, wheels: Path) -> None:
    """Put them on a server that lies at `root`."""
    folder = root / FOLDER
    (folder / "tests/deploy").mkdir(parents=True)
    for name in ("__init__.py", "deploy/__init__.py"):
        (folder / "tests" / name).touch()
    for name in ("systemctl.py", "units.py"):  # alone: a server has neither the tests nor their packages
        (folder / "tests/deploy" / name).write_bytes((sixth_row.HOUSE / "tests/deploy" / name).read_bytes())
    for name, (why, act) in STAND_INS.items():
        say = f'echo "stand-in for {name}: {why}" >&2\necho "{name} $*" >> /{FOLDER}/{CALLS}'
        _lay(folder / name, f"#!/bin/sh\nset -eu\n{say}\n{act}\n")
    (folder / "pip.conf").write_text(PIP)
    (root / "wheels").mkdir()
    for wheel in wheels.iterdir():
        (root / "wheels" / wheel.name).write_bytes(wheel.read_bytes())


def _lay(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def surroundings() -> dict[str, str]:
    """The environment of root's terminal."""
    path = f"/{FOLDER}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": "/root", "PIP_CONFIG_FILE": f"/{FOLDER}/pip.conf"}


def recorded_calls(root: Path) -> list[str]:
    """The calls of the stand-ins, in order."""
    log = root / FOLDER / CALLS
    return log.read_text().splitlines() if log.exists() else []
