"""What printing costs, as ratios within one run: the engine against a plain xhtml2pdf call and against WeasyPrint.

`python -m bench.papers [--times 30] [--renders 1000]`; medians of one Nota Dinas with its fonts embedded. Exit status 1
if a bound is missed. WeasyPrint comes from requirements-bench.txt; without it its line is left out, and said so.
"""

import argparse
import io
import logging
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from xhtml2pdf import pisa

from papers.engine import archival, remembered
from papers.layout.letters import ASSETS
from papers.layout.page import html
from papers.printing.bundle import Bound, merge
from papers.printing.printer import Printers
from papers.printing.render import pdf
from tests.papers.contents import content

NAIVE, WEASY, ARCHIVAL, CORES, MERGED, GROWTH = 0.75, 0.35, 1.15, 1.8, 1.5, 1.1
Way = Callable[[], Any]


def naive(told: dict[str, Any]) -> bytes:
    """As one would call it first: its own style sheet, nothing remembered from paper to paper, the emblem as a PNG."""
    out = io.BytesIO()
    remembered.remove()
    try:
        pisa.CreatePDF(html(told).replace("emblem.jpg", "emblem.png"), out, path=str(ASSETS / "paper.html"))
    finally:
        remembered.install()
    return out.getvalue()


def weasy(told: dict[str, Any]) -> Way | None:
    """The same page through WeasyPrint, if it is there."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        return None
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it knows no -pdf- rules, and says so a hundred times
    return lambda: HTML(string=html(told), base_url=str(ASSETS / "paper.html")).write_pdf()


def not_archival(told: dict[str, Any]) -> bytes:
    """The same page as a plain PDF: without XMP, the profile of its colours and what else PDF/A asks for."""
    kept = archival.for_ever
    archival.for_ever = lambda profile: nullcontext()
    try:
        return pdf(told)
    finally:
        archival.for_ever = kept


def medians(ways: dict[str, Way], times: int) -> dict[str, float]:
    """Milliseconds of processor time of each, taken in turns: what else the machine does counts for none of them."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(times + 3):
        for name, way in ways.items():
            begun = time.process_time()
            way()
            if turn >= 3:  # the first ones load fonts and templates
                taken[name].append((time.process_time() - begun) * 1000)
    return {name: statistics.median(found) for name, found in taken.items()}


def press_gain(told: dict[str, Any], papers: int = 200) -> float:
    """How many times faster the press prints with two children than with one, their replacements included."""
    return _press_seconds(told, 1, papers) / _press_seconds(told, 2, papers)


def _press_seconds(told: dict[str, Any], children: int, papers: int) -> float:
    """Seconds that so many children take for so many papers, once each of them has printed its first."""
    press = Printers(children)
    try:
        with ThreadPoolExecutor(children) as pool:
            list(pool.map(press.pdf, [told] * children))
            begun = time.perf_counter()
            list(pool.map(press.pdf, [told] * papers))
            return time.perf_counter() - begun
    finally:
        press.close()


def merged_size(told: dict[str, Any], papers: int = 100) -> int:
    """Bytes of so many papers, each of its own number, in one PDF."""
    each = [
        Bound(f"Nota Dinas {n}", pdf({**told, "paper": {**told["paper"], "number": f"400.9/{n}/35.73/2026"}}))
        for n in range(1, papers + 1)
    ]
    return len(merge(each, title="Dokumen", author="Dinas"))


def growth(told: dict[str, Any], renders: int) -> float:
    """Resident memory after so many renders, in multiples of that after the first tenth."""
    sizes = []
    for count in (renders // 10, renders - renders // 10):
        for _ in range(count):
            pdf(told)
        sizes.append(_resident())
    return sizes[1] / sizes[0]


def _resident() -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def judged(times: int, renders: int) -> list[tuple[str, float, str, float, bool]]:
    """Each figure with its bound: (name, found, relation, bound, whether it holds)."""
    told = content("nota_dinas")
    other = weasy(told)
    ways: dict[str, Way] = {
        "engine": lambda: pdf(told),
        "naive": lambda: naive(told),
        "not PDF/A": lambda: not_archival(told),
        **({"weasyprint": other} if other else {}),
    }
    found = medians(ways, times)
    print(", ".join(f"{name} {ms:.1f} ms" for name, ms in found.items()))
    rows = [("engine / naive xhtml2pdf", found["engine"] / found["naive"], "≤", NAIVE)]
    if other:
        rows.append(("engine / WeasyPrint", found["engine"] / found["weasyprint"], "≤", WEASY))
    else:
        print("WeasyPrint is not installed: its line is left out.")
    rows += [
        ("PDF/A / plain, time", found["engine"] / found["not PDF/A"], "≤", ARCHIVAL),
        ("PDF/A / plain, bytes", len(pdf(told)) / len(not_archival(told)), "≤", ARCHIVAL),
        ("two children / one", press_gain(told), "≥", CORES),
        ("100 merged, MB", merged_size(told) / 1e6, "≤", MERGED),
        (f"memory over {renders} renders", growth(told, renders), "≤", GROWTH),
    ]
    return [(*row, row[1] <= row[3] if row[2] == "≤" else row[1] >= row[3]) for row in rows]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=30)
    asked.add_argument("--renders", type=int, default=1000)
    given = asked.parse_args()
    rows = judged(given.times, given.renders)
    for name, found, relation, bound, holds in rows:
        print(f"{name:<32} {found:6.2f}   ({relation} {bound:g}) {'' if holds else 'MISSED'}")
    return int(not all(row[4] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
