"""Signing a PDF with the village's own key (PAdES), and asking what a signature covers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Village"
ROOM = 16384
"""Bytes that are kept free in the file for the signature."""
SELF_SIGNED_DAYS = 3 * 365


@dataclass(frozen=True, kw_only=True)
class Key:
    """A private key with its certificate, as DER, and the certificates above it."""

    private: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a certificate says of itself."""

    subject: str
    issuer: str
    fingerprint: str
    is_self_signed: bool
    begins_at: datetime
    ends_at: datetime


def read_pkcs12(data: bytes, password: str) -> Key:
    """Return the key of a PKCS#12 file. Raises ValueError where there is none, or it is not RSA."""
    found, certificate, others = pkcs12.load_key_and_certificates(data, password.encode() or None)
    if certificate is None or not isinstance(found, rsa.RSAPrivateKey) or found.key_size < 2048:
        raise ValueError("no certificate with an RSA key of 2048 bits or more")
    if found.public_key().public_numbers() != _numbers(certificate):
        raise ValueError("key and certificate do not belong together")
    return _key(found, certificate, tuple(others))


def make_self_signed(name: str, *, now: datetime) -> Key:
    """Make a key and a certificate that only vouches for itself."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=SELF_SIGNED_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    return _key(private, certificate, ())


def facts_of(key: Key) -> Facts:
    """Return what the key's certificate says."""
    certificate = x509.load_der_x509_certificate(key.certificate)
    return Facts(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        fingerprint=key.fingerprint,
        is_self_signed=certificate.issuer == certificate.subject,
        begins_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
    )


def sign(content: bytes, key: Key, *, content_sha256: str) -> bytes:
    """Return the PDF with a signature behind it; its own bytes stay as they are."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(asn1_x509.Certificate.load(der) for der in key.chain)
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(key.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key.private),
        cert_registry=store,
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=facts_of(key).subject,
        reason=f"SHA-256 {content_sha256}",
    )
    maker = signers.PdfSigner(metadata, signer=signer, new_field_spec=fields.SigFieldSpec(FIELD))
    out = BytesIO()
    with ThreadPoolExecutor(1) as own:  # it runs an event loop, and there may be one here already
        own.submit(
            maker.sign_pdf,
            IncrementalPdfFileWriter(BytesIO(content)),
            output=out,
            bytes_reserved=ROOM,
        ).result()
    return out.getvalue()


def _key(
    private: rsa.RSAPrivateKey, certificate: x509.Certificate, others: tuple[object, ...]
) -> Key:
    der = serialization.Encoding.DER
    chain = tuple(
        other.certificate.public_bytes(der)
        for other in others
        if isinstance(other, pkcs12.PKCS12Certificate)
    ) + tuple(other.public_bytes(der) for other in others if isinstance(other, x509.Certificate))
    return Key(
        private=private.private_bytes(
            der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        certificate=certificate.public_bytes(der),
        chain=chain,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
    )


def _numbers(certificate: x509.Certificate) -> object:
    public = certificate.public_key()
    return public.public_numbers() if isinstance(public, rsa.RSAPublicKey) else None


def _name(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return str(attribute.value)[:200]
    return name.rfc4514_string()[:200]
