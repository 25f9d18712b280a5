"""Backups on real servers, S3 and SFTP: made, proven, let go, brought back; each that cannot be had says why."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import digest
from models.complaint.paper import Attachment
from models.operations import archive as keys
from models.operations.backup_location import CHANGED, NO_ROOM, NOT_THERE, REFUSED, UNKNOWN_HOST, UNPROVEN, archive_name
from models.operations.backup_making import Source
from models.operations.restore import MADE_AT_START, TO_REACH_IT
from models.store.backups import last_good, last_try
from models.store.base import now
from tests.admin.running.smalldisk import small_disk
from tests.browser.served import ROOT, environment
from tests.deploy.machine import free_port
from tests.models.operations.stores import PACKAGES, Bucket, SshFolder, Store, bucket, ssh_folder
from tests.models.operations.wire import Cut
from tests.office import opened
from tests.patience import LONGEST, wait_until

pytestmark = [pytest.mark.only("sqlite"), pytest.mark.soak]
KINDS = {"s3": bucket, "sftp": ssh_folder}
LISTING = """import sys
from models.operations.backup_location import ArchiveFolder
opened = ArchiveFolder(sys.argv[1])
for word in sys.stdin:
    print((opened if word == "again\\n" else ArchiveFolder(sys.argv[1])).archives(), flush=True)
"""
SENDING = """import socket, sys
from models.operations.backup_location import ArchiveFolder
opened = ArchiveFolder(sys.argv[1])
way = opened._file_system[0].client.get_transport()
print(way.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
"""


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    assert (PACKAGES / "s3fs").is_dir(), "`make soak` installs what requirements-stores.txt names"
    with KINDS[request.param](tmp_path_factory.mktemp("server")) as store:
        yield store


@pytest.fixture
def store(server: Store, source: Source) -> Store:
    """A place of the test's own, and the panel let in."""
    server.wire.mend()
    server.make_place(f"kantor-{free_port()}")
    server.furnish(source.var)
    return server


@pytest.fixture
def machine(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The VAR_DIR of an empty machine that is let in, too."""
    var = tmp_path_factory.mktemp("mesin")
    store.furnish(var)
    return var


def backed_up(store: Store, source: Source) -> str:
    """The name of a backup that was made by the command and proven."""
    code, output = store.flask(source.var, "backup", "--to", store.url)
    assert (code, "dibuat dan teruji" in output) == (0, True), output
    good = last_good()
    assert good is not None
    return str(good.name)


def begun(store: Store, source: Source, script: str) -> subprocess.Popen[str]:
    """A process of the panel's that speaks with the store."""
    variables = {**store.environment(store.wire.port), "HOME": str(source.var), "PYTHONPATH": str(PACKAGES)}
    words, env, pipe = [sys.executable, "-c", script, store.url], environment(source.var, **variables), subprocess.PIPE
    return subprocess.Popen(words, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)


def restored(store: Store, source: Source, machine: Path, name: str) -> tuple[int, str]:
    typed = " ".join(keys.key_groups(keys.key_from(source.var)))
    return store.flask(machine, "restore", f"{store.url}/{name}", typed=f"{typed}\n")


def refusal(answer: tuple[int, str]) -> str:
    """The one sentence that a command ended with."""
    code, output = answer
    assert (code, "Traceback" in output) == (1, False), output
    return output.partition("Error: ")[2].strip()


def is_untouched(machine: Path) -> bool:
    names = {path.name for path in machine.iterdir()}
    return {name for name in names if not name.startswith("panel.sqlite")} <= MADE_AT_START | TO_REACH_IT


def test_it_is_made_proven_listed_and_brought_back(store: Store, source: Source, machine: Path) -> None:
    store.lay(f"{archive_name(now())}{UNPROVEN}", b"")  # begun, with nothing in it
    first = backed_up(store, source)
    row = last_good()
    assert row is not None
    assert store.names() == [first, f"{first}.json"]
    assert hashlib.sha256(store.content(first)).hexdigest() == row.sha256
    second = backed_up(store, source)
    assert store.names() == [second, f"{second}.json"]  # of two in a day the last stays
    file = source.files / Attachment.get(Attachment.path != "").path
    content = file.read_bytes()
    file.unlink()
    code, output = store.flask(source.var, "restore-file", file.name, "--from", store.url)
    assert (code, second in output, file.read_bytes() == content) == (0, True, True), output
    code, output = restored(store, source, machine, second)
    assert (code, "Pulih dari cadangan" in output) == (0, True), output
    before = digest.digest()
    with opened(machine / "panel.sqlite"):
        assert digest.digest() == before == row.digest


def test_one_flipped_byte_is_refused(store: Store, source: Source, machine: Path) -> None:
    name = backed_up(store, source)
    changed = bytearray(store.content(name))
    changed[len(changed) // 2] ^= 1
    store.lay(name, bytes(changed))
    assert "rusak atau berubah" in refusal(restored(store, source, machine, name))
    assert "tidak ditemukan" in refusal(restored(store, source, machine, archive_name(now())))
    assert is_untouched(machine)


def test_a_server_that_goes_away_leaves_nothing_by_the_name_of_a_backup(
    store: Store, source: Source, machine: Path
) -> None:
    name = backed_up(store, source)
    half = len(store.content(name)) // 2
    in_the_archive: tuple[Cut, ...] = (lambda wire, _: wire.sent > half, lambda wire, _: wire.received > half)
    for cut_at in in_the_archive:
        store.wire.mend(cut_at)
        assert "tidak dapat dihubungi, atau terputus" in refusal(store.flask(source.var, "backup", "--to", store.url))
        assert store.wire.is_cut
        tried = last_try()
        assert tried is not None
        assert "tidak dapat ditulis atau dibaca kembali" in tried.fault
        assert store.archives() == [name]
    store.wire.mend(in_the_archive[1])
    assert "tidak dapat dihubungi, atau terputus" in refusal(restored(store, source, machine, name))
    assert is_untouched(machine)
    store.wire.mend()
    later = backed_up(store, source)
    assert store.archives() == [later]
    assert [name for name in store.names() if name.endswith(UNPROVEN)] == []


@pytest.mark.parametrize("server", ["s3"], indirect=True)
@pytest.mark.parametrize(("word", "count"), [(b"x-amz-copy-source", 0), (b"?delete", 1)])
def test_where_no_file_can_be_renamed_its_copy_is_whole_or_not_there(
    store: Store, source: Source, word: bytes, count: int
) -> None:
    store.wire.mend(lambda _wire, piece: word in piece)
    code, output = store.flask(source.var, "backup", "--to", store.url)
    assert "tidak dapat dihubungi, atau terputus" in refusal((code, output))
    archives = store.archives()
    assert len(archives) == count
    assert [store.content(name) for name in archives] == [store.content(name + UNPROVEN) for name in archives]


def test_a_server_that_was_away_for_a_night_is_reached_anew_and_says_what_has_come_since(
    store: Store, source: Source
) -> None:
    """In one process, as the panel's thread is."""
    with begun(store, source, LISTING) as process:
        assert process.stdin
        assert process.stdout

        def listed(word: str) -> str:
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        assert [listed("again"), listed("anew")] == ["[]", "[]"]
        name = archive_name(now())
        store.lay(name, b"sealed")
        assert listed("again") == str([name])
        store.wire.cut()
        store.wire.mend()
        assert listed("anew") == listed("anew") == str([name])
        wait_until(lambda: store.wire.calls == 0)  # no connection stays open
        process.stdin.close()


@pytest.mark.parametrize("server", ["sftp"], indirect=True)
def test_what_is_sent_does_not_wait_for_more(store: SshFolder, source: Source) -> None:
    """Else each piece of 32 kB lies for 40 ms: a gigabyte takes a quarter of an hour instead of seconds."""
    with begun(store, source, SENDING) as process:
        assert process.communicate(timeout=LONGEST)[0].strip() == "1"


def silent_place(store: Store) -> tuple[str, dict[str, str]]:
    port = free_port()
    url = store.url_of(Path("/"), port) if isinstance(store, SshFolder) else store.url
    return url, store.environment(port)


def test_a_server_that_does_not_answer_is_reported_in_a_sentence(store: Store, source: Source) -> None:
    url, env = silent_place(store)
    assert "tidak dapat dihubungi" in refusal(store.flask(source.var, "backup", "--to", url, **env))
    file = source.files / Attachment.get(Attachment.path != "").path
    file.unlink()
    sentence = refusal(store.flask(source.var, "restore-file", file.name, "--from", url, **env))
    assert "tidak dapat dihubungi" in sentence  # and not that no backup holds it
    store.wire.cut()  # somebody takes the call and hangs up
    assert "tidak dapat dihubungi" in refusal(store.flask(source.var, "backup", "--to", store.url))


def test_a_place_that_is_missing_is_reported_in_a_sentence(store: Store, source: Source) -> None:
    url = store.url_of(Path("/tidak/ada"), store.wire.port) if isinstance(store, SshFolder) else "s3://tidak-ada/panel"
    assert NOT_THERE in refusal(store.flask(source.var, "backup", "--to", url))


@pytest.mark.parametrize("server", ["sftp"], indirect=True)
def test_a_server_without_space_is_reported_in_a_sentence(store: SshFolder, source: Source) -> None:
    with small_disk(store.folder / "sempit", "16k") as narrow:
        url = store.url_of(narrow, store.wire.port)
        assert NO_ROOM in refusal(store.flask(source.var, "backup", "--to", url))
        assert list(narrow.iterdir()) == []


@pytest.mark.parametrize("server", ["s3"], indirect=True)
def test_without_keys_a_bucket_is_not_entered(store: Bucket, source: Source) -> None:
    variables = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    assert REFUSED in refusal(store.flask(source.var, "backup", "--to", store.url, **variables))


@pytest.mark.parametrize("server", ["sftp"], indirect=True)
def test_nothing_is_sent_to_an_unknown_server_nor_with_an_unknown_key(store: SshFolder, source: Source) -> None:
    home = source.var / ".ssh"
    other = store.folder / "other"
    store.know(source.var, other.with_suffix(".pub"))
    assert CHANGED.format("127.0.0.1") in refusal(store.flask(source.var, "backup", "--to", store.url))
    (home / "known_hosts").unlink()
    there = f"[127.0.0.1]:{store.wire.port}"
    assert UNKNOWN_HOST.format(there) in refusal(store.flask(source.var, "backup", "--to", store.url))
    store.furnish(source.var)  # known again
    (home / "id_ed25519").write_bytes(other.read_bytes())
    assert REFUSED in refusal(store.flask(source.var, "backup", "--to", store.url))
    assert store.names() == []
