"""The child process that reads the signatures of one PDF, with pyHanko; `python -m papers.signing.signature_worker`.

The request is a line of JSON and the file. What the file holds is taken for hostile: limits of memory and time, no
network, no secrets in the environment.
"""

import io
import json
import re
from datetime import datetime
from typing import Any

from models.store import resource_limits

MEMORY = 1 << 30  # bytes of address space
CPU_SECONDS = 20
MOST_REVISIONS, MOST_SIGNATURES = 60, 30
ENCRYPTED = "berkasnya terkunci kata sandi."
PADDED = "ada isi tambahan setelah tanda tangan terakhir."
CHANGED = "isinya diubah setelah dokumen diterbitkan."
TOO_MANY = "terlalu banyak revisi atau tanda tangan di dalamnya."
UNREADABLE = "susunan berkasnya rusak."
_ENDS = re.compile(rb"startxref\s+\d+\s+%%EOF")


class UnreadableSignature(ValueError):
    """The file cannot be judged, with the sentence why."""


def answer(request: bytes) -> bytes:
    """The reply to {"original": bytes of the paper as printed, "issuers": PEM of whom is trusted} and the file."""
    head, _, data = request.partition(b"\n")
    asked = json.loads(head)
    try:
        reply = read(data, asked["original"], asked["issuers"])
    except UnreadableSignature as why:
        reply = {"fault": str(why)}
    except MemoryError:
        reply = {"fault": TOO_MANY}
    except Exception:  # the parsers raise arbitrary exceptions for malformed files
        reply = {"fault": UNREADABLE}
    return json.dumps(reply).encode()


def read(data: bytes, original: int, issuers: str) -> dict[str, object]:
    """`fault`, a sentence if the file is more than the paper and signatures; and the signatures in order."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    if not data.rstrip().endswith(b"%%EOF"):
        raise UnreadableSignature(PADDED)
    reader = PdfFileReader(io.BytesIO(data))
    if reader.encrypted:
        raise UnreadableSignature(ENCRYPTED)
    if reader.xrefs.total_revisions > MOST_REVISIONS or len(reader.embedded_signatures) > MOST_SIGNATURES:
        raise UnreadableSignature(TOO_MANY)
    issued = PdfFileReader(io.BytesIO(data[:original])).xrefs.total_revisions
    return {
        "fault": _fault(reader, data, issued),
        "signatures": [
            _judged(each, _trust_at(each.self_reported_timestamp, issuers))
            for each in reader.embedded_regular_signatures
        ],
    }


def _fault(reader: Any, data: bytes, issued: int) -> str:
    """What the revisions after the paper's own do besides signing; "" if nothing."""
    from pyhanko.sign.diff_analysis import SuspiciousModification
    from pyhanko.sign.fields import MDPPerm

    review = _policy().review_file(reader, issued - 1, doc_mdp=MDPPerm.FILL_FORMS)
    if isinstance(review, SuspiciousModification):
        return CHANGED
    return PADDED if len(_ENDS.findall(data)) != reader.xrefs.total_revisions else ""


def _policy() -> Any:
    """pyHanko's policy for what may follow a signature, asked here of what may follow the print: the first to sign sets
    the flag of the form that says that there are signatures."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, FormUpdatingRule, StandardDiffPolicy

    usual: Any = DEFAULT_DIFF_POLICY.form_rule
    form = FormUpdatingRule(usual.field_rules, {*usual.ignored_acroform_keys, "/SigFlags"})
    return StandardDiffPolicy(DEFAULT_DIFF_POLICY.global_rules, form)


def _judged(signature: Any, trust: Any) -> dict[str, object]:
    """One signature: by whom, when according to the timestamp or else the signer, and whether it held then."""
    from pyhanko.sign.validation import validate_pdf_signature

    status = validate_pdf_signature(signature, trust)
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp and stamp.intact and stamp.valid else None
    moment, certificate = stamped or signature.self_reported_timestamp, signature.signer_cert
    return {
        "field": signature.field_name,
        "signer": _name_of(certificate.subject),
        "issuer": _name_of(certificate.issuer),
        "signed_at": moment.isoformat() if moment else "",
        "is_timestamped": stamped is not None,
        "valid_from": certificate.not_valid_before.isoformat(),
        "valid_until": certificate.not_valid_after.isoformat(),
        "is_intact": bool(status.intact and status.valid and (status.docmdp_ok or status.modification_level is None)),
        "is_trusted": bool(status.trusted),
        "holds": bool(status.bottom_line),
    }


def _name_of(subject: Any) -> str:
    return str(subject.native.get("common_name") or subject.human_friendly)


def _trust_at(moment: datetime | None, issuers: str) -> Any:
    """Whose certificates count, when they are judged; nothing is fetched."""
    from asn1crypto import pem, x509
    from pyhanko_certvalidator import ValidationContext

    blocks = pem.unarmor(issuers.encode(), multiple=True) if issuers else ()
    known = [x509.Certificate.load(block) for _, _, block in blocks]
    return ValidationContext(trust_roots=known, allow_fetching=False, moment=moment, best_signature_time=moment)


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
