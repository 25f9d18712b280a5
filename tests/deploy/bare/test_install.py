"""What the guide leaves on a server: how it is reached by https, what lies there, what is written into logs."""

import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from sop.procedure import PETUGAS
from tests.deploy import guide
from tests.deploy.bare.firstcase import Office
from tests.deploy.bare.server import SSH
from tests.deploy.bare.standins import recorded_calls
from tests.deploy.caller import Caller, link_in
from tests.deploy.conftest import Installed
from tests.deploy.machine import NAME
from tests.deploy.test_units import UNITS
from tests.models.store.hostile_files import picture
from tests.patience import wait_until

pytestmark = [pytest.mark.soak]
ONE_YEAR = "max-age=31536000"
CANARY = "kenarixyzzykenari"  # spelled by no token
LARGEST = 10 << 20  # bytes of a piece of evidence


@pytest.fixture
def caller(installed: Installed, tmp_path: Path) -> Caller:
    return Caller(installed.machine, tmp_path / "jar")


@pytest.fixture(scope="module")
def office(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Its people, signed in."""
    jars = tmp_path_factory.mktemp("jars")
    link = link_in(installed.printed, "/pengelola-pertama")
    return Office.begin(link, lambda who: Caller(installed.machine, jars / who))


@pytest.fixture
def petugas(office: Office) -> Caller:
    """Somebody who takes down complaints."""
    return office.staff[PETUGAS]


def test_what_lies_on_the_machine_is_its_owner_s_alone(installed: Installed) -> None:
    root = installed.machine.root
    shut = {"var/lib/panel": 0o700, "etc/panel.env": 0o600, "etc/panel-tls": 0o700, "mnt/cadangan/panel": 0o700}
    assert {name: (root / name).stat().st_mode & 0o777 for name in shut} == shut
    assert {path.name for path in installed.machine.var.iterdir() if path.stat().st_mode & 0o077} == set()
    code = root / "opt/panel/current/app.py"
    assert (code.stat().st_uid, code.stat().st_mode & 0o022) == (0, 0)


def test_the_packages_of_the_guide_are_debian_s() -> None:
    lines = [line for line in "\n".join(guide.commands().values()).splitlines() if line.startswith("apt-get install")]
    names = [word for line in lines for word in line.split()[2:] if not word.startswith("-")]
    known = subprocess.run(["apt-cache", "policy", *names], capture_output=True, text=True, check=True).stdout
    assert [name for name in names if f"{name}:\n" not in known] == []


def test_the_firewall_allows_the_port_of_ssh_before_it_is_enabled(installed: Installed) -> None:
    rules = [line for line in recorded_calls(installed.machine.root) if line.startswith("ufw")]
    assert rules == [f"ufw allow {SSH}/tcp", "ufw allow 80,443/tcp", "ufw show added", "ufw --force enable"]


def test_the_certificate_that_it_makes_itself_signs_no_other(installed: Installed) -> None:
    said = installed.machine.run("openssl", "x509", "-in", "/etc/panel-tls/sertifikat.pem", "-noout", "-text")
    assert "CA:FALSE" in said
    assert f"DNS:{NAME}" in said


def test_behind_a_proxy_debian_and_pip_use_it_and_the_panel_is_asked_directly(installed: Installed) -> None:
    assert f'Proxy "http://proksi.{NAME}:3128";' in installed.machine.run("apt-config", "dump")
    assert '"siap":true' in installed.printed


def test_http_leads_to_https(caller: Caller) -> None:
    answer = caller.ask("/pengaduan/?search=x", scheme="http")
    assert (answer.code, answer.header("location")) == (301, f"https://{NAME}/pengaduan/?search=x")
    assert "strict-transport-security" not in {name.lower() for name, _ in answer.headers}


def test_old_tls_and_the_figures_are_shut(caller: Caller) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        caller.ask("/", "--tls-max", "1.1")
    assert caller.ask("/metrics").code == 404
    assert caller.ask("/health/live").text == "hidup"


def test_what_a_page_is_drawn_with_is_compressed_and_a_page_never(caller: Caller) -> None:
    gzip = ("--header", "Accept-Encoding: gzip")
    assert caller.ask("/static/css/panel.css", *gzip).header("content-encoding") == "gzip"
    page = caller.ask("/masuk", *gzip)
    assert page.code == 200
    assert "content-encoding" not in {name.lower() for name, _ in page.headers}


def test_an_unknown_name_is_refused_by_the_panel(caller: Caller) -> None:
    assert caller.ask("/masuk", "--header", "Host: lain.example").code == 400


def test_evidence_of_the_largest_size_passes_and_what_is_too_large_is_refused_in_indonesian(
    petugas: Caller, tmp_path: Path
) -> None:
    path = tmp_path / "rumah.jpg"
    image = picture()
    path.write_bytes(image + bytes(LARGEST - len(image)))
    person = {"pengadu-name": "Siti Maslikah"}
    fields = {"medium": "1", "category": "1", "story": "Bantuan berhenti.", **person, "do": "save"}
    sent = petugas.send("/pengaduan/new/", "story", f"evidence_files=@{path}", **fields)
    assert sent.code == 303, sent.text
    case = re.findall(r"\d+", sent.header("location"))[-1]
    assert "rumah.jpg" in petugas.ask(f"/pengaduan/details/?id={case}").text
    for megabytes in (17, 70):  # the panel's own refusal, then nginx's
        path.write_bytes(image + bytes(megabytes << 20))
        refused = petugas.send("/pengaduan/new/", "story", f"evidence_files=@{path}", **fields)
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


def test_systemd_knows_every_word_of_the_units_and_finds_the_panel_shut_in(installed: Installed) -> None:
    units = [f"/opt/panel/current/deploy/{name}" for name in UNITS]
    for asked in (
        ["verify", "--recursive-errors=no", *units],
        ["security", "--offline=true", "--threshold=16", units[0]],
    ):
        call = installed.machine.inside("systemd-analyze", *asked)
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("variant", sorted(guide.CERTIFICATES))
def test_another_certificate_takes_the_place_of_the_self_made_one(
    installed: Installed, caller: Caller, variant: str
) -> None:
    """certbot's asks for its proof by http, where the panel itself is led to https."""
    server, before = installed.machine, caller.machine.certificate()
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 90 -keyout kunci-kantor.pem -out sertifikat-kantor.pem"
    server.play(f'{made} -subj "/CN={NAME}" -addext "subjectAltName=DNS:{NAME}"')
    done = server.play(f"NAMA={NAME}\n{guide.commands()[variant]}")
    assert done.code == 0, done.complained
    assert server.certificate() != before
    wait_until(lambda: lives(caller))  # nginx goes over to it while it serves


def lives(caller: Caller) -> bool:
    """Whether the panel answers behind the certificate that lies there."""
    with suppress(subprocess.CalledProcessError):
        return caller.ask("/health/live").text == "hidup"
    return False
