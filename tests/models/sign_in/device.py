"""A device with passkeys, in software: a key of P-256 for each, its user verified, its uses counted."""

import base64
import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Device:
    """What it says can be bent: a browser on another page, another name, a user who only touches it, a count."""

    origin: str = "http://localhost"
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    more: dict[str, Any] = field(default_factory=dict)  # further fields of the client data
    credential: bytes = b"a credential of this device"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str) -> str:
        """The response to options for creating a passkey."""
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=self._client_data("webauthn.create", asked), attestationObject=made)

    def show(self, options: str) -> str:
        """The response to options for signing; it has signed once more."""
        self.count += 1
        client_data, data = self._client_data("webauthn.get", json.loads(options)), self._data()
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signature)

    def _data(self, more: int = 0) -> bytes:
        return sha256(self.host.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _client_data(self, kind: str, asked: dict[str, Any]) -> bytes:
        fields = {
            "type": kind,
            "challenge": asked["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
            **self.more,
        }
        return json.dumps(fields).encode()

    def _answer(self, **response: bytes) -> str:
        encoded = {name: text_of(raw) for name, raw in response.items()}
        name = text_of(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": encoded})
