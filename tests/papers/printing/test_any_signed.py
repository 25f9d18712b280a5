"""Papers that are signed, as chance fills them in: each page bears text, no signature stands alone, nothing is lost."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from models.records.main_line import CAPACITIES, ENDS, MEDIA, WITHOUT_RECEIVER
from papers.layout.phrases import capitals, text_of
from papers.printing.render import pdf
from tests.papers.chance import lists, notes, texts
from tests.papers.contents import HEAD, OFFICER, UNIT_HEAD, content, person, record
from tests.papers.reading import flow, sizes, words

HAND = 25 * 72 / 25.4  # pt
CAPITAL = 11 * 0.72  # pt, how high a name stands over its line
RULES, FOOT = {1.5, 2.0}, {8.0}
RAHASIA = {9.0}  # at the foot
MARKS = {
    "": "",
    "konsep": "KONSEPBelumterbitdanbelumberlakusebagaidokumendinas",
    "batal": "BATALDokumeninitidakberlakulagi",
}
EMPTY = "Halamaninisengajadikosongkan."
Content = dict[str, Any]
Signed = dict[str, str]  # by the name of who signs: the last words over his hand


def marked(number: int) -> st.SearchStrategy[str]:
    """A name that differs from all other text by its first word."""
    return texts(56).map(lambda text: f"Nm{number} {text}")


def post(number: int) -> st.SearchStrategy[str]:
    return texts(116).map(lambda text: f"{text} Jb{number}")


def signer(number: int, like: Content) -> st.SearchStrategy[Content]:
    return st.builds(lambda name, title: {**like, "name": name, "title": title}, marked(number), post(number))


FRAME = {
    "size": st.sampled_from(["F4", "A4"]),
    "mark": st.sampled_from(list(MARKS)),
    "secret": st.booleans(),
    "title": texts(120),
}
NOTA_DINAS = st.fixed_dictionaries(
    {
        **FRAME,
        "head": signer(1, HEAD),
        "signer": signer(2, UNIT_HEAD),
        "free": st.fixed_dictionaries(
            dict.fromkeys(("matter", "findings", "conclusion", "action", "answer", "copies"), notes(4))
        ),
        "subject": texts(120),
        "decision": st.one_of(st.none(), notes(2)),
        "paraf": st.booleans(),
    }
)
BERITA_ACARA = st.fixed_dictionaries(
    {
        **FRAME,
        "head": signer(1, HEAD),
        "signer": signer(2, OFFICER),
        "receiver": marked(3),
        "pengadu": texts(60),
        "capacity": st.sampled_from([*CAPACITIES, ""]),
        "kinship": texts(60),
        "anonymous": st.booleans(),
        "end": st.sampled_from(list(ENDS)),
        "medium": st.sampled_from(MEDIA),
        "told": notes(5),
        "response": notes(3),
        "tries": st.lists(notes(1), max_size=5),
    }
)
FORM = st.fixed_dictionaries(
    {
        **FRAME,
        "signer": signer(2, OFFICER),
        "pengadu": marked(3),
        "others": st.lists(st.sampled_from(["kuasa", "yang_bersangkutan"]), unique=True),
        "told_of": st.lists(texts(60), min_size=9, max_size=9),
        "anonymous": st.booleans(),
        "came": st.booleans(),
        "story": notes(6),
        "asks": notes(3),
        "missing": lists(4, 0, 60),
        "files": lists(6, 0, 60),
    }
)


def framed(kind: str, size: str, mark: str, secret: bool, title: str, **more: Any) -> Content:
    office, paper = {"size": size, **more.pop("office", {})}, {"draft": mark == "konsep", "void": mark == "batal"}
    complaint = {"title": title, "is_secret": secret, **more.pop("complaint", {})}
    return content(kind, office=office, paper=paper, complaint=complaint, **more)


def nota_dinas(of: Content) -> tuple[Content, list[str], Signed]:
    frame, head, by = {name: of[name] for name in FRAME}, of["head"], of["signer"]
    blanks, decided = {**of["free"], "subject": of["subject"]}, of["decision"]
    approval = {"by": head, "blanks": {"note": decided or "", "outcome": "Disetujui"}}
    frozen = framed("nota_dinas", **frame, office={"paraf": of["paraf"]}, kepala_dinas=head, signer=by)
    frozen["unit"]["head"] = by
    frozen["records"]["nota_dinas"]["blanks"] |= blanks
    frozen["records"]["approval"] |= approval
    if decided is None:
        del frozen["records"]["approval"]
    both = [by] if decided is None else [by, head]
    return frozen, [*blanks.values(), decided or ""], {who["name"]: capitals(who["title"])[-1] for who in both}


def berita_acara(of: Content) -> tuple[Content, list[str], Signed]:
    frame, head, by = {name: of[name] for name in FRAME}, of["head"], of["signer"]
    (medium, through), alone, tries = of["medium"], of["end"] in WITHOUT_RECEIVER, of["tries"]
    persons = {"pengadu": {"name": "" if of["anonymous"] else of["pengadu"]}}
    codes = {"medium": medium, "capacity": of["capacity"], "outcome": of["end"]}
    blanks = {name: of[name] for name in ("receiver", "kinship", "told", "response")}
    blanks |= {"medium": through, "outcome": ENDS[of["end"]]}
    frozen = framed(
        "berita_acara",
        **frame,
        complaint={"anonymous": of["anonymous"]},
        persons=persons,
        kepala_dinas=head,
        signer=by,
        records={"berita_acara": {"blanks": blanks, "codes": codes}},
        attempts=[tried(note) for note in tries],
    )
    texts = [of["title"], of["told"], of["response"], *(tries if of["end"] == "tidak_dihubungi" else ())]
    if alone:
        return frozen, texts, {who["name"]: capitals(who["title"])[-1] for who in (by, head)}
    kinship = of["kinship"] if of["capacity"] == "keluarga" else ""
    there = {of["receiver"]: "PIHAK KEDUA"} if medium == "tatap_muka" else {}
    return frozen, [*texts, kinship], {**there, by["name"]: "PIHAK PERTAMA", head["name"]: capitals(head["title"])[-1]}


def tried(note: str) -> Content:
    blanks = {"medium": "Telepon", "tried_at": "", "outcome": "Tidak tersambung", "note": note}
    return record("Upaya", OFFICER, "", blanks, {}, {"tried_at": "2026-11-23T09:00:00+07:00"})


def form_pengaduan(of: Content) -> tuple[Content, list[str], Signed]:
    frame, by, anonymous = {name: of[name] for name in FRAME}, of["signer"], of["anonymous"]
    of_a_person = ("address", "domicile", "birth", "email", "job", "group", "relation", "safe_contact", "kelurahan")
    filled = dict(zip(of_a_person, of["told_of"], strict=True))
    frozen = framed(
        "form_pengaduan",
        **frame,
        complaint={
            "anonymous": anonymous,
            "registrar": by,
            "attachments": [{"name": name, "place": ""} for name in of["files"]],
            **{name: of[name] for name in ("story", "asks", "missing")},
        },
        persons={"pengadu": person(name=of["pengadu"], **filled)},
        signer=by,
    )
    frozen["persons"] |= {kind: person(kind=kind, name=f"{kind} {of['told_of'][0]}") for kind in of["others"]}
    visitor = next(one for one in frozen["signers"] if one["role"] == "pengadu")
    visitor["name"] = of["pengadu"]
    if anonymous or not of["came"]:
        frozen["signers"].remove(visitor)
    texts = [
        of["title"],
        of["story"],
        of["asks"],
        *of["missing"],
        *of["files"],
        *([] if anonymous else filled.values()),
    ]
    there = {} if anonymous or not of["came"] else {of["pengadu"]: "PENGADU"}
    return frozen, texts, {**there, by["name"]: capitals(by["title"])[-1]}


MADE = {"nota_dinas": nota_dinas, "berita_acara": berita_acara, "form_pengaduan": form_pengaduan}
CLOSING = {
    "nota_dinas": ("nota_dinas.closing",),
    "berita_acara": ("berita_acara.closing", "berita_acara.closing_alone"),
    "form_pengaduan": ("form_pengaduan.statement", "form_pengaduan.statement_absent"),
}


def drawn(page: PageObject) -> Iterator[tuple[str, float]]:
    """What is drawn on a page, in its order, and how high (pt)."""
    found: list[tuple[str, float]] = []

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        found.append((words(text), matrix[5] * ctm[3] + ctm[5]))

    page.extract_text(visitor_text=hear)
    return iter(found)


def has_room(page: PageObject, name: str, above: str) -> bool:
    """Whether 25 mm are free between the last line over a signature and the name under it."""
    first, last, pieces = name.split()[0], words(above.split()[-1]) + ",", list(drawn(page))
    low = [high for text, high in pieces if text.startswith(first)][-1]
    over = min(high for text, high in pieces if text.endswith(last) and high > low)
    return over - low - CAPITAL >= HAND


def is_whole(kind: str, of: Content) -> None:
    frozen, expected, signed = MADE[kind](of)
    printed = pdf(frozen)
    sheets, mark = list(PdfReader(io.BytesIO(printed)).pages), MARKS[of["mark"]]
    read = [
        words(flow(page.extract_text())).replace(mark, "") if mark else words(flow(page.extract_text()))
        for page in sheets
    ]
    assert all(read)
    text = "".join(read)
    lost = [line for one in expected for line in one.split("\n") if words(line) not in text]
    assert lost == []
    # the note of the Kepala Dinas stands between the closing sentence and the hands
    closing = (
        ["☑Disetujui"]
        if of.get("decision") and of["mark"] != "konsep"
        else [words(text_of(key).partition("{")[0]) for key in CLOSING[kind]]
    )
    [end] = [n for n, page in enumerate(read) if any(one in page for one in closing)]
    before, after = next(read[end].split(one, 1) for one in closing if one in read[end])
    assert before.removesuffix("D.Pernyataan."), "what is signed stands over the signatures"
    assert [name for name in signed if words(name) not in after] == []
    assert [name for name, above in signed.items() if not has_room(sheets[end], name, above)] == []
    assert {size for size in sizes(printed) if size < 10} <= RULES | FOOT | (RAHASIA if of["secret"] else set())


@settings(max_examples=8)
@given(of=NOTA_DINAS)
def test_any_nota_dinas_is_whole(of: Content) -> None:
    is_whole("nota_dinas", of)


@settings(max_examples=10)
@given(of=BERITA_ACARA)
def test_any_berita_acara_is_whole(of: Content) -> None:
    is_whole("berita_acara", of)


@settings(max_examples=10)
@given(of=FORM)
def test_any_form_is_whole(of: Content) -> None:
    is_whole("form_pengaduan", of)


@pytest.mark.soak
@settings(max_examples=300)
@given(of=NOTA_DINAS)
def test_any_of_many_nota_dinas_is_whole(of: Content) -> None:
    is_whole("nota_dinas", of)


@pytest.mark.soak
@settings(max_examples=300)
@given(of=BERITA_ACARA)
def test_any_of_many_berita_acara_is_whole(of: Content) -> None:
    is_whole("berita_acara", of)


@pytest.mark.soak
@settings(max_examples=300)
@given(of=FORM)
def test_any_of_many_forms_is_whole(of: Content) -> None:
    is_whole("form_pengaduan", of)
