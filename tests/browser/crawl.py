"""Where links lead: each page that a person can reach from the start page, breadth first, a few of each shape."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

PEOPLE = ("petugas", "petugas2", "kadis", "bidang.rehsos", "staf.rehsos", "bidang.ppa", "pengawas", "admin")
FILES = re.compile(r"\.pdf$|/export/|/lampiran/|/surat/")
MOST_FILES = 3
OF_A_LIST = frozenset({"sort", "desc", "page", "page_size"})  # one page, turned this way or that
Links = list[str]


def shape(address: str) -> str:
    """Pages of one shape: the same path and the same names in the query."""
    parts = urlsplit(address)
    names = {"list" if name in OF_A_LIST else name for name, _ in parse_qsl(parts.query) if name != "url"}
    return f"{parts.path}?{','.join(sorted(names))}"


def is_file(address: str) -> bool:
    return bool(FILES.search(urlsplit(address).path))


def walk(home: str, visit: Callable[[str], Links], *, alike: int = 2) -> Iterator[str]:
    """The addresses in the order in which they are visited; `visit` opens a page and returns where its links lead."""
    taken, files = Counter[str](), 0
    waiting, known = deque([home]), {home}
    while waiting:
        address = waiting.popleft()
        if is_file(address):
            files += 1
            if files <= MOST_FILES:
                yield address
            continue
        if taken[shape(address)] >= alike:
            continue
        taken[shape(address)] += 1
        for link in (urldefrag(urljoin(address, one)).url for one in visit(address)):
            if link.startswith(home) and link not in known:
                known.add(link)
                waiting.append(link)
        yield address
