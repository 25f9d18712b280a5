"""Checks the papers of the SOP's table against the templates: each paper has one, which uses only existing records;
and the list of records that papers print."""

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from models.records.main_line import Attempt
from models.records.registry import RECORDS
from papers.layout.glyphs import ASSETS
from sop.table import Place, Table, unknown, wrong
from sop.vocabulary import vocabulary

FOLDER = ASSETS.parent / "templates" / "papers"


def faults(table: Table | None = None) -> Iterator[str]:
    """The faults as sentences, in the table's order; removed acts last, since their papers must stay printable."""
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
        words = _required_records(key)
    except TemplateSyntaxError as slip:
        yield wrong(at, "papers", f"templates/papers/{key}.html, baris {slip.lineno}, tidak terbaca: {slip.message}")
        return
    where = f"{at}, templates/papers/{key}.html"
    yield from (unknown(where, "records", word, records) for word in words if word not in records)


@cache
def printed_records() -> frozenset[str]:
    """The keys of records that some template uses; the others appear in the panel only."""
    trees = [_template(key) for key in vocabulary().papers]
    required = {record for key in vocabulary().papers for record in _required_records(key)}
    optional = {record for tree in trees for record in _optional_records(tree)}
    has_attempts = any(name.name == "attempts" for tree in trees for name in tree.find_all(nodes.Name))
    return frozenset({*required, *optional, *([Attempt.key] if has_attempts else ())})


def _optional_records(tree: nodes.Template) -> Iterator[str]:
    """The records that a template reads by `records.get("<key>")`, since they may be missing."""
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
def _required_records(key: str) -> list[str]:
    """The records that a template reads as `records.<key>`."""
    getters = ((getter.node, getter.attr) for getter in _template(key).find_all(nodes.Getattr))
    names = [attr for node, attr in getters if isinstance(node, nodes.Name) and node.name == "records"]
    return [name for name in dict.fromkeys(names) if name not in dir(dict)]
