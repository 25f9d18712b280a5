"""What lies in deploy/ agrees with itself, with the panel's own bounds, and with the guide that installs it."""

import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from admin.server.rate_limits import LONGEST_PATH, LONGEST_QUERY
from admin.server.server import ROOM_FOR_REFUSAL
from admin.server.shutdown import WHOLE
from app import UPLOAD_LIMIT
from models.operations import duties
from tests.deploy import guide
from tests.deploy.guide import DEPLOY, commands
from tests.deploy.releases import CHANGES
from tests.deploy.units import Unit, environment_in

UNITS = ("panel.service", "panel-backup.service", "panel-backup.timer", "panel-check.service", "panel-check.timer")
SERVICE, BACKUP, TIMER, CHECK, HOURLY = (Unit.read(DEPLOY / name) for name in UNITS)
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
ENVIRONMENT = environment_in(DEPLOY / "panel.env")
SHUT = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallFilter": "@system-service",
    "MemoryDenyWriteExecute": "yes",
    "RestrictNamespaces": "yes",
    "UMask": "0077",
    "LimitCORE": "0",
}
RUNS_FROM = ("User", "Group", "WorkingDirectory", "EnvironmentFile")
APART = {"ExecStart", "Type", "Restart", "RestartSec", "OOMPolicy"}  # in which the service and the backup differ
TELLING = {"$request", "$request_uri", "$args", "$query_string", "$http_referer"}
ALL = "\n".join(commands().values())


def parses(shell: str, script: str) -> None:
    done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("part", commands())
def test_the_guide_s_commands_parse(part: str) -> None:
    parses("bash", commands()[part])


def test_every_part_with_commands_is_played_by_night() -> None:
    played = (guide.BY_HAND, guide.AT_ONCE, guide.BRING_BACK, guide.EMPTY, guide.OTHERS, *guide.VARIANTS.values())
    assert set(commands()) == {part for parts in played for part in parts} | guide.CERTIFICATES


@pytest.mark.parametrize(("shell", "name"), [("bash", "upgrade"), ("bash", "downgrade"), ("sh", "panel")])
def test_the_scripts_parse_and_may_be_run(shell: str, name: str) -> None:
    parses(shell, (DEPLOY / name).read_text(encoding="utf-8"))
    assert (DEPLOY / name).stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize(
    "script",
    [
        (DEPLOY / "panel").read_text(),
        "".join(re.findall(r"become\(\).*\n", (DEPLOY / "bersama").read_text())) + "become .",
    ],
    ids=["panel", "bersama"],
)
def test_a_command_is_at_home_where_the_service_is(script: str, tmp_path: Path) -> None:
    """In VAR_DIR, where the keys to a place of backups far away lie: root's own home is closed to the panel."""
    (tmp_path / "panel.env").write_text(f"VAR_DIR={tmp_path}\n")
    (tmp_path / "setpriv").write_text('#!/bin/sh\necho "$HOME"\n')
    (tmp_path / "setpriv").chmod(0o755)
    moved = script.replace("/opt/panel/current", str(tmp_path)).replace("/etc/panel.env", f"{tmp_path}/panel.env")
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": "/root", "VAR_DIR": str(tmp_path)}
    done = subprocess.run(["bash", "-c", moved], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == f"{tmp_path}\n"


def test_a_command_speaks_the_language_of_the_panel() -> None:
    assert "\nexport LANGUAGE=id" in (DEPLOY / "panel").read_text()


@pytest.mark.parametrize("unit", [SERVICE, BACKUP, CHECK], ids=["panel", "backup", "check"])
def test_a_unit_is_shut_in(unit: Unit) -> None:
    assert {name: unit.get(name) for name in SHUT} == SHUT
    assert ENVIRONMENT["VAR_DIR"] in unit.get("ReadWritePaths").split()


def test_the_backup_runs_as_the_panel_does() -> None:
    service, backup = (unit.settings("Service") for unit in (SERVICE, BACKUP))
    assert {name for name in service | backup if service.get(name) != backup.get(name)} <= APART
    assert {name: SERVICE.get(name) for name in RUNS_FROM} == {name: BACKUP.get(name) for name in RUNS_FROM}
    assert SERVICE.command[0] == BACKUP.command[0]
    assert TIMER.get("WantedBy") == "timers.target"


def test_the_check_runs_as_the_panel_does_and_writes_nowhere_but_into_its_data() -> None:
    service, check = (unit.settings("Service") for unit in (SERVICE, CHECK))
    differing = {name for name in service | check if service.get(name) != check.get(name)}
    assert differing <= APART | {"TimeoutStartSec", "ReadWritePaths"}
    assert CHECK.get("ReadWritePaths") == ENVIRONMENT["VAR_DIR"]
    assert CHECK.command == [SERVICE.command[0], "-m", "flask", "--app", "app", "check", "--tell"]
    assert HOURLY.get("OnCalendar") == "hourly"
    assert HOURLY.get("WantedBy") == "timers.target"


def test_the_panel_leaves_the_looking_to_a_timer_that_looks_each_hour() -> None:
    """Its delay is the same each hour, so that the panel never finds the last look too old; and one that hangs ends."""
    assert HOURLY.get("FixedRandomDelay") == "yes"
    assert timedelta(hours=1) < duties.STALE
    assert int(CHECK.get("TimeoutStartSec")) < (duties.STALE - timedelta(hours=1)).total_seconds() + 1


def test_the_place_of_backups_is_writable_and_made_by_the_guide() -> None:
    place = BACKUP.command[-1]
    assert any(place.startswith(path.lstrip("-")) for path in SERVICE.get("ReadWritePaths").split())
    # systemd lets it be written to only if it was there when the panel started
    assert f"panel {place}\nsystemctl restart panel\npanel backup --to {place}\n" in commands()[guide.BACKUP]


def test_the_panel_gets_the_time_that_its_end_takes() -> None:
    assert int(SERVICE.get("TimeoutStopSec")) > WHOLE
    assert SERVICE.get("KillMode") == "mixed"


def test_what_the_units_and_scripts_name_is_where_the_guide_lays_it() -> None:
    texts = [(DEPLOY / name).read_text(encoding="utf-8") for name in ("panel", "bersama")]
    current, environment = SERVICE.get("WorkingDirectory"), SERVICE.get("EnvironmentFile")
    assert f"ln -sfn releases/$VERSI {current}\n" in ALL
    assert f"{current}/deploy/panel.env {environment}\n" in ALL
    assert SERVICE.command[0] == f"{current}/.venv/bin/python"
    assert [text for text in texts if environment not in text or current not in text] == []
    for file in re.findall(rf"{current}/(deploy/\S+)", ALL):
        assert (guide.HOUSE / file).is_file()
    for path in re.findall(r"ssl_certificate(?:_key)? (\S+);", NGINX):
        assert path in commands()[guide.HTTPS]


def test_the_panel_trusts_the_one_server_in_front_of_it() -> None:
    [name] = set(re.findall(r"server_name (\S+);", NGINX))
    assert ENVIRONMENT["TRUSTED_HOSTS"].split(",") == [name, "127.0.0.1"]
    assert ENVIRONMENT["PROXIES"] == "1"
    assert f"proxy_pass http://127.0.0.1:{ENVIRONMENT['PORT']};" in NGINX
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in NGINX


def test_nginx_lets_through_what_the_panel_answers_itself() -> None:
    [megabytes] = map(int, re.findall(r"client_max_body_size (\d+)m;", NGINX))
    assert megabytes << 20 == ROOM_FOR_REFUSAL * UPLOAD_LIMIT
    [kilobytes] = map(int, re.findall(r"large_client_header_buffers 4 (\d+)k;", NGINX))
    assert kilobytes << 10 > LONGEST_PATH + LONGEST_QUERY


def test_no_log_of_nginx_has_the_query_of_an_address() -> None:
    [form] = re.findall(r"log_format panel '([^']*)'", NGINX)
    assert "$uri" in form
    assert (
        set(re.findall(r"\$\w+", form)) & {"$request", "$request_uri", "$args", "$query_string", "$http_referer"}
        == set()
    )
    assert len(re.findall(r"access_log \S+ panel;", NGINX)) == NGINX.count("server {")
    assert NGINX.count("alert;") == NGINX.count("server {")  # what is less than that quotes the address


@pytest.mark.parametrize("changed", CHANGES)
def test_what_makes_a_version_fail_by_night_changes_it(changed: dict[str, str]) -> None:
    house = {name: (guide.HOUSE / name).read_text() for name in changed if (guide.HOUSE / name).exists()}
    assert changed
    assert [name for name in house if house[name] == changed[name]] == []
