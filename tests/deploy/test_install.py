"""The guide is played from nothing to the first administrator's sign-in by https, as it stands."""

import re
import subprocess
from pathlib import Path

import pytest

from models.backup import key as keys
from tests.deploy import guide
from tests.deploy.caller import Caller, link_in
from tests.deploy.conftest import Installed, NewMachine
from tests.deploy.machine import NAME, Machine
from tests.deploy.test_units import UNITS
from tests.models.evidence.hostile_files import picture
from tests.office import PASSWORD

pytestmark = [pytest.mark.soak]
CHOSEN = "kuda biru makan awan"
ONE_YEAR = "max-age=31536000"
CANARY = "kenarixyzzykenari"  # spelled by no token
LARGEST = 10 << 20  # bytes of a piece of evidence


@pytest.fixture
def caller(installed: Installed, tmp_path: Path) -> Caller:
    return Caller(installed.machine, tmp_path / "jar")


@pytest.fixture
def petugas(caller: Caller, tmp_path: Path) -> Caller:
    """Somebody who takes down complaints, signed in."""
    name = f"petugas{abs(hash(tmp_path))}"
    caller.machine.panel("create-user", name, "--name", "Rina", "--role", "petugas", "--password", PASSWORD)
    assert caller.sign_in(name, PASSWORD).code == 303
    return caller


def test_from_the_link_on_the_terminal_to_the_first_sign_in(installed: Installed, caller: Caller) -> None:
    assert '"siap":true' in installed.printed
    assert "█" in installed.printed  # the link as a QR code
    put_aside = caller.ask(link_in(installed.printed))
    assert (put_aside.code, put_aside.header("location")) == (303, "/kata-sandi")
    done = caller.send("/kata-sandi", "password", password=CHOSEN, repeat=CHOSEN)
    assert (done.code, done.header("location")) == (303, "/masuk"), done.text
    entered = caller.sign_in("pengelola", CHOSEN)
    assert entered.code == 303
    assert entered.header("set-cookie").startswith("__Host-panel=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(entered.header("set-cookie").split("; "))
    page = caller.ask("/")
    assert page.code == 200
    assert "Wajib diisi" in page.text
    assert page.header("strict-transport-security") == ONE_YEAR
    assert "server" not in dict(page.headers) or "/" not in page.header("server")


def test_what_lies_on_the_machine_is_its_owner_s_alone(installed: Installed) -> None:
    root = installed.machine.root
    shut = {"var/lib/panel": 0o700, "etc/panel.env": 0o600, "etc/panel-tls": 0o700, "mnt/cadangan/panel": 0o700}
    assert {name: (root / name).stat().st_mode & 0o777 for name in shut} == shut
    assert {path.name for path in installed.machine.var.iterdir() if path.stat().st_mode & 0o077} == set()
    code = installed.machine.place / "current/app.py"
    assert (code.stat().st_uid, code.stat().st_mode & 0o022) == (0, 0)


def test_the_first_backup_was_proven(installed: Installed) -> None:
    assert "dibuat dan teruji" in installed.printed
    assert len(list((installed.machine.root / "mnt/cadangan/panel").glob("panel-*.cadangan"))) == 1


def test_the_packages_of_the_guide_are_debian_s_and_the_wall_is_told(installed: Installed) -> None:
    noted = (installed.machine.root / "noted").read_text()
    [line] = [line for line in noted.splitlines() if line.startswith("apt-get install")]
    names = [word for word in line.split()[2:] if not word.startswith("-")]
    known = subprocess.run(["apt-cache", "policy", *names], capture_output=True, text=True, check=True).stdout
    assert [name for name in names if f"{name}:\n" not in known] == []
    assert "ufw --force enable" in noted


def test_http_leads_to_https(caller: Caller) -> None:
    answer = caller.ask("/pengaduan/?search=x", scheme="http")
    assert (answer.code, answer.header("location")) == (301, f"https://{NAME}/pengaduan/?search=x")
    assert "strict-transport-security" not in {name.lower() for name, _ in answer.headers}


def test_old_tls_and_the_figures_are_shut(caller: Caller) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        caller.ask("/", "--tls-max", "1.1")
    assert caller.ask("/metrics").code == 404
    assert caller.ask("/health/live").text == "hidup"


def test_an_unknown_name_is_refused_by_the_panel(caller: Caller) -> None:
    assert caller.ask("/masuk", "--header", "Host: lain.example").code == 400


def test_evidence_of_the_largest_size_passes_and_what_is_too_large_is_refused_in_indonesian(
    petugas: Caller, tmp_path: Path
) -> None:
    path = tmp_path / "rumah.jpg"
    kept = picture()
    path.write_bytes(kept + bytes(LARGEST - len(kept)))
    told = {"medium": "1", "story": "Bantuan berhenti.", "pengadu-name": "Siti Maslikah", "do": "save"}
    sent = petugas.send("/pengaduan/new/", "story", f"evidence_files=@{path}", **told)
    assert sent.code == 303, sent.text
    case = re.findall(r"\d+", sent.header("location"))[-1]
    assert "rumah.jpg" in petugas.ask(f"/pengaduan/details/?id={case}").text
    for megabytes in (17, 70):  # the panel's own refusal, then nginx's
        path.write_bytes(kept + bytes(megabytes << 20))
        refused = petugas.send("/pengaduan/new/", "story", f"evidence_files=@{path}", **told)
        assert refused.code == 413
        assert "terlalu besar" in refused.text.lower()
        assert refused.header("strict-transport-security") == ONE_YEAR


def test_what_is_searched_for_stands_in_no_log_whether_the_panel_answers_or_not(petugas: Caller) -> None:
    machine = petugas.machine
    asked = f"/pengaduan/?search={CANARY}"
    assert petugas.ask(asked).code == 200
    machine.systemctl("stop", "panel")
    shut, sent = petugas.ask(asked), petugas.ask("/pengaduan/new/", "--data", "story=x")
    machine.systemctl("start", "panel")
    assert shut.code == 503
    assert "Panel sedang dimulai ulang" in shut.text
    assert '<meta http-equiv="refresh" content="5">' in shut.text  # by itself, but nothing is sent again
    assert (sent.code, "refresh" in sent.text, "mungkin belum tersimpan" in sent.text) == (503, False, True)
    assert shut.header("strict-transport-security") == ONE_YEAR
    petugas.ask(asked, scheme="http")
    logs = [*(machine.root / "var/log/nginx").iterdir(), machine.root / "journal", *(machine.var / "log").iterdir()]
    texts = {log.name: log.read_text() for log in logs}
    assert "GET /pengaduan/ HTTP/1.1" in texts["panel.log"]
    assert [name for name, text in texts.items() if CANARY in text or "kode=" in text] == []


def test_systemd_knows_every_word_of_the_units_and_finds_the_panel_shut_in(
    installed: Installed, tmp_path: Path
) -> None:
    for name in UNITS:
        text = installed.machine.moved((guide.DEPLOY / name).read_text())
        (tmp_path / name).write_text(text.replace("nobody", "daemon").replace("nogroup", "daemon"))  # one it lets pass
    for asked in (
        ["verify", "--recursive-errors=no", *UNITS],
        ["security", "--offline=true", "--threshold=16", UNITS[0]],
    ):
        done = subprocess.run(["systemd-analyze", *asked], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_another_machine_brings_back_what_was_backed_up(installed: Installed, new_machine: NewMachine) -> None:
    first, second = installed.machine, new_machine()
    made = first.panel("backup", "--to", str(first.root / "mnt/cadangan/panel"))
    archive = next(word for word in made.split() if word.endswith(".cadangan"))
    digest, key = first.panel("digest"), keys.in_groups(keys.key_from(first.var))
    _carry(first, second, archive)
    second.pack("0.1.0")
    done = second.play(guide.commands_of(guide.BRING_BACK), typed=" ".join(key) + "\n")
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert '"siap":true' in done.printed
    assert second.panel("digest") == digest


def _carry(first: Machine, second: Machine, archive: str) -> None:
    """The disk with the backups, in another machine."""
    disk = second.root / "mnt/cadangan/panel"
    disk.mkdir(parents=True)
    (disk / archive).write_bytes((first.root / "mnt/cadangan/panel" / archive).read_bytes())
