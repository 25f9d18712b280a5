"""A signing service is asked over HTTP, each file once; what it answers is proven, and its failures are sentences."""

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.complaint.paper import Paper
from models.operations.signing_settings import ServiceSettings
from papers.printing import press
from papers.signing import remote, signing_ways
from papers.signing.bounded_http import PostFailed, PostFault, post
from papers.signing.signing_ways import NO_CONNECTION, SigningService, credentials_objection, signing_service
from tests.models.email.taker import Certificates, certificates
from tests.papers.signers import apart, signed_in_turn, signer_named
from tests.papers.signing.service import PlayedService, refuse, reply, served
from tests.papers.signing.test_reading import changed, rewritten
from tests.papers.signing.test_remote import requested, run

pytestmark = pytest.mark.only("sqlite")  # files are signed alike whatever lies beneath
NIK, PASSPHRASE = "3573014101800001", "kalimat-rahasia-Pejabat#1"
Answer = Callable[[Any, dict[str, bytes]], None]


@pytest.fixture(scope="module")
def official() -> Any:
    return signer_named("Kepala Dinas")


def way_of(played: PlayedService | str, **more: Any) -> SigningService:
    url = played if isinstance(played, str) else played.url
    settings = ServiceSettings(url=url, user="panel", password="sandi-panel")
    return SigningService(settings, NIK, PASSPHRASE, **({"seconds": 20.0, "pause": 0.0} | more))


def signs(official: Any, field: str = "kepala_dinas", alter: Callable[[bytes], bytes] = bytes) -> Answer:
    """Answers the file, signed in this field, which is made if there is none."""

    def answer(handler: Any, form: dict[str, bytes]) -> None:
        signed = apart(lambda: signed_in_turn(form["file"], {field: official}))
        reply(handler, alter(signed))

    return answer


def in_turn(*answers: Answer) -> Answer:
    """The first request gets the first answer, and those after the last the last."""
    waiting = list(answers)

    def answer(handler: Any, form: dict[str, bytes]) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler, form)

    return answer


def sentences(way: SigningService, papers: list[Paper]) -> list[str]:
    outcomes, shelf = run(way, [requested(paper, "kepala_dinas") for paper in papers])
    signed = [one.request.printed.paper_id for one in outcomes if not one.sentence]
    assert [number for number, _, _ in shelf.files] == signed, "kept is what was signed, and nothing else"
    return [one.sentence for one in outcomes]


@pytest.mark.parametrize("field", ["kepala_dinas", "Signature_of_the_service"])
def test_what_the_service_signed_is_kept_in_the_field_of_the_role_or_in_one_of_its_own(
    papers: list[Paper],
    official: Any,
    field: str,
) -> None:
    with served(signs(official, field)) as played:
        outcomes, shelf = run(way_of(played), [requested(paper, "kepala_dinas") for paper in papers])
    assert [one.sentence for one in outcomes] == [""] * 3
    for number, data, returned in shelf.files:
        assert data.startswith(press.pdf_of(number))
        assert [(one.field, one.is_intact) for one in returned.signatures] == [(field, True)]
    asked = played.asked[0]
    assert (asked["path"], asked["file"]) == (b"/api/sign/pdf", press.pdf_of(papers[0].id))
    assert (asked["nik"], asked["passphrase"], asked["tampilan"]) == (NIK.encode(), PASSPHRASE.encode(), b"invisible")
    assert played.headers[0]["Authorization"] == "Basic cGFuZWw6c2FuZGktcGFuZWw="


def test_a_signature_in_the_field_of_somebody_else_is_not_kept(papers: list[Paper], official: Any) -> None:
    with served(signs(official, "unit_head")) as played:
        assert sentences(way_of(played), papers[:1]) == [remote.UNSIGNED]


def test_a_wrong_passphrase_ends_the_run_after_one_attempt(papers: list[Paper]) -> None:
    reason = signing_ways.PHRASE_REFUSED
    with served(lambda handler, form: refuse(handler, 2031)) as played:
        assert sentences(way_of(played), papers) == [reason, *[remote.NOT_TRIED.format(reason)] * 2]
    assert len(played.asked) == 1


REFUSALS: dict[str, tuple[Answer, str]] = {
    "NIK": (lambda handler, form: refuse(handler, 2011), signing_ways.NIK_UNKNOWN),
    "other words": (lambda handler, form: refuse(handler, 4711), signing_ways.REFUSED.format(4711)),
    "with 200": (lambda handler, form: refuse(handler, 2031, status=200), signing_ways.PHRASE_REFUSED),
    "with 500": (
        lambda handler, form: reply(handler, b'{"error": "?"}', status=500, kind="application/json"),
        signing_ways.REFUSED.format(500),
    ),
    "no code": (
        lambda handler, form: reply(handler, b"no", status=400, kind="text/plain"),
        signing_ways.REFUSED.format(400),
    ),
    "deep": (
        lambda handler, form: reply(handler, b"[" * 60_000, status=400, kind="application/json"),
        signing_ways.REFUSED.format(400),
    ),
    "panel": (lambda handler, form: reply(handler, b"", status=401), signing_ways.PANEL_REFUSED),
    "redirect": (
        lambda handler, form: reply(handler, b"", status=307, Location="http://127.0.0.1:1/api/sign/pdf"),
        signing_ways.REDIRECTED,
    ),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_ends_the_run_after_one_attempt_and_nothing_it_says_is_shown(
    papers: list[Paper],
    kind: str,
) -> None:
    answer, reason = REFUSALS[kind]
    with served(answer) as played:
        assert sentences(way_of(played), papers) == [reason, *[remote.NOT_TRIED.format(reason)] * 2]
    assert len(played.asked) == 1


def slow(handler: Any, form: dict[str, bytes]) -> None:
    time.sleep(3)


def dripping(handler: Any, form: dict[str, bytes]) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    for _ in range(60):
        handler.wfile.write(b"X")
        time.sleep(0.1)


def cut(handler: Any, form: dict[str, bytes]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "900000")
    handler.end_headers()
    handler.wfile.write(form["file"])


def cut_in_chunks(handler: Any, form: dict[str, bytes]) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n%PDF-1.7")


def endless(handler: Any, form: dict[str, bytes]) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n%PDF-1.7")
    while True:
        handler.wfile.write(b" " * 1_000_000)


OTHER_ANSWERS: dict[str, tuple[Answer, str]] = {
    "slow": (slow, NO_CONNECTION[PostFault.LATE]),
    "dripping": (dripping, NO_CONNECTION[PostFault.LATE]),
    "cut": (cut, NO_CONNECTION[PostFault.BROKEN]),
    "cut in chunks": (cut_in_chunks, NO_CONNECTION[PostFault.BROKEN]),
    "silent": (lambda handler, form: None, NO_CONNECTION[PostFault.BROKEN]),
    "endless": (endless, NO_CONNECTION[PostFault.LARGE]),
    "500": (
        lambda handler, form: reply(handler, b"<h1>", status=500, kind="text/html"),
        signing_ways.FAILING.format(500),
    ),
    "too large": (lambda handler, form: reply(handler, b"", status=413), signing_ways.TOO_LARGE),
    "a page": (lambda handler, form: reply(handler, b"<h1>", kind="text/html"), signing_ways.UNKNOWN_REPLY),
    "unsigned": (lambda handler, form: reply(handler, form["file"]), remote.UNSIGNED),
    "another PDF": (lambda handler, form: reply(handler, b"%PDF-1.7\n%%EOF\n"), remote.REWRITTEN),
}


@pytest.mark.parametrize("kind", OTHER_ANSWERS)
def test_what_is_no_signed_paper_is_a_sentence_and_the_next_paper_is_signed(
    papers: list[Paper],
    official: Any,
    kind: str,
) -> None:
    answer, reason = OTHER_ANSWERS[kind]
    with served(in_turn(answer, signs(official))) as played:
        way = way_of(played, seconds=2.0 if reason == NO_CONNECTION[PostFault.LATE] else 20.0)
        begun = time.monotonic()
        assert [next(iter(sentences(way, papers[:1])))] == [reason]
        assert time.monotonic() - begun < 15
        assert sentences(way_of(played), papers[1:2]) == [""]
    assert len(played.asked) == 2, "no request is repeated"


def test_three_failures_one_after_the_other_end_the_run(papers: list[Paper], official: Any) -> None:
    broken: Answer = lambda handler, form: reply(handler, b"", status=503, kind="text/html")  # noqa: E731
    issued = [*Paper.select().where(Paper.kind == "lembar_disposisi")]
    for paper in issued:
        press.pdf_of(paper.id)
    with served(in_turn(broken, broken, signs(official), broken)) as played:
        reason, rest = signing_ways.FAILING.format(503), remote.NOT_TRIED.format(remote.REPEATED)
        assert sentences(way_of(played), [*papers, *issued]) == [reason, reason, "", *[reason] * 3]
        assert sentences(way_of(played), [*issued, *papers]) == [*[reason] * 3, rest, rest, rest]


def test_half_of_the_papers_are_signed_and_the_others_say_why_not(papers: list[Paper], official: Any) -> None:
    with served(
        in_turn(signs(official), lambda handler, form: handler.server.shutdown_request(handler.request))
    ) as one:
        assert sentences(way_of(one), papers) == ["", *[NO_CONNECTION[PostFault.BROKEN]] * 2]


@pytest.mark.parametrize(
    ("alter", "reason"),
    [
        (rewritten, remote.REWRITTEN),
        (changed, remote.CHANGED),
        (lambda data: data + b"x" * 999, remote.CHANGED),
    ],
    ids=["rewritten", "changed", "padded"],
)
def test_a_file_that_was_written_anew_or_changed_is_not_kept(
    papers: list[Paper],
    official: Any,
    alter: Callable[[bytes], bytes],
    reason: str,
) -> None:
    with served(signs(official, alter=alter)) as played:
        [sentence] = sentences(way_of(played), papers[:1])
    assert sentence.startswith(reason.partition("{")[0])


def test_another_paper_of_the_panel_is_not_kept_in_its_stead(papers: list[Paper], official: Any) -> None:
    other = press.pdf_of(papers[1].id)
    with served(
        lambda handler, form: reply(handler, apart(lambda: signed_in_turn(other, {"kepala_dinas": official})))
    ) as s:
        assert sentences(way_of(s), papers[:1]) == [remote.REWRITTEN]


def test_a_signature_with_a_flipped_byte_is_not_kept(papers: list[Paper], official: Any) -> None:
    def flipped(data: bytes) -> bytes:
        place = data.index(b"/Contents <", len(press.pdf_of(papers[0].id))) + 400
        return data[:place] + (b"1" if data[place : place + 1] == b"0" else b"0") + data[place + 1 :]

    with served(signs(official, alter=flipped)) as played:
        [sentence] = sentences(way_of(played), papers[:1])
    assert sentence


def test_who_signs_second_signs_onto_what_the_first_signed(papers: list[Paper], official: Any) -> None:
    asked = [requested(papers[0], role) for role in ("kepala_dinas", "unit_head")]
    with served(in_turn(signs(official, "unit_head"), signs(official, "kepala_dinas"))) as played:
        _, shelf = run(way_of(played), asked)
    assert [len(returned.signatures) for _, _, returned in shelf.files] == [1, 2]
    assert played.asked[1]["file"] == shelf.files[0][1]


def test_where_the_first_signer_failed_the_second_is_not_tried(papers: list[Paper]) -> None:
    asked = [requested(papers[0], role) for role in ("kepala_dinas", "unit_head")]
    with served(lambda handler, form: reply(handler, b"", status=503)) as played:
        outcomes, _ = run(way_of(played), asked)
    assert [one.request.role for one in outcomes] == ["unit_head", "kepala_dinas"]
    assert outcomes[1].sentence == remote.BEFORE_FAILED
    assert len(played.asked) == 1


def test_a_service_that_cannot_be_reached_is_called_twice_and_ends_the_run(
    papers: list[Paper],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    called: list[str] = []

    def noted(url: str, *words: Any, **more: Any) -> Any:
        called.append(url)
        return post(url, *words, **more)

    monkeypatch.setattr(signing_ways, "post", noted)
    reason = NO_CONNECTION[PostFault.UNREACHED]
    assert sentences(way_of(f"http://127.0.0.1:{port}"), papers) == [reason, *[remote.NOT_TRIED.format(reason)] * 2]
    assert called == [f"http://127.0.0.1:{port}/api/sign/pdf"] * 2


@pytest.fixture
def authority(tmp_path: Path) -> Certificates:
    return certificates(tmp_path)


def test_over_tls_only_a_server_with_a_known_certificate_of_its_own_name_is_told_anything(
    papers: list[Paper],
    official: Any,
    authority: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reason = NO_CONNECTION[PostFault.UNTRUSTED]
    with served(signs(official), authority.signed("127.0.0.1")) as played:
        assert sentences(way_of(played), papers[:1]) == [reason]
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.authority))
        assert sentences(way_of(played), papers[:1]) == [""]
    with served(signs(official), authority.signed("lain.example")) as other:
        assert sentences(way_of(other), papers[1:2]) == [reason]
    assert [len(played.asked), len(other.asked)] == [1, 0]


def test_a_server_without_tls_is_told_nothing(papers: list[Paper], official: Any) -> None:
    with served(signs(official)) as played:
        plain = way_of(played.url.replace("http://", "https://"))
        assert sentences(plain, papers[:1]) == [NO_CONNECTION[PostFault.UNTRUSTED]]
    assert played.asked == []
    with pytest.raises(PostFailed, match="UNTRUSTED"):
        post("http://esign.example/api/sign/pdf", b"", {}, seconds=1, most=1)


def test_a_handshake_that_never_ends_is_cut_off_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        begun = time.monotonic()
        with pytest.raises(PostFailed):
            post(f"https://127.0.0.1:{server.getsockname()[1]}/", b"x", {}, seconds=1, most=1)
        assert time.monotonic() - begun < 8


def test_nik_and_passphrase_are_in_no_sentence_log_environment_or_repr(
    papers: list[Paper],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where the service quotes what it was sent."""
    caplog.set_level(0)
    with served(lambda handler, form: refuse(handler, 2031, words=f"{NIK} {PASSPHRASE}")) as played:
        way = way_of(played)
        outcomes, _ = run(way, [requested(paper, "kepala_dinas") for paper in papers])
    written = repr((way, outcomes)) + caplog.text
    assert (NIK in written, PASSPHRASE in written, "sandi-panel" in written) == (False, False, False)


def test_no_thread_is_left_of_a_request(papers: list[Paper], official: Any) -> None:
    with served(signs(official)) as played:
        sentences(way_of(played), papers[:1])
    assert [one.name for one in threading.enumerate() if isinstance(one, threading.Timer)] == []


@pytest.mark.parametrize(
    ("nik", "passphrase", "sentence"),
    [
        (NIK, PASSPHRASE, ""),
        (NIK, "dengan spasi é", ""),
        (NIK[:-1], PASSPHRASE, signing_ways.NIK_FORM),
        ("३" * 16, PASSPHRASE, signing_ways.NIK_FORM),
        (NIK, "", signing_ways.FORM_OF_PHRASE),
        (NIK, "a\r\nb", signing_ways.FORM_OF_PHRASE),
        (NIK, "x" * 201, signing_ways.FORM_OF_PHRASE),
    ],
)
def test_a_nik_or_passphrase_that_cannot_be_sent_is_told_without_quoting_it(
    nik: str, passphrase: str, sentence: str
) -> None:
    assert credentials_objection(nik, passphrase) == sentence


def test_without_a_service_or_with_a_wrong_setting_there_is_no_way() -> None:
    assert signing_service({}, nik=NIK, passphrase=PASSPHRASE) is None
    assert signing_service({"SIGNING_URL": "http://esign.example"}, nik=NIK, passphrase=PASSPHRASE) is None
    way = signing_service({"SIGNING_URL": "https://esign.example/tte/"}, nik=NIK, passphrase=PASSPHRASE)
    assert way is not None
    assert way.settings.url == "https://esign.example/tte"


def test_a_signature_that_is_requested_twice_is_asked_for_once(papers: list[Paper], official: Any) -> None:
    twice = signs(official, "first"), signs(official, "second")
    with served(in_turn(*twice)) as played:
        outcomes, shelf = run(way_of(played), [requested(papers[0], "kepala_dinas")] * 2)
    assert ([one.sentence for one in outcomes], len(shelf.files), len(played.asked)) == ([""], 1, 1)
