"""What the panel promises: each with its sentence, whether its turn has come, and the tests that show it.

A test is named by its file and function under tests/, a room of tests by its folder or file. `make trust` runs them;
tests/trust/test_promises.py holds that each exists, and that no promise whose turn has come is without one.
"""

from dataclasses import dataclass
from enum import Enum


class Turn(Enum):
    """Whether a promise must hold already."""

    DUE = "due"
    PENDING = "pending"  # its turn has come, and it is being built: one word switches it
    LATER = "later"


DUE, PENDING, LATER = Turn.DUE, Turn.PENDING, Turn.LATER


@dataclass(frozen=True)
class Promise:
    """One thing that the panel promises."""

    key: str
    says: str
    turn: Turn
    tests: tuple[str, ...] = ()


PROMISES = (
    Promise(
        "T1",
        "Every route says who may enter; one that does not is closed, and strangers come in only where it is said.",
        DUE,
        ("admin/door/test_routes.py",),
    ),
    Promise(
        "T2",
        "The access table holds for every act, row and field at every door, for every role, on both databases.",
        DUE,
        (
            "admin/matrix",
            "admin/door/test_closed_doors.py",
            "admin/door/test_need_to_know.py",
            "admin/running/test_masters_renewed.py",
            "models/complaint/test_scope.py",
            "models/workflow/test_matrix.py",
        ),
    ),
    Promise(
        "T3",
        "Only the order of the SOP: one entry of the history an act, a number and a hash exactly where the table says.",
        DUE,
        ("models/workflow/test_order.py",),
    ),
    Promise(
        "T4",
        "Each act is done once, however many do it at the same moment.",
        DUE,
        ("models/drills/test_approvals.py",),
    ),
    Promise(
        "T5",
        "No update is lost: who comes later with an old page is told who changed it and keeps both texts.",
        DUE,
        ("admin/lists/test_lost_updates.py", "models/workflow/test_lost_updates.py"),
    ),
    Promise(
        "T6",
        "Killed in the middle of many approvals, each complaint is whole, and what was acknowledged is there.",
        DUE,
        ("models/drills/test_kill.py",),
    ),
    Promise(
        "T7",
        "Numbers are unique and without a gap in each series and year of the office's clock.",
        DUE,
        ("models/drills/test_numbers.py", "models/complaint/test_numbers.py"),
    ),
    Promise(
        "T8",
        "The history is only added to; what is changed in it, or in a row that counts as proof, is found and named.",
        DUE,
        (
            "models/drills/test_history.py",
            "models/drills/test_history_postgres.py",
            "models/drills/test_rows.py",
            "models/workflow/test_migration_proofs.py",
            "models/workflow/test_former.py",
            "models/workflow/test_access_seals.py",
            "models/workflow/test_passwords.py",
            "models/workflow/test_rows.py",
            "models/complaint/test_chain.py",
        ),
    ),
    Promise(
        "T9",
        "An issued paper never changes: the same bytes after a restart, an upgrade and a restore.",
        DUE,
        (
            "papers/printing/test_same_bytes.py",
            "corpus/test_corpus.py::test_what_was_printed_comes_in_the_same_bytes_kept_or_printed_anew",
            "models/operations/test_restoring.py::test_on_an_empty_machine_every_paper_is_the_same_bytes_and_people_sign_in",
        ),
    ),
    Promise(
        "T10",
        "Whichever statement of an act fails, all of the act is there or nothing.",
        DUE,
        ("models/drills/test_stops.py", "admin/running/test_half_saved.py"),
    ),
    Promise(
        "T11",
        "A session can be ended from elsewhere; left alone it locks, and it is over after eight hours.",
        DUE,
        (
            "models/sign_in/test_device.py",
            "models/sign_in/test_migration.py",
            "models/sign_in/test_result.py",
            "models/sign_in/test_session.py",
            "admin/door/test_session_lock.py",
            "admin/office/test_sessions.py",
            "browser/sign_in/test_lock.py",
        ),
    ),
    Promise(
        "T12",
        "Passwords are hashed with Argon2id, long, and none that is guessed first; nobody sets another's.",
        DUE,
        (
            "models/sign_in/test_rules.py",
            "models/sign_in/test_common.py",
            "models/sign_in/test_link.py",
            "admin/office/test_password_links.py",
            "admin/office/test_mailed_links.py",
            "admin/sign_in/test_newpassword.py",
            "admin/sign_in/test_signin.py::test_an_unknown_name_costs_one_hash_like_a_known_one",
        ),
    ),
    Promise(
        "T13",
        "Whoever guesses passwords waits, by name and by address, and keeps nobody else out.",
        DUE,
        ("models/sign_in/test_tries.py", "admin/sign_in/test_guessing.py"),
    ),
    Promise(
        "T14",
        "A second factor for who decides, reads all or administers, code or passkey, each once; shown again to sign.",
        DUE,
        (
            "models/sign_in/test_codes.py",
            "models/sign_in/test_demand.py",
            "models/sign_in/test_factor.py",
            "models/sign_in/test_passkeys.py",
            "admin/sign_in/test_demand.py",
            "admin/sign_in/test_own.py",
            "admin/sign_in/test_passkeys.py",
            "admin/sign_in/test_proof.py",
            "admin/sign_in/test_signing_in.py",
            "admin/sign_in/test_two_people.py",
            "admin/sign_in/test_ways_round.py",
            "admin/desk/test_signing.py",
            "browser/sign_in/test_factor.py",
            "browser/sign_in/test_passkey.py",
        ),
    ),
    Promise(
        "T15",
        "No page of another site acts for who is signed in, and reading changes nothing.",
        DUE,
        ("admin/server/test_csrf.py", "admin/door/test_reading.py"),
    ),
    Promise(
        "T16",
        "Every answer carries the same headers, and nothing runs in the browser but what is the panel's own.",
        DUE,
        ("admin/server/test_headers.py", "browser/server/test_policy.py"),
    ),
    Promise(
        "T17",
        "What is secret of a person lies sealed under its case's key, in database, journal and files.",
        DUE,
        (
            "models/store/test_seals.py",
            "models/complaint/test_blind.py",
            "admin/matrix/test_canary.py",
            "models/imports/test_carrying.py",
            "models/imports/test_city_desk.py",
            "models/imports/test_files_that_meet.py",
            "models/imports/test_publishing.py",
            "models/imports/test_sorting.py",
        ),
    ),
    Promise(
        "T18",
        "Who saw which case, which field and why is noted before it is shown; without the note nothing is shown.",
        DUE,
        (
            "admin/door/test_access_log.py",
            "admin/figures/test_every_address_logs.py",
            "admin/figures/test_who_looked.py",
            "admin/running/test_full_disk.py",
        ),
    ),
    Promise(
        "T19",
        "No file is kept as it came: it is made anew and harmless or refused, and nothing opens it by itself.",
        DUE,
        ("models/store/test_evidence.py", "admin/papers/test_downloads.py"),
    ),
    Promise(
        "T20",
        "A backup counts once it has been restored and found to say the same; one flipped bit is refused.",
        DUE,
        (
            "models/operations/test_age.py",
            "models/operations/test_copies.py",
            "models/operations/test_frames.py",
            "models/operations/test_exempt.py",
            "models/operations/test_key.py",
            "models/operations/test_making.py",
            "models/operations/test_nightly.py",
            "models/operations/test_point_in_time.py",
            "models/operations/test_premigration.py",
            "models/operations/test_program.py",
            "models/operations/test_remote.py",
            "models/operations/test_checking.py",
            "models/operations/test_looking.py",
            "models/operations/test_restoring.py",
            "admin/terminal/test_backup_commands.py",
        ),
    ),
    Promise(
        "T21",
        "With a full disk or the database away an act is whole or not done, reading goes on, all heals by itself.",
        DUE,
        (
            "models/drills/test_full.py",
            "admin/running/test_full_disk.py",
            "admin/running/test_disk_fills.py",
            "admin/running/test_server_stops.py",
            "admin/server/test_outage.py",
        ),
    ),
    Promise(
        "T22",
        "Every version that was ever landed is brought up with its data; killed in the middle, old or new.",
        DUE,
        (
            "corpus/test_corpus.py",
            "models/test_schema.py",
            "models/drills/test_migrations.py",
            "models/operations/test_premigration.py",
            "models/workflow/test_migration_proofs.py",
        ),
    ),
    Promise(
        "T23",
        "The panel does not start with a debugger, a guessable or readable key, or on a network's disk.",
        DUE,
        ("admin/running/test_unsafe_starts.py",),
    ),
    Promise(
        "T24",
        "Whatever is sent is answered soon, never with a failure, and never with a trace, a path or a statement.",
        DUE,
        ("admin/hostile", "admin/server/test_errors.py", "admin/server/test_limits.py"),
    ),
    Promise(
        "T25",
        "Told to end, the panel answers what is under way and goes within half a minute; faults are told by name.",
        DUE,
        (
            "admin/running/test_ending.py",
            "admin/server/test_ready.py",
            "models/operations/test_around.py",
            "models/operations/test_checks.py",
            "models/operations/test_duties.py",
            "models/operations/test_trouble.py",
        ),
    ),
    Promise(
        "T26",
        "Citizens' words are never markup on paper; nothing is fetched from outside; each letter is seen or marked.",
        DUE,
        ("papers/printing/test_render.py", "papers/layout/test_any_text.py", "papers/printing/test_press.py"),
    ),
    Promise("T27", "Years of an office hold while anything fails anywhere.", LATER),
    Promise("T28", "The tests notice: what is changed in the code by a machine, they find.", LATER),
)
