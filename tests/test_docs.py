"""What the documents say is so: the SOP's table, the sixth row, commands, settings of the environment, paths."""

import re
from pathlib import Path

import pytest

from models.operations import signing_settings
from sop.documents import documented_rows, documented_steps, sop_table
from sop.procedure import HEAD
from tests import sixth_row

HOUSE = sixth_row.HOUSE
README, CONTRIBUTING = HOUSE / "README.md", HOUSE / "CONTRIBUTING.md"
OPERATIONS = HOUSE / "docs" / "operations.md"
SECURITY, PROMISED = HOUSE / "SECURITY.md", HOUSE / "docs" / "security.md"
PARTS = ["Context", "Decision", "Consequences", "The way back"]
DECISIONS = sorted((HOUSE / "docs" / "adr").glob("[0-9]*.md"))
TESTS = HOUSE / "tests" / "README.md"
PAGES = [README, CONTRIBUTING, SECURITY, TESTS, HOUSE / "CHANGELOG.md", *sorted((HOUSE / "docs").rglob("*.md"))]
ELSEWHERE = re.compile(r"(?<![\w.])(?:\.\./shared|/(?:work|tmp|home|root|Users)/)")  # places on somebody's machine
NO_TEXT = {".ttf", ".woff2", ".icc", ".png", ".jpg", ".mo", ".xz"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def names(pattern: str, *paths: Path) -> set[str]:
    return {name for path in paths for name in re.findall(pattern, text(path), re.MULTILINE)}


def test_readme_shows_the_sop_that_runs() -> None:
    assert sop_table(documented_rows()) in text(README)
    assert HEAD.number in text(README)


def test_readme_shows_the_sixth_row_that_is_tested() -> None:
    assert f"```diff\n{sixth_row.diff()}\n```" in text(README)


def test_readme_shows_a_picture_that_is_there() -> None:
    pictures = names(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert [p for p in pictures if not (HOUSE / p).is_file()] == []


def test_a_visitor_reads_the_readme_within_a_screen_and_a_half() -> None:
    """As it is shown: what is folded away is one line."""
    shown = re.sub(r"(?s)<details>(<summary>.*?</summary>).*?</details>", r"\1", text(README))
    assert len(shown.splitlines()) <= 75
    assert len(re.findall(r"!\[", shown)) == 1
    assert shown.count("<summary>") == text(README).count("<details>") == text(README).count("</details>")


def test_every_picture_of_a_screen_is_taken_by_the_tool_and_shown() -> None:
    taken = names(r'^    \("panduan/([a-z-]+)", "', HOUSE / "tests" / "browser" / "screens.py") | {"lembar-sop"}
    shown = names(r"!\[[^\]]+\]\((?!dokumen-)([a-z-]+)\.png\)", *(HOUSE / "docs" / "panduan").glob("*.md"))
    there = {path.stem for path in (HOUSE / "docs" / "panduan").glob("*.png") if not path.name.startswith("dokumen-")}
    assert shown == there == taken


def test_the_guide_shows_every_paper_and_the_step_that_prints_it() -> None:
    page = text(HOUSE / "docs" / "panduan" / "dokumen.md")
    issued = {paper.key: (paper, step) for step in reversed(documented_steps()) for paper in step.papers}
    for key, (paper, step) in issued.items():
        assert f"| {paper.title} | {step.label} |" in page
        assert f"(dokumen-{key}.png)" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = {link for link in names(r"\]\(([^)#\s]+)[^)]*\)", page) if "://" not in link}
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_target_of_make_that_is_named_exists(page: Path) -> None:
    targets = names(r"^([a-z]+):", HOUSE / "Makefile")
    assert names(r"`make ([a-z]+)", page) | names(r"^ *make ([a-z]+)", page) <= targets


def test_readme_names_the_variables_of_the_environment_that_are_read_and_no_others() -> None:
    read = names(r'environ(?:\.get\(|\[)"([A-Z_]+)"', HOUSE / "app.py")
    assert read
    assert names(r"^\| `([A-Z_]+)` \|", README) == read


@pytest.mark.parametrize("floor", ["admin", "papers", "models"])
def test_the_readme_says_of_every_room_what_one_changes_there(floor: str) -> None:
    rooms = {room.name for room in (HOUSE / floor).iterdir() if room.is_dir() and room.name != "__pycache__"}
    block = re.search(rf"(?ms)^{floor}/.*?(?=^\w)", text(README))[0]
    named = re.findall(r"(?m)^  ([a-z_]+) +\w", block)
    assert sorted(named) == sorted(rooms)


def test_what_one_opens_to_change_something_is_there_and_holds_the_name_that_one_looks_for() -> None:
    rows = re.findall(r"(?m)^\| [^|]+ \| `([^`]+)` \| `([^`]+)` \|$", text(CONTRIBUTING))
    assert len(rows) >= 25
    assert [place for place, name in rows if not re.search(rf"\b{name}\b", text(HOUSE / place))] == []


def test_the_readme_of_the_tests_names_every_folder_and_what_it_names_is_there() -> None:
    named = names(r"`([a-z_]+(?:/[a-z_]+)*(?:/|\.py))`", TESTS)
    assert [name for name in named if not (TESTS.parent / name).exists()] == []
    assert {f"{path.parent.name}/" for path in TESTS.parent.glob("*/__init__.py")} <= named


@pytest.mark.parametrize("floor", ["admin", "browser", "models", "papers", "sop"])
def test_the_rooms_of_the_tests_are_those_of_their_floor_or_named_in_their_readme(floor: str) -> None:
    rooms = {path.parent.name for path in (TESTS.parent / floor).glob("*/__init__.py")}
    there = {path.parent.name for path in (HOUSE / floor.replace("browser", "admin")).glob("*/__init__.py")}
    assert rooms - there == {one for one in rooms if f"`{floor}/{one}/`" in text(TESTS)}


def test_operations_names_every_command() -> None:
    made = names(r'@command\("([a-z-]+)", ', *(HOUSE / "admin").rglob("*.py"))
    assert made
    assert names(r"^\| `flask --app app ([a-z-]+)", OPERATIONS) == made


def test_the_technician_s_page_names_commands_and_variables_that_are_read() -> None:
    page = HOUSE / "docs" / "panduan" / "pasang.md"
    made = names(r'@command\("([a-z-]+)", ', *(HOUSE / "admin").rglob("*.py"))
    assert names(r"`panel ([a-z-]+)", page)
    assert names(r"`panel ([a-z-]+)", page) | names(r"^panel ([a-z-]+)", page) <= made
    variables = {name for name in names(r"`([A-Z]+_[A-Z_]+)`[,| ]", page) if not name.startswith("AWS_")}
    assert variables
    read = names(r'environ(?:\.get\(|\[)"([A-Z_]+)"', HOUSE / "app.py") | {*signing_settings.NAMES}
    assert variables <= read | {"CERTIFICATE_VERIFY_FAILED"}


@pytest.mark.parametrize(
    "page", [README, CONTRIBUTING, OPERATIONS, SECURITY, PROMISED, *DECISIONS], ids=lambda page: page.name
)
def test_every_path_that_is_named_exists(page: Path) -> None:
    folders = "|".join(p.name for p in HOUSE.iterdir() if p.is_dir() and p.name != "var")
    paths = names(rf"`((?:{folders})/[\w./-]*|[\w-]+\.(?:py|toml|txt|md))`", page)
    assert [path for path in paths if not (HOUSE / path).exists()] == []


@pytest.mark.parametrize("page", sorted(HOUSE.glob("requirements*.txt")), ids=lambda page: page.name)
def test_what_the_lists_of_packages_name_of_the_tree_is_there(page: Path) -> None:
    said = "\n".join(line.partition("#")[2] for line in text(page).splitlines())
    paths = {
        one for one in re.findall(r"(?<![\w./])((?:[a-z][\w-]*/)+[\w.-]*\w/?)", said) if not one.startswith("build/")
    }
    modules = set(re.findall(r"(?<![\w./])[\w-]+\.(?:py|txt|toml|md)\b", said)) - {"boolean.py"}  # a package's name
    assert [name for name in sorted(paths | modules) if not (HOUSE / name).exists()] == []
    targets = names(r"^([a-z-]+):", HOUSE / "Makefile")
    assert set(re.findall(r"`make ([a-z-]+)", said)) <= targets


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_context_decision_consequences_and_the_way_back(decision: Path) -> None:
    assert re.findall(r"^## (.+)$", text(decision), re.MULTILINE) == PARTS


def listed_decisions() -> list[tuple[int, str, str, int]]:
    """The lines of the index: number, title, file, and by which decision it was overtaken, 0 where by none."""
    pattern = r"^- (\d+)\. \[(.+)\]\((.+?)\)(?: – superseded by (\d+))?$"
    found = re.findall(pattern, text(HOUSE / "docs" / "adr" / "README.md"), re.MULTILINE)
    return [(int(number), title, file, int(later or 0)) for number, title, file, later in found]


def test_the_index_lists_every_decision_once_under_a_subject_by_number_and_title() -> None:
    listed = sorted(listed_decisions())
    assert [(number, file) for number, _, file, _ in listed] == [(int(p.name[:4]), p.name) for p in DECISIONS]
    subjects = text(HOUSE / "docs" / "adr" / "README.md").split("\n## ")[1:]
    assert sum(part.count("\n- ") for part in subjects) == len(DECISIONS)
    for part in subjects:
        numbers = [int(number) for number in re.findall(r"^- (\d+)\.", part, re.MULTILINE)]
        assert numbers == sorted(numbers) != []
    titles = {number: title for number, title, _, _ in listed}
    for decision in DECISIONS:
        number, _, title = text(decision).partition("\n")[0].removeprefix("# ").partition(". ")
        assert title == titles[int(number)]


def test_a_decision_that_was_overtaken_says_so_in_its_first_line_and_in_the_index() -> None:
    said = {}
    for decision in DECISIONS:
        first = text(decision).split("\n", 3)[2]
        if found := re.match(r"Superseded by ADR \[(\d+)\]", first):
            said[int(decision.name[:4])] = int(found[1])
    listed = {number: later for number, _, _, later in listed_decisions() if later}
    assert said == listed
    assert all(number < later for number, later in said.items())
    later = {
        int(number): int(decision.name[:4])
        for decision in DECISIONS
        for number in re.findall(r"^Supersedes [^\n]*?\[(\d+)\]", text(decision), re.MULTILINE)
    }
    assert later == listed


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_no_file_of_the_project_points_to_a_place_on_somebody_s_machine() -> None:
    written = {p: text(HOUSE / p) for p in sixth_row.files() if p.suffix not in NO_TEXT}
    assert [str(p) for p, words in written.items() if ELSEWHERE.search(words)] == []
