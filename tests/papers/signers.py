"""People who sign PDFs outside the panel, with certificates that the tests made out."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.stamp import TextStampStyle

from models.complaint.paper import Paper
from papers.printing import press

USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def signer_named(name: str) -> SimpleSigner:
    """A signer with a certificate that nobody else vouches for."""
    return SimpleSigner.load_pkcs12_data(key_file(name), other_certs=[])


def key_file(name: str, *, password: str = "", days: tuple[int, int] = (-1, 30)) -> bytes:
    """His key and certificate as PKCS #12; `days` from now between which the certificate is valid."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    whose, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = x509.CertificateBuilder(whose, whose, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now + timedelta(days=days[0])).not_valid_after(now + timedelta(days=days[1]))
    usage = dict.fromkeys(USES, False) | {"digital_signature": True, "content_commitment": True}
    certificate = made.add_extension(x509.KeyUsage(**usage), critical=True).sign(key, hashes.SHA256())
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"", key, certificate, None, locked)


def apart(work: Callable[[], Any]) -> Any:
    """What this returns in a thread of its own: pyHanko runs an event loop, and a browser test may have left one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def signed_in_turn(printed: bytes, signers: dict[str, SimpleSigner]) -> bytes:
    """Each signs the field of his role in what the one before him signed."""
    for role, signer in signers.items():
        out = io.BytesIO()
        PdfSigner(PdfSignatureMetadata(field_name=role), signer).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(printed)), output=out
        )
        printed = out.getvalue()
    return printed


def signed_visibly(
    printed: bytes,
    signer: SimpleSigner,
    *,
    field: str,
    corners: tuple[int, int, int, int] | None = None,
    page: int = 0,
    words: str = "Ditandatangani secara elektronik",
) -> bytes:
    """Signed with these words drawn in the field; with `corners` (pt) it is a new one, on the page of this index."""
    out, place = io.BytesIO(), SigFieldSpec(field, on_page=page, box=corners) if corners else None
    style = TextStampStyle(stamp_text=words, border_width=1)
    PdfSigner(PdfSignatureMetadata(field_name=field), signer, stamp_style=style, new_field_spec=place).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(printed)), output=out
    )
    return out.getvalue()


def pem_of(signer: SimpleSigner) -> str:
    """The certificate as an administrator pastes it."""
    return str(pem.armor("CERTIFICATE", signer.signing_cert.dump()).decode())


def signed_print(paper: Paper, signers: dict[str, SimpleSigner]) -> bytes:
    """The paper's print, signed by each in the field of his role."""
    printed = press.pdf_of(paper.id)
    return bytes(apart(lambda: signed_in_turn(printed, signers)))


def signers_of_nota() -> dict[str, SimpleSigner]:
    """Both who sign a Nota Dinas, by their roles."""
    return {role: signer_named(f"Pejabat {role}") for role in ("unit_head", "kepala_dinas")}
