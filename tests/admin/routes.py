"""Every rule of the panel as an address that could be asked for: its blanks filled in with what there is."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from sop.flow import current_procedure

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
TELLS_FAULTS = "ready"  # the one rule whose 503 is its answer


def address(app: Flask, rule: Rule, case: int) -> str:
    """The address of a rule for this complaint; a rule with a blank that is not known here is a failure of the test."""
    paper = Paper.select().where(Paper.complaint == case).order_by(Paper.id).first()
    known = {
        "key": current_procedure().first,
        "public_id": paper.public_id,
        "code": content_of(paper, open_seals([case])[case])["code"]["text"],
        "complaint": case,
        "number": case,
        "line": case,
        "kind": paper.kind,
        "subject": "kop",
        "export_type": "csv",
        "by": "topik",
        "filename": "css/panel.css" if rule.endpoint == "static" else "vendor/none.js",
    }
    values = {name: known.get(name, paper.public_id) for name in rule.arguments}
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **values)
    asks = rule.endpoint.rpartition(".")[2] in ("details_view", "edit_view", "step", "perform")
    return f"{path}?id={case}" if asks else path


def readable(app: Flask, case: int) -> Iterator[tuple[Rule, str]]:
    """Every rule that answers GET, with its address."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield rule, address(app, rule, case)


def writable(app: Flask, case: int) -> Iterator[tuple[str, str]]:
    """Every unsafe method of every rule: (method, address)."""
    for rule in app.url_map.iter_rules():
        for method in sorted(UNSAFE & set(rule.methods or ())):
            yield method, address(app, rule, case)
