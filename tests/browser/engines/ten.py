"""How long ten Nota Dinas take to be read to their foot and signed by touch: `python -m tests.browser.engines.ten`.

Seconds are those of the panel, the engine and the finger's way; how long a person reads comes on top.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import monotonic

from tests.browser.engines.engine import NEEDS, started
from tests.browser.engines.phone import Phone
from tests.browser.served import Served, copy_of, furnished, served
from tests.browser.waiting import only, states

COUNT = 10
OPENED = "(words) => document.querySelector('.reader-head h4')?.innerText === words"
TO_THE_FOOT = """() => {
  const leaf = document.querySelector('.desk-cards > .reading');
  leaf.scrollBy(0, Math.round(innerHeight * 0.7));
  return leaf.scrollTop + leaf.clientHeight >= leaf.scrollHeight - 2;
}"""


def seconds_each(panel: Served, name: str, scratch: Path) -> list[float]:
    """Of each letter from its lying open until the next one does, or the pile has ended."""
    with panel.its_database():
        ids = only(panel, "approve", COUNT)
    took = list[float]()
    with started(name, scratch) as engine:
        phone = Phone(engine, panel.address).sign_in("kadis")
        phone.open("/meja/approve/")
        phone.tap(".desk-cards h3 button")
        for left in range(COUNT, 0, -1):
            phone.until(OPENED, f"1 dari {left}")
            begun = monotonic()
            phone.until(TO_THE_FOOT)
            phone.tap(".reader-bar button", "Setujui")
            phone.until(
                *((OPENED, f"1 dari {left - 1}") if left > 1 else ("() => !document.querySelector('.reader')",))
            )
            took.append(monotonic() - begun)
        phone.waits_for(
            "[data-month]", "Nota Dinas diputus"
        )  # the last decision waits eight seconds for a change of mind
        assert engine.faults() == []
    assert states(panel, ids) == ["deliver"] * COUNT
    return took


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("engines", nargs="*", default=list(NEEDS))
    with tempfile.TemporaryDirectory() as folder:
        with served(copy_of(furnished(Path(folder, "demo")), Path(folder, "panel"))) as panel:
            panel.open_quickly()
            for name in asked.parse_args().engines:
                took = seconds_each(panel, name, Path(folder, name))
                each = " ".join(f"{seconds:.1f}" for seconds in took)
                print(
                    f"{name}: {each} seconds; median {median(took):.1f}, longest {max(took):.1f}, all {sum(took):.1f}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
