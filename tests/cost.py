"""Which tests belong to the quick tier, and how many minutes of CPU a whole run of a tier has cost.

Three tiers: `make quick` while working, `make test` before a change lands, `make soak` by night. What quick leaves out
is left out by room, by kind of database, because it works in a copy of the house, or by a mark that says why.
What is left to the night has the mark `nightly`, or stands in BY_NIGHT_ON_POSTGRESQL, or is a paper on A4.
"""

import inspect
import resource
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import postgres
from tests.patience import cpu_seconds

HERE = Path(__file__).parent
COPIES = "sixth_row.copy("  # a test with this works in a copy of the house
LEFT_OUT = {
    # a room or a file of tests: why quick goes without it
    "browser": "clicks in Chromium",
    "models/operations": "copies and restores whole offices",
    "models/drills": "kills, tampers and races at length",
    "admin/matrix": "walks through every door as nineteen people",
    "admin/hostile": "sends thousands of requests",
    "models/demo": "makes the demo at many moments",
    "papers": "prints hundreds of pages",
    "corpus": "prints what every landed version has printed",
    "admin/server/test_check.py": "breaks what it then reports",
    "admin/server/test_report.py": "breaks what it then reports",
    "admin/intake/test_columns.py": "takes whole files in",
    "admin/intake/test_command.py": "takes whole files in",
    "admin/intake/test_page.py": "takes whole files in",
    "admin/door/test_redirects.py": "leads away from a hundred addresses",
    "admin/sign_in": "signs in twice, by telephone, and hashes many a password",
    "admin/intake/test_intake_page.py": "asks of every field of the form",
    "admin/lists/test_base_view.py": "asks odd things of a made-up list by the hundred",
    "admin/lists/test_dates.py": "types every odd date",
    "admin/lists/test_lost_updates.py": "opens every form twice",
    "admin/lists/test_weight.py": "weighs pages of five hundred cases",
    "admin/complaints/test_any_list.py": "asks lists whatever chance says",
    "admin/complaints/test_choosing.py": "chooses all of hundreds",
    "admin/complaints/test_lookup.py": "looks up as everybody at every door",
    "admin/complaints/test_pages.py": "turns the pages of every list both ways",
    "admin/test_rows_read.py": "opens every page in two offices, one ten times as large",
    "admin/complaints/test_search.py": "searches as everybody",
    "admin/office": "edits every master and saves every setting",
    "admin/figures": "counts and prints hundreds of cases, and goes through every door twice",
    "admin/many_kinds": "adds a row of its own to a copy",
    "admin/papers/test_marks.py": "marks papers in every way",
    "admin/desk/test_signing.py": "has papers signed over sockets, by processes of their own",
    "admin/papers/test_progress.py": "brings papers to every signer and home",
    "admin/papers/test_returned.py": "has files judged and scans read by processes of their own",
    "admin/papers/test_shelf.py": "files, lends and labels in every way",
    "admin/papers/test_verification.py": "signs PDFs, and has each judged by a process of its own",
    "admin/server/test_metrics.py": "reads logs and ports of real panels",
    "admin/server/test_ready.py": "reads logs and ports of real panels",
    "admin/server/test_rehearsal.py": "reads logs and ports of real panels",
    "admin/server/test_requestlog.py": "reads logs and ports of real panels",
    "admin/server/test_database_copy.py": "reads logs and ports of real panels",
    "admin/server/test_walk.py": "reads logs and ports of real panels",
    "admin/running": "starts panels and ends them",
    "admin/terminal/test_commands.py": "starts a process for each command",
    "admin/server/test_errors.py": "builds a panel for each failure",
    "admin/server/test_headers.py": "asks every rule",
    "admin/terminal/test_backup_commands.py": "makes whole backups",
    "admin/server/test_server.py": "serves at real ports",
    "models/store/test_evidence.py": "takes in a hundred files and pictures",
    "models/imports": "publishes, kills and takes back whole files",
    "models/complaint/test_asking.py": "searches as everybody",
    "models/complaint/test_migration.py": "migrates whole databases",
    "models/complaint/test_repeats.py": "compares thousands of texts",
    "models/store/test_keyset.py": "walks made-up tables in every order",
    "models/store/test_seals.py": "turns keys over and over",
    "models/test_digest.py": "changes every value of every row",
    "models/test_drift.py": "breaks schemas of many kinds",
    "models/workflow/test_detours.py": "takes every detour from every state",
    "admin/case/test_whereabouts.py": "asks where a case is in each of its states",
    "admin/desk/test_reading.py": "reads dozens of cases on the desk",
    "admin/papers/test_attachments.py": "takes in files of every kind",
    "admin/intake/test_printed_otherwise.py": "prints what papers print otherwise",
    "admin/intake/test_repeating.py": "compares each intake with what came before",
    "admin/complaints/test_casefile.py": "exports whole case files",
    "admin/papers/test_documents.py": "goes through the papers of every case",
    "models/reading/test_happened.py": "goes round mornings and deadlines",
    "models/reading/test_rounds.py": "goes round mornings and deadlines",
    "models/email/test_queue.py": "hands e-mails to servers that hang, refuse and die",
    "models/email/test_turns.py": "hands e-mails to servers that hang, refuse and die",
    "models/workflow/test_rows.py": "tampers with every proven row",
    "models/complaint/test_blind.py": "marks texts of every kind",
    "models/complaint/test_numbers.py": "numbers by every pattern",
    "test_private_names.py": "asks libraries for their private names",
}
BY_NIGHT_ON_POSTGRESQL = (
    # rooms and files that ask little of the kind of database; by day the matrix and hostile texts go through their
    # doors there, the writer through its main line
    "admin/desk",
    "admin/door",
    "admin/papers",
    "admin/sign_in",
    "admin/hostile/test_proofs.py",
    "admin/intake",
    "admin/lists/test_base_view.py",
    "admin/lists/test_dates.py",
    "admin/lists/test_fields.py",
    "admin/lists/test_html_values.py",
    "admin/lists/test_lost_updates.py",
    "admin/lists/test_weight.py",
    "admin/complaints/test_choosing.py",
    "admin/complaints/test_export.py",
    "admin/complaints/test_lists.py",
    "admin/complaints/test_history.py",
    "admin/complaints/test_lookup.py",
    "admin/complaints/test_outside.py",
    "admin/complaints/test_pages.py",
    "admin/complaints/test_register_book.py",
    "admin/complaints/test_search.py",
    "admin/figures",
    "admin/office",
    "admin/lists/test_cases.py",
    "admin/running",
    "admin/case",
    "admin/test_menu.py",
    "admin/test_sop_page.py",
    "admin/test_start.py",
    "admin/terminal/test_commands.py",
    "admin/server/test_csrf.py",
    "admin/server/test_errors.py",
    "admin/server/test_headers.py",
    "admin/server/test_hosts.py",
    "admin/terminal/test_backup_commands.py",
    "admin/server/test_language.py",
    "admin/server/test_limits.py",
    "admin/server/test_outage.py",
    "admin/server/test_room.py",
    "admin/server/test_seats.py",
    "admin/server/test_server.py",
    "corpus",
    "models/case",
    "models/demo",
    "models/store/test_evidence.py",
    "models/store/test_pdfstreams.py",
    "models/sign_in",
    "models/records/test_contacts.py",
    "models/records/test_kinds.py",
    "models/records/test_mask.py",
    "models/records/test_nik.py",
    "models/records/test_phone.py",
    "models/email/test_address.py",
    "models/email/test_delivery.py",
    "models/email/test_message.py",
    "models/email/test_quota.py",
    "models/email/test_server.py",
    "models/reading/test_happened.py",
    "models/reading/test_rounds.py",
    "models/office",
    "models/imports/test_carrying.py",
    "models/imports/test_files_that_meet.py",
    "models/imports/test_publishing.py",
    "models/reading/test_discreet.py",
    "models/complaint/test_asking.py",
    "models/complaint/test_find.py",
    "models/complaint/test_likeness.py",
    "models/complaint/test_notation.py",
    "models/complaint/test_recall.py",
    "models/imports/test_verdicts.py",
    "models/store/test_keyset.py",
    "models/store/test_seals.py",
    "models/complaint/test_scope.py",
    "models/email/test_to_pengadu.py",
    "models/email/test_reached.py",
    "models/test_digest.py",
    "models/workflow/test_correcting.py",
    "models/workflow/test_detours.py",
    "models/workflow/test_marks.py",
    "models/workflow/test_order.py",
    "models/workflow/test_matrix.py",
    "models/workflow/test_rows.py",
    "models/workflow/test_shelf.py",
    "models/workflow/test_worked_example.py",
    "models/workflow/test_parties.py",
    "models/workflow/test_acting.py",
    "papers/printing",
    "test_former.py",
)
_workers: list[float] = []  # seconds that the processes of a spread run have cost


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="what answers within two minutes on two cores")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Rooms that quick leaves out are not even imported."""
    left_out = config.getoption("quick") and collection_path in {HERE / part for part in LEFT_OUT}
    return True if left_out else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _is_for_the_night(item):
            item.add_marker(pytest.mark.soak)
    if config.getoption("quick"):
        config.hook.pytest_deselected(items=[item for item in items if _is_slow(item)])
        items[:] = [item for item in items if not _is_slow(item)]


def _is_for_the_night(item: pytest.Item) -> bool:
    """What one of its marks `nightly` says of every one of these values, or its room of PostgreSQL."""
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if params.get("size") == "A4" and item.path.is_relative_to(HERE / "papers"):
        return True  # by day on F4, which offices print on
    marks = item.iter_markers("nightly")
    if any(all(params[name] in values for name, values in mark.kwargs.items()) for mark in marks):
        return True
    if params.get("engine") != "postgresql" or item.get_closest_marker("only") is not None:
        return False
    return _is_by_night_on_postgresql(item.path)


@cache
def _is_by_night_on_postgresql(file: Path) -> bool:
    return any(file.is_relative_to(HERE / part) for part in BY_NIGHT_ON_POSTGRESQL)


def _is_slow(item: pytest.Item) -> bool:
    only = item.get_closest_marker("only")
    elsewhere = "[postgresql" in item.nodeid or (only is not None and only.args == ("postgresql",))
    return elsewhere or item.get_closest_marker("slow") is not None or _works_in_a_copy(item.module)


@cache
def _works_in_a_copy(module: ModuleType) -> bool:
    return COPIES in inspect.getsource(module)


def spent() -> float:
    """Seconds of CPU of this process, of those that it has started and seen end, and of its PostgreSQL server."""
    return cpu_seconds() + postgres.spent()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of a spread run reports what it has cost, its fixtures being torn down."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["cpu"] = spent()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _workers.append(getattr(node, "workeroutput", {}).get("cpu", 0.0))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The last word of a whole run; parts of one say nothing."""
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        own = resource.getrusage(resource.RUSAGE_SELF)
        seconds = sum(_workers) + own.ru_utime + own.ru_stime if _workers else spent()
        terminalreporter.write_line(f"CPU: {seconds / 60:.1f} minutes ({tier(config)})")


def tier(config: pytest.Config) -> str:
    return "quick" if config.getoption("quick") else "soak" if config.getoption("markexpr") == "soak" else "full"
