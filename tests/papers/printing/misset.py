"""A printing child to which the frame of every paper is a broken template; `python -m tests.papers.printing.misset`."""

from functools import cache

from jinja2 import ChoiceLoader, DictLoader, Environment

from papers.layout import page
from papers.printing import print_worker

BROKEN = DictLoader({"papers/_page.html": "{{ nobody.knows.this }}"})
whole = page._environment


@cache
def _misset(number: int) -> Environment:
    environment = whole(number)
    environment.loader = ChoiceLoader([BROKEN, environment.loader])
    return environment


if __name__ == "__main__":
    page._environment = _misset
    print_worker.main()
