"""What the table says of printed papers, asked where templates are known: each has one, it names records that exist,
and what of a record it says is printed."""

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from models.records.main_line import Attempt
from models.records.registry import RECORDS
from papers.layout.letters import ASSETS
from sop.table import Place, Table, unknown, wrong
from sop.vocabulary import vocabulary

FOLDER = ASSETS.parent / "templates" / "papers"


def faults(table: Table | None = None) -> Iterator[str]:
    """The sentences, in the order of the table; of acts that are gone last: what they issued must stay printable."""
    table = table or Table()
    for at in (*table.places, *table.gone):
        for paper in at.step.papers:
            yield from _paper(at, paper.key, [*RECORDS, *(gone.step.record for gone in table.gone)])


def _paper(at: Place, key: str, records: list[str]) -> Iterator[str]:
    there = sorted(path.stem for path in FOLDER.glob("[a-z]*.html"))
    if key not in there:
        yield unknown(at, "papers", key, there)
        return
    try:
        words = _records_named(key)
    except TemplateSyntaxError as slip:
        yield wrong(at, "papers", f"templates/papers/{key}.html, baris {slip.lineno}, tidak terbaca: {slip.message}")
        return
    where = f"{at}, templates/papers/{key}.html"
    yield from (unknown(where, "records", word, records) for word in words if word not in records)


@cache
def printed_records() -> frozenset[str]:
    """The records of which some paper says something; the others are read in the panel alone."""
    trees = [_template(key) for key in vocabulary().papers]
    told = {word for key in vocabulary().papers for word in _records_named(key)}
    perhaps = {word for tree in trees for word in _records_perhaps(tree)}
    tries = any(name.name == "attempts" for tree in trees for name in tree.find_all(nodes.Name))
    return frozenset({*told, *perhaps, *([Attempt.key] if tries else ())})


def _records_perhaps(tree: nodes.Template) -> Iterator[str]:
    """The records that a template asks for as `records.get("<key>")`, since they may not be there."""
    for call in tree.find_all(nodes.Call):
        match call:
            case nodes.Call(
                node=nodes.Getattr(node=nodes.Name(name="records"), attr="get"), args=[nodes.Const(value=str(key)), *_]
            ):
                yield key


@cache
def _template(key: str) -> nodes.Template:
    return Environment(autoescape=True).parse((FOLDER / f"{key}.html").read_text(encoding="utf-8"))


@cache
def _records_named(key: str) -> list[str]:
    """The records that a template speaks of as `records.<key>`."""
    tree = _template(key)
    said = ((one.node, one.attr) for one in tree.find_all(nodes.Getattr))
    words = [word for of, word in said if isinstance(of, nodes.Name) and of.name == "records"]
    return [word for word in dict.fromkeys(words) if word not in dir(dict)]
