"""pasang.md played as it stands, cut out of the document: from the first block to the first Berita Acara, and back on a
second server. Both are bare ones in namespaces of their own, with the guide's paths, ports and accounts."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from models.operations import archive as keys
from tests.deploy import guide
from tests.deploy.bare import standins
from tests.deploy.bare.firstcase import PLACE, Office, enter_first
from tests.deploy.bare.server import Server
from tests.deploy.caller import Caller, link_in
from tests.deploy.conftest import Installed, NewServer, output_of
from tests.deploy.machine import NAME, Played
from tests.office import ENGINES
from tests.patience import wait_until

pytestmark = [pytest.mark.soak]
BERITA_ACARA = "Berita Acara Penyelesaian Penanganan Pengaduan"
OTHER_PLACE, FAR = "/srv/cadangan", "/srv/jauh"
FIRST_PAGE = "/pengelola-pertama"
RINA = "rina@contoh.go.id"
COPY = "SALINAN, BELUM DIPUTUSKAN"
Carried = tuple[Installed, Office]
AtWork = Callable[[str], Carried]


@pytest.fixture(scope="module")
def at_work(installed_with: Callable[[str], Installed], tmp_path_factory: pytest.TempPathFactory) -> AtWork:
    """The server of an engine, on which the first complaint has come to its end; each is brought there once."""

    @cache
    def ask(engine: str) -> Carried:
        installed, jars = installed_with(engine), tmp_path_factory.mktemp("jars")
        office = Office.begin(link_in(installed.printed, FIRST_PAGE), lambda who: Caller(installed.machine, jars / who))
        office.take_down()
        office.bring_to_its_end()
        return installed, office

    return ask


@pytest.fixture(params=ENGINES)
def carried(request: pytest.FixtureRequest, at_work: AtWork) -> Carried:
    return at_work(request.param)


@pytest.fixture
def mailed(at_work: AtWork) -> Carried:
    """Where the variants were played that ask other servers for something."""
    return at_work("postgresql")


def test_the_first_berita_acara_is_printed(carried: Carried) -> None:
    installed, office = carried
    assert '"siap":true' in installed.printed
    assert "█" in installed.printed  # the link as a QR code
    assert "dibuat dan teruji" in installed.printed
    paper = pypdf.PdfReader(BytesIO(office.paper(BERITA_ACARA)))
    assert "BERITA ACARA" in paper.pages[0].extract_text().upper()


def test_what_was_stood_in_for_is_what_a_container_cannot_do(carried: Carried) -> None:
    """The rest were Debian's own commands; the calls of each stand-in are printed for the reader of the night's log."""
    calls = standins.recorded_calls(carried[0].machine.root)
    print(standins.NAMES, *[f"{name}: {why}" for name, (why, _) in standins.STAND_INS.items()], *calls, sep="\n")
    assert {line.split()[0] for line in calls} <= standins.STAND_INS.keys()


def test_an_e_mail_reaches_the_office_s_mail_server(mailed: Carried) -> None:
    installed, office = mailed
    office.fill_in("mail.sender", "panel@dinas.example")
    assert f"mail.{NAME}" in installed.machine.panel("mail-test", RINA)
    wait_until(lambda: RINA in (installed.folder / "mail.log").read_text())


def test_a_backup_reaches_a_server_by_sftp(mailed: Carried) -> None:
    """With the key that the guide has made, and to a server whose key it has recorded."""
    server = mailed[0].machine
    server.run("adduser", "--quiet", "--home", FAR, "--disabled-password", "--gecos", "", "cadangan")
    server.run("install", "-d", "-o", "cadangan", f"{FAR}/.ssh", f"{FAR}/panel")
    server.run("install", "-m", "644", "/var/lib/panel/.ssh/id_ed25519.pub", f"{FAR}/.ssh/authorized_keys")
    assert "dibuat dan teruji" in server.panel("backup", "--to", f"sftp://cadangan@sftp.{NAME}{FAR}/panel")


def test_another_server_brings_it_back_and_takes_over(carried: Carried, new_server: NewServer, tmp_path: Path) -> None:
    installed, office = carried
    first, second = installed.machine, new_server()
    paper = office.paper(BERITA_ACARA)
    first.panel("backup", "--to", PLACE)
    digest, key = first.panel("digest"), keys.key_groups(keys.key_from(first.var))
    first.systemctl("stop", "panel")
    first.run("umount", "/mnt/cadangan")
    second.run("adduser", "--system", "--group", "lain")  # so that the panel's account has another number there
    done = _brought_back(second, installed, key)
    assert done.code == 0, output_of(second, done)
    assert "panel siap" in done.printed
    assert second.panel("digest") == digest
    moved = office.moved(lambda who: Caller(second, tmp_path / who))
    assert moved.paper(BERITA_ACARA) == paper
    assert COPY in moved.admin.ask("/").text
    assert moved.decide("takeover").code == 303
    assert COPY not in moved.admin.ask("/").text
    assert "dibuat dan teruji" in second.panel("backup")


def _brought_back(second: Server, installed: Installed, key: list[str]) -> Played:
    """The disk goes into the second server, and somebody types the sheet's groups, one of them wrong at first."""
    installed.disk.plug_into(second)
    chosen = {**installed.disk.chosen, **_of(installed.engine, "--pulihkan")}
    slip = key[0][:-1] + next(symbol for symbol in "AB" if symbol != key[0][-1])  # the one that checks the others
    typed = f"{' '.join([slip, *key[1:]])}\n{key[0]}\n"
    return second.play(guide.commands_of(guide.BRING_BACK), typed, chosen)


def _of(engine: str, word: str) -> dict[str, str]:
    """What is put behind a command where the database is PostgreSQL."""
    return {word: f"{word} --postgres"} if engine == "postgresql" else {}


def test_a_server_of_a_trial_takes_a_backup_once_it_is_emptied(
    carried: Carried, new_server: NewServer, tmp_path: Path
) -> None:
    """It was installed by the one command, and somebody had come in."""
    (first, engine), trial = (carried[0].machine, carried[0].engine), new_server()
    done = trial.play(guide.commands_of(guide.AT_ONCE), chosen=_of(engine, "deploy/install $NAMA"))
    assert done.code == 0, output_of(trial, done)
    enter_first(Caller(trial, tmp_path / "jar"), link_in(done.printed, FIRST_PAGE))
    first.run("install", "-d", "-o", "panel", OTHER_PLACE)
    first.panel("backup", "--to", OTHER_PLACE)
    digest, key = first.panel("digest"), keys.key_groups(keys.key_from(first.var))
    archive = first.run("sh", "-c", f"ls {OTHER_PLACE}/panel-*.cadangan")
    trial.copy_in("dipulihkan.cadangan", (first.root / archive.lstrip("/")).read_bytes())
    bring = "install -o panel dipulihkan.cadangan /srv && panel restore /srv/dipulihkan.cadangan --trial"
    assert "Panel sedang berjalan dari folder data ini." in trial.play(bring).complained
    assert "Tempat tujuan tidak kosong" in trial.play(f"systemctl stop panel && {bring}").complained
    emptied = guide.EMPTY if engine == "postgresql" else (guide.EMPTIED,)
    done = trial.play(f"{guide.commands_of(emptied)}\n{bring}", " ".join(key) + "\n")
    assert done.code == 0, output_of(trial, done)
    assert trial.panel("digest") == digest
