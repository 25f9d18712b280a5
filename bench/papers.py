"""Benchmark of printing: our rendering against plain xhtml2pdf and WeasyPrint, and the press of a whole panel.

`python -m bench.papers [--times 30] [--renders 1000] [--press]`; medians of one Nota Dinas with embedded fonts, and
what bench/press.py measures, written into docs/performance.md; `--press` measures nothing else. Exit status 1 if a
bound is missed. WeasyPrint comes from requirements-bench.txt; without it that comparison is skipped.
"""

import argparse
import io
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import Any

from xhtml2pdf import pisa

from bench import press
from bench.pages import PAGE, between
from papers.engine import archival, render_cache
from papers.layout.glyphs import ASSETS
from papers.layout.page import html
from papers.printing.bundle import MergedPaper, merge
from papers.printing.printer import Printers
from papers.printing.render import pdf
from tests.papers.contents import content

BEGIN, END = "<!-- papers -->", "<!-- /papers -->"
NAIVE, WEASY, ARCHIVAL, CORES, MERGED, GROWTH = 0.75, 0.35, 1.15, 1.8, 1.5, 1.1
Way = Callable[[], Any]


def coded(frozen: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The paper again and again, each time with a verification code of its own, as each issued paper has one: its QR
    code is not in the cache of the one before."""
    code = frozen["code"]
    for number in count():
        text = f"{number:04d}{code['text'][4:]}"
        yield {**frozen, "code": {"text": text, "qr": code["qr"].replace(code["text"], text)}}


def naive(frozen: dict[str, Any]) -> bytes:
    """xhtml2pdf without our caches, with its default style sheet and the emblem as PNG; with our QR code and signature
    fields, as it has no tag for a field (tests/papers/printing/test_render.py)."""
    out = io.BytesIO()
    render_cache.remove()
    try:
        pisa.CreatePDF(html(frozen).replace("emblem.jpg", "emblem.png"), out, path=str(ASSETS / "paper.html"))
    finally:
        render_cache.install()
    return out.getvalue()


def weasy(frozen: dict[str, Any]) -> Way | None:
    """The same page by WeasyPrint; None if it is not installed."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        return None
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it warns of each -pdf- rule
    return lambda: HTML(string=html(frozen), base_url=str(ASSETS / "paper.html")).write_pdf()


def not_archival(frozen: dict[str, Any]) -> bytes:
    """The same page as a plain PDF instead of PDF/A."""
    original = archival.as_pdfa
    archival.as_pdfa = lambda *_: nullcontext()
    try:
        return pdf(frozen)
    finally:
        archival.as_pdfa = original


def medians(ways: dict[str, Way], times: int) -> dict[str, float]:
    """Median milliseconds of CPU time of each, measured in turns, so that other load affects all alike."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(times + 3):
        for name, way in ways.items():
            start = time.process_time()
            way()
            if turn >= 3:  # warm-up: fonts and templates
                taken[name].append((time.process_time() - start) * 1000)
    return {name: statistics.median(times_ms) for name, times_ms in taken.items()}


def seconds_of(children: int, frozen: dict[str, Any], papers: int = 200) -> float:
    """Seconds that so many worker processes take for so many papers, after a warm-up."""
    printers = Printers(children)
    try:
        with ThreadPoolExecutor(children) as pool:
            list(pool.map(printers.pdf, [frozen] * children))
            start = time.perf_counter()
            list(pool.map(printers.pdf, [frozen] * papers))
            return time.perf_counter() - start
    finally:
        printers.close()


def merged_size(frozen: dict[str, Any], papers: int = 100) -> int:
    """Bytes of a merged PDF of so many papers with different numbers."""
    each = [
        MergedPaper(f"Nota Dinas {n}", pdf({**frozen, "paper": {**frozen["paper"], "number": f"400.9/{n}/35.73/2026"}}))
        for n in range(1, papers + 1)
    ]
    return len(merge(each, title="Dokumen", author="Dinas"))


def growth(frozen: dict[str, Any], renders: int) -> float:
    """Resident memory after so many renderings, relative to that after the first tenth."""
    sizes = []
    for some in (renders // 10, renders - renders // 10):
        for _ in range(some):
            pdf(frozen)
        sizes.append(_resident())
    return sizes[1] / sizes[0]


def _resident() -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def judged(times: int, renders: int) -> list[tuple[str, float, str, float, bool]]:
    """Each figure with its bound: (name, measured, relation, bound, whether it holds)."""
    frozen = content("nota_dinas")
    other, ours, theirs, plain = weasy(frozen), coded(frozen), coded(frozen), coded(frozen)
    ways: dict[str, Way] = {
        "engine": lambda: pdf(next(ours)),
        "naive": lambda: naive(next(theirs)),
        "not PDF/A": lambda: not_archival(next(plain)),
        **({"weasyprint": other} if other else {}),
    }
    ms_of = medians(ways, times)
    print(", ".join(f"{name} {ms:.1f} ms" for name, ms in ms_of.items()))
    rows = [("engine / naive xhtml2pdf", ms_of["engine"] / ms_of["naive"], "≤", NAIVE)]
    if other:
        rows.append(("engine / WeasyPrint", ms_of["engine"] / ms_of["weasyprint"], "≤", WEASY))
    else:
        print("WeasyPrint is not installed: its line is left out.")
    rows += [
        ("PDF/A / plain, time", ms_of["engine"] / ms_of["not PDF/A"], "≤", ARCHIVAL),
        ("PDF/A / plain, bytes", len(pdf(frozen)) / len(not_archival(frozen)), "≤", ARCHIVAL),
        ("two children / one", seconds_of(1, frozen) / seconds_of(2, frozen), "≥", CORES),
        ("100 merged, MB", merged_size(frozen) / 1e6, "≤", MERGED),
        (f"memory over {renders} renders", growth(frozen, renders), "≤", GROWTH),
    ]
    return [(*row, row[1] <= row[3] if row[2] == "≤" else row[1] >= row[3]) for row in rows]


def write_table(times: int) -> None:
    """Write what a paper and the press cost into docs/performance.md."""
    frozen = content("nota_dinas")
    [ms] = medians({"engine": lambda: pdf(frozen)}, times).values()
    lines = [("one Nota Dinas, ms of CPU", f"{ms:.1f}"), *press.measured().lines]
    table = "\n".join(["| What | |", "| --- | --: |", *(f"| {name} | {figure} |" for name, figure in lines)])
    print(table)
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), BEGIN, END, table), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--renders", type=int, default=1000)
    parser.add_argument("--press", action="store_true")
    options = parser.parse_args()
    write_table(options.times)
    rows = [] if options.press else judged(options.times, options.renders)
    for name, measured, relation, bound, holds in rows:
        print(f"{name:<32} {measured:6.2f}   ({relation} {bound:g}) {'' if holds else 'MISSED'}")
    return int(not all(row[4] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
