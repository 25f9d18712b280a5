"""`deploy/install` out of the bundle: from a bare machine to the first administrator, again after any stop."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.operations import archive as keys
from models.release import version
from tests.deploy.bundle.released import FOLDER, Bundle, lay, write_manifest
from tests.deploy.caller import Caller, link_in
from tests.deploy.conftest import bare_machine
from tests.deploy.machine import NAME, Machine, Played
from tests.patience import LONGEST
from tests.postgres import Server

pytestmark = [pytest.mark.soak]
PASSWORD = "kuda biru makan awan"
TYPED = {"name": "Budi Santoso", "username": "budi", "password": PASSWORD, "repeat": PASSWORD}
ODD = "s/a:n d'i\"@%\\#é&?"  # what somebody may have chosen for a database
NOT_THIS_ONE = "127.0.0.77"  # of this computer as well, where no other server of PostgreSQL listens
COMMAND = re.compile(r"^ {3}\$ (.+)$", re.MULTILINE)
# Stand-ins that remember: what was installed, whom adduser has made, which doors the wall has.
STUBS = {
    "dpkg-query": """for word; do name=$word; done
grep -q "^apt-get install.* $name\\( \\|$\\)" {root}/calls && echo installed""",
    "getent": """case $1 in
hosts) echo "127.0.0.1 $2";;
*) grep -q "^adduser.* $2$" {root}/calls;;
esac""",
    "ufw": """case "$*" in
"show added") grep "^ufw allow" {root}/calls;;
status) grep -q "^ufw --force enable" {root}/calls && echo "Status: active";;
*) echo "ufw $*" >> {root}/calls;;
esac
true""",
    "sshd": "echo port 2222",
    "ss": "true",
    "timedatectl": 'case "$*" in *NTP*) echo yes;; *) echo Asia/Jakarta;; esac',
}


def furnish(machine: Machine, archive: Path) -> Path:
    """The stand-ins, and the release where root has unpacked it, whose umask lets no other user read."""
    for name, line in STUBS.items():
        machine._stub(name, line.format(root=machine.root))
    (machine.root / "calls").touch()
    folder = lay(machine, archive, machine.root / "root")
    subprocess.run(["chmod", "-R", "go=", machine.root / "root"], check=True)
    return folder


@pytest.fixture
def bare(bundle: Bundle) -> Iterator[Machine]:
    with bare_machine() as machine:
        furnish(machine, bundle.archive)
        yield machine


@dataclass(frozen=True)
class Ready:
    """A machine on which it was played once, by a root whose umask lets no other user read, and what that printed."""

    machine: Machine
    done: Played


@pytest.fixture(scope="module")
def first(bundle: Bundle) -> Iterator[Ready]:
    with bare_machine() as machine:
        furnish(machine, bundle.archive)
        yield Ready(machine, install(machine))


@pytest.fixture
def ready(first: Ready) -> Machine:
    return first.machine


def install(machine: Machine, words: str = NAME, **more: str) -> Played:
    return machine.play(f"umask 077; root/{FOLDER}/deploy/install {words}", **more)


def commands_in(printed: str) -> list[str]:
    return COMMAND.findall(printed)


def test_from_a_bare_machine_to_the_first_administrator_and_once_more(first: Ready, tmp_path: Path) -> None:
    ready, done = first.machine, first.done
    assert done.code == 0, f"{done.printed}\n{done.complained}\n{ready.journal()}"
    assert "Memasang paket dari wheels/, tanpa internet" in done.printed
    assert "panel siap" in done.printed
    assert "█" in done.printed
    caller = Caller(ready, tmp_path / "jar")
    put_aside = caller.ask(link_in(done.printed, "/pengelola-pertama"))
    assert (put_aside.code, put_aside.header("location")) == (302, "/pengelola-pertama")
    entered = caller.send("/pengelola-pertama", "username", **TYPED)
    assert (entered.code, entered.header("location")) == (303, "/"), entered.text
    assert "Wajib diisi" in caller.ask("/").text
    again = install(ready)
    assert again.code == 0, again.complained
    assert "sudah mempunyai pengguna" in again.printed
    assert "kode=" not in again.printed
    left = [line for line in commands_in(again.printed) if not line.startswith(("chmod", "make", "nginx", "systemctl"))]
    assert left == ["panel first-link"]
    assert again.printed.count("   sudah: ") > 15


def test_what_it_has_laid_is_its_owner_s_alone_and_the_code_for_the_panel_to_read(ready: Machine) -> None:
    root = ready.root
    shut = {"var/lib/panel": 0o700, "etc/panel.env": 0o600, "etc/panel-tls": 0o700, "etc/panel-tls/kunci.pem": 0o600}
    assert {name: (root / name).stat().st_mode & 0o777 for name in shut} == shut
    code = ready.place / "current"
    assert code.resolve().name == version()
    assert [
        path for path in ("app.py", ".venv/bin/flask", "models/schema.py") if not (code / path).stat().st_mode & 4
    ] == []
    asked = ["openssl", "x509", "-in", str(root / "etc/panel-tls/sertifikat.pem"), "-noout", "-text"]
    assert "CA:FALSE" in subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def test_the_wall_lets_in_by_the_port_that_ssh_has(ready: Machine) -> None:
    rules = [line for line in (ready.root / "calls").read_text().splitlines() if line.startswith("ufw")]
    assert rules == ["ufw allow 2222/tcp", "ufw allow 80,443/tcp", "ufw --force enable"]


def test_what_somebody_has_changed_is_named_and_left(ready: Machine) -> None:
    changed = ["etc/panel.env", "etc/nginx/conf.d/panel.conf", "etc/systemd/system/panel.service"]
    before = {name: (ready.root / name).read_text() for name in changed}
    for name in changed:
        (ready.root / name).write_text(before[name].replace("TRUSTED_HOSTS=", "# ") + "# milik kantor\n")
    after = {name: (ready.root / name).read_text() for name in changed}
    again = install(ready)
    assert again.code == 0, again.complained
    assert {name: (ready.root / name).read_text() for name in changed} == after
    for word in ("tidak memuat TRUSTED_HOSTS", "panel.conf lain daripada", "panel.service lain daripada"):
        assert word in again.printed
    for name in changed:
        (ready.root / name).write_text(before[name])


def test_another_version_in_use_is_not_replaced(ready: Machine) -> None:
    current = ready.place / "current"
    current.unlink()
    current.symlink_to("releases/0.0.9")
    refused = install(ready)
    current.unlink()
    current.symlink_to(f"releases/{version()}")
    assert refused.code == 1
    assert "sudah terpasang versi 0.0.9" in refused.complained
    assert commands_in(refused.printed) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "sebutkan nama panel"),
        ("https://pengaduan.example", "bukan nama server"),
        ("Pengaduan.example", "bukan nama server"),
        ("a.example b.example", "hanya satu nama"),
        (f"{NAME} --postgre", "tidak dikenal"),
        ("192.168.1.5", "192.168.1.5 alamat IP"),
        (f"{'a' * 65}.example", "paling panjang 64 tanda; yang diketik 73"),
        ("lain.example", f"di server ini panel sudah bernama {NAME}"),
        (f"{NAME} --pulihkan", "panel di server ini sedang berjalan"),
    ],
)
def test_a_slip_in_the_words_changes_nothing(ready: Machine, words: str, sentence: str) -> None:
    refused = install(ready, words)
    assert refused.code == 1
    assert sentence in refused.complained
    assert commands_in(refused.printed) == []


def test_a_release_untarred_over_an_older_one_is_refused_by_name(bare: Machine) -> None:
    folder = bare.root / "root" / FOLDER
    (folder / "migrations/0099_gone.sql").write_text("SELECT 1;\n")
    refused = install(bare)
    assert "bukan dari versi ini" in refused.complained
    assert "migrations/0099_gone.sql" in refused.complained
    (folder / "migrations/0099_gone.sql").unlink()
    (folder / "app.py").write_text("changed")
    (folder / "sop/clock.py").unlink()
    refused = install(bare)
    assert "hilang atau berubah" in refused.complained
    assert "app.py" in refused.complained
    assert "sop/clock.py" in refused.complained
    assert not (bare.place / "releases").exists()


def test_another_python_works_or_says_why(bare: Machine) -> None:
    bare._stub("python-tua", "exit 1")
    refused = install(bare, PYTHON=f"{bare.root}/stubs/python-tua")
    assert "bukan Python 3.11 atau lebih baru" in refused.complained
    assert commands_in(refused.printed) == []


def test_a_lost_server_comes_back_on_a_bare_machine(ready: Machine, bare: Machine) -> None:
    place = ready.root / "mnt/cadangan/panel"
    place.mkdir(parents=True)
    shutil.chown(place, "nobody", "nogroup")
    ready.panel("create-user", "rina", "--name", "Rina", "--role", "petugas", "--password", PASSWORD)
    archive = next(word for word in ready.panel("backup", "--to", str(place)).split() if word.endswith(".cadangan"))
    digest, key = ready.panel("digest"), keys.key_groups(keys.key_from(ready.var))
    laid = install(bare, f"{NAME} --pulihkan")
    assert laid.code == 0, laid.complained
    assert "sengaja belum dijalankan" in laid.printed
    brought = bare.play(f"panel restore {place / archive}", typed=" ".join(key) + "\n")
    assert brought.code == 0, brought.complained
    done = install(bare)
    assert done.code == 0, f"{done.printed}\n{done.complained}\n{bare.journal()}"
    assert "sudah mempunyai pengguna" in done.printed
    assert bare.panel("digest") == digest


def test_after_a_stop_at_any_command_the_same_command_brings_it_to_its_end(bare: Machine, tmp_path: Path) -> None:
    """The power goes as each command begins, for the first time; then once more from the top."""
    struck: set[str] = set()
    while (stopped := stop_at_new_command(bare, struck)) is not None:
        struck.add(stopped)
    assert len(struck) > 20, struck
    done = install(bare)
    assert done.code == 0, f"{done.printed}\n{done.complained}\n{bare.journal()}"
    caller = Caller(bare, tmp_path / "jar")
    caller.ask(link_in(done.printed, "/pengelola-pertama"))
    assert caller.send("/pengelola-pertama", "username", **TYPED).code == 303


def stop_at_new_command(machine: Machine, struck: set[str]) -> str | None:
    """Kill all of it as soon as it prints a command that it was never killed at; None if it came to its end."""
    with machine.begin(f"umask 077; stdbuf -oL root/{FOLDER}/deploy/install {NAME}") as script:
        assert script.stdout is not None
        for line in script.stdout:
            found = COMMAND.match(line)
            if found and found[1] not in struck:
                os.killpg(script.pid, signal.SIGKILL)
                script.wait(LONGEST)
                return found[1]
    assert script.returncode == 0
    return None


@pytest.fixture
def database(bare: Machine) -> Iterator[Server]:
    """A server that asks for passwords, as Debian's does."""
    server = Server.begun(f"listen_addresses={NOT_THIS_ONE}", "password_encryption=scram-sha-256")
    (server.folder / "data/pg_hba.conf").write_text(
        "local all postgres trust\nhost all all 127.0.0.0/8 scram-sha-256\n"
    )
    with server.boss() as boss:
        boss.execute("SELECT pg_reload_conf()")
    bare._stub("psql", f'exec /usr/bin/psql -h {server.folder} "$@"')
    script = bare.root / "root" / FOLDER / "deploy/install"
    script.write_text(script.read_text().replace("@127.0.0.1/panel", f"@{NOT_THIS_ONE}/panel"))
    write_manifest(bare.root / "root" / FOLDER)
    yield server
    bare.systemctl("stop", "panel")
    server.end()


@pytest.mark.parametrize("password", ["", ODD], ids=["by chance", "an odd one"])
def test_postgresql_is_prepared_and_any_password_serves(
    bare: Machine, database: Server, tmp_path: Path, password: str
) -> None:
    done = install(bare, f"{NAME} --postgres", PANEL_DB_PASSWORD=password)
    assert done.code == 0, f"{done.printed}\n{done.complained}\n{bare.journal()}"
    environment = bare.environment()
    assert environment["DATABASE_URL"].startswith("postgresql://panel:")
    secret = environment["DATABASE_URL"].split(":")[2].split("@")[0]
    assert secret not in done.printed
    assert not password or password not in done.printed
    assert not (bare.var / "panel.sqlite").exists()
    with database.boss("panel") as boss:
        assert boss.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'").fetchone() == (1,)
        assert boss.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'panel_owner'").fetchone() == (True,)
    caller = Caller(bare, tmp_path / "jar")
    caller.ask(link_in(done.printed, "/pengelola-pertama"))
    assert caller.send("/pengelola-pertama", "username", **TYPED).code == 303
    again = install(bare, f"{NAME} --postgres")
    assert again.code == 0, again.complained
    assert "sudah: DATABASE_URL" in again.printed
