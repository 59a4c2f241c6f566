"""The chain from claims to the text in the QR symbol and back, each step beside its reverse.

    content -> CWT (CBOR) -> COSE_Sign1 -> zlib -> Base45 -> "HC1:" text
    encode:  claims.head     cose.TAGGED    deflate.compress    base45.encode  PREFIX +
    decode:  claims.decode   cose.read      deflate.decompress  base45.decode  without_prefix

Decoding judges nothing: a certificate that decodes may be forged, expired or revoked (see verdict).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from tiemchung.hcert import base45, cbor, claims, cose, deflate
from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.limits import MAX_TEXT
from tiemchung.hcert.misuse import need_unix_seconds
from tiemchung.hcert.signing import Signer

PREFIX = "HC1:"


class Encoded(NamedTuple):
    """A signed certificate with every value on the way, for tests and for whoever must look closely."""

    text: str
    compressed: bytes
    cose: bytes
    cwt: bytes
    signature: bytes


class Decoded(NamedTuple):
    """A certificate taken apart, nothing judged; `notes` are the codes of the oddities on the way."""

    text: str
    compressed: bytes
    cose: bytes
    message: cose.Sign1
    claims: claims.Claims
    notes: tuple[str, ...]

    @property
    def dcc(self) -> Any:
        """The EU DCC as it was written, or None; not to be believed before the verdict says valid."""
        return self.claims.contents.get(claims.DCC)


class Envelope:
    """What all certificates of one signer, issuer and time have in common, worked out once."""

    def __init__(
        self, signer: Signer, *, issuer: str, issued_at: int, expires_at: int, subclaim: int = claims.DCC
    ) -> None:
        """Times are Unix seconds."""
        protected = cose.byte_string(cose.protected_header(signer.algorithm, signer.kid))
        self._signer = signer
        self._token = claims.head(issuer=issuer, issued_at=issued_at, expires_at=expires_at, subclaim=subclaim)
        self._to_be_signed = cose.SIGNATURE1 + protected + b"\x40"
        self._tagged = cose.TAGGED + protected + b"\xa0"

    def encode(self, content: Any) -> Encoded:
        """Sign and pack content as it is; KeyUnusable if the signer's key fails."""
        return self.encode_all((content,))[0]

    def encode_all(self, contents: Sequence[Any]) -> list[Encoded]:
        """Sign and pack many, each step for all before the next; KeyUnusable if the signer's key fails.

        The tables of OpenSSL and those of the compressor drive each other out of the processor's cache when the
        steps alternate: that costs a fifth of the time.
        """
        tokens = [self._token + cbor.dumps(content) for content in contents]
        payloads = list(map(cose.byte_string, tokens))
        signatures = [self._signer.sign(self._to_be_signed + payload) for payload in payloads]
        envelopes = [
            b"".join((self._tagged, payload, cose.byte_string(signature)))
            for payload, signature in zip(payloads, signatures, strict=True)
        ]
        packed = list(map(deflate.compress, envelopes))
        texts = [PREFIX + base45.encode(each) for each in packed]
        return list(map(Encoded, texts, packed, envelopes, tokens, signatures))


def encode(
    content: Any, signer: Signer, *, issuer: str, issued_at: int, expires_at: int, subclaim: int = claims.DCC
) -> Encoded:
    """Sign and pack content as it is, unchecked (`issue` checks); times are Unix seconds.

    Raises KeyUnusable if the signer's key fails, TypeError for times that are no whole seconds.
    """
    need_unix_seconds(issued_at=issued_at, expires_at=expires_at)
    envelope = Envelope(signer, issuer=issuer, issued_at=issued_at, expires_at=expires_at, subclaim=subclaim)
    return envelope.encode(content)


def decode(text: str) -> Decoded:
    """Take the text of a QR symbol apart; DecodeError with a D| code at the step that fails."""
    (found,) = decode_all((text,))
    if isinstance(found, DecodeError):
        raise found
    return found


def decode_all(texts: Sequence[str]) -> list[Decoded | DecodeError]:
    """Do what `decode` does for many at once, which is faster; an error stands in its place and stops no other.

    Each step is taken for all before the next, for the reason given in `Envelope.encode_all`.
    """
    bare = _each(_bare, texts)
    packed = _from_base45(bare)
    envelopes = _each(deflate.decompress, packed)
    messages = _each(cose.read, envelopes)
    tokens = _each(_token, messages)
    return list(map(_decoded, texts, bare, packed, envelopes, messages, tokens))


def _each(step: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """Take one step for all; what has failed goes on as its error."""
    taken: list[Any] = []
    for value in values:
        if type(value) is DecodeError:
            taken.append(value)
            continue
        try:
            taken.append(step(value))
        except DecodeError as broken:
            taken.append(broken.with_traceback(None))
    return taken


def _bare(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise DecodeError("D|SIZ", f"{len(text)} characters")
    return text.strip()


def _from_base45(bare: list[Any]) -> list[Any]:
    """All at once where nothing is wrong with any, else one by one."""
    characters = _each(without_prefix, bare)
    if DecodeError not in map(type, characters) and (found := base45.decode_all(characters)) is not None:
        return found
    return _each(base45.decode, characters)


def _token(message: cose.Sign1) -> claims.Claims:
    return claims.decode(message.payload)


def _decoded(text: str, bare: str, packed: bytes, envelope: bytes, message: Any, token: Any) -> Decoded | DecodeError:
    if type(token) is DecodeError:
        return token
    notes = message.notes + token.notes
    if bare != text:
        notes += ("N|SPC",)
    return Decoded(bare, packed, envelope, message, token, notes)


def without_prefix(text: str) -> str:
    """Drop "HC1:"; DecodeError D|PRE for any other prefix or none."""
    if not text.startswith(PREFIX):
        raise DecodeError("D|PRE", f"it begins with {text[:4]!r}")
    return text[len(PREFIX) :]
