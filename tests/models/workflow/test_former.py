"""Rows from before the proofs are proven once, however often the start is interrupted."""

import pytest

from models import schema
from models.complaint.complaint import Complaint
from models.complaint.event import FORMER, Proof
from models.store import seal
from models.workflow import proof
from models.workflow.proof import broken_rows, prove_existing_rows, verified
from tests.corpus.kept import VERSIONS, handed
from tests.models.behind import unguarded
from tests.office import KEY, dropped, opened, owner_url_of, url_of

FIRST = VERSIONS[0]  # of the kept versions, long before rows were proven


@pytest.fixture
def before(engine, tmp_path):
    """An office with cases of which nothing is proven yet."""
    path = handed(FIRST, engine, tmp_path)
    seal.install(KEY)
    schema.prepare(url_of(path), owner_url=owner_url_of(path))
    with opened(path):
        yield path
    dropped(path)


def test_nothing_is_claimed_of_rows_that_are_not_proven_yet(before):
    with unguarded(before) as raw:
        raw.execute("UPDATE complaint SET story = 'x' WHERE id = 1")
    assert verified()[1] == []


def test_a_start_that_was_cut_short_goes_on(before, monkeypatch):
    monkeypatch.setattr(proof, "CASES_AT_A_TIME", 3)
    prove, portions = proof._prove, iter((True, True))

    def killed(span):
        if not next(portions, False):
            raise KeyboardInterrupt
        return prove(span)

    monkeypatch.setattr(proof, "_prove", killed)
    with pytest.raises(KeyboardInterrupt):
        prove_existing_rows()
    monkeypatch.setattr(proof, "_prove", prove)
    assert verified()[1] == []
    assert prove_existing_rows() == Complaint.select().count() - 6
    assert prove_existing_rows() == 0
    cases = [case for (case,) in Proof.select(Proof.complaint).where(Proof.kind == FORMER).tuples()]
    assert sorted(cases) == [case.id for case in Complaint.select().order_by(Complaint.id)]
    assert list(broken_rows()) == []


def test_earlier_rows_are_verified_from_then_on(before):
    prove_existing_rows()
    with unguarded(before) as raw:
        raw.execute("UPDATE assessment SET made_at = '2001-01-01 00:00:00' WHERE id = 1")
        raw.execute("UPDATE paper SET sha256 = 'x' WHERE id = 2")
        raw.execute("UPDATE \"user\" SET role = 'kadis' WHERE id = 3")
    broken = " ".join(broken_rows())
    assert "Baris nomor 1 pada tabel Berkas Asesmen / Penelaahan Pengaduan" in broken
    assert "Baris nomor 2 pada tabel Dokumen (pengaduan nomor" in broken
    assert "Baris nomor 3 pada tabel Pengguna telah berubah." in broken
