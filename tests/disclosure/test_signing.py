"""The village's own certificate: put in, made, used, ended; what a reader's program says of it."""

import random
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.disclosure import certificates, service, signing
from portal.disclosure.catalogue_models import DisclosureCertificate
from portal.disclosure.rules import Edition, Refusal
from tests.core.test_pdf_frame import text_of
from tests.disclosure.conftest import VOTE, lead_through, publish_whole

PASSWORD = "for the test"


@pytest.fixture(scope="module")
def private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pkcs12_of(private, *, days=400, name="青溪村村民委员会", now=None) -> bytes:
    """Return a certificate from an authority of the test, with its key, as a file."""
    now = now or clock.now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某某认证中心")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=800))
        .not_valid_after(now + timedelta(days=days))
        .sign(private, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"village", private, certificate, None,
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )  # fmt: skip


def put_in(data, password=PASSWORD, *, now=None):
    with transaction():
        return certificates.put_in(data, password, account_id=None, now=now or clock.now())


def pdfsig(content: bytes, tmp_path) -> str:
    file = tmp_path / "signed.pdf"
    file.write_bytes(content)
    done = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.fixture
def signed(office, vote, press, private) -> int:
    put_in(pkcs12_of(private))
    with transaction():
        return publish_whole(VOTE, vote, press).id


def test_a_readers_program_accepts_the_signature(signed, tmp_path) -> None:
    for edition in Edition:
        said = pdfsig(service.get_file(signed, edition).content, tmp_path)
        assert "Signature is Valid." in said
        assert "ETSI.CAdES.detached" in said
        assert "Total document signed" in said
        assert "青溪村村民委员会" in said


def test_a_flipped_byte_breaks_the_signature(signed, tmp_path) -> None:
    content = bytearray(service.get_file(signed, Edition.NORMAL).content)
    content[1000] ^= 1
    assert "Signature is Valid." not in pdfsig(bytes(content), tmp_path)


def test_the_unsigned_bytes_stand_in_front_as_they_were(signed) -> None:
    file = service.get_file(signed, Edition.NORMAL)
    key = certificates.find_key(now=clock.now())
    assert file.signer == key.fingerprint
    assert file.sha256 != file.unsigned_sha256
    ends = [at for at in range(len(file.content)) if file.content.startswith(b"%%EOF", at)]
    plain = file.content[: ends[0] + len(b"%%EOF\n")]
    assert service_sha(plain) == file.unsigned_sha256
    assert text_of(plain) == text_of(file.content)


def service_sha(content: bytes) -> str:
    from_digest = hashes.Hash(hashes.SHA256())
    from_digest.update(content)
    return from_digest.finalize().hex()


def test_the_check_page_knows_every_kind_of_file(signed, browse, at) -> None:
    """Genuine, altered by one byte anywhere, with something added, and none of ours."""
    content = service.get_file(signed, Edition.NORMAL).content
    client = browse()

    def verdict(data: bytes) -> str:
        page = client.post(at("/verify/"), data={"file": (BytesIO(data), "a.pdf")})
        assert page.status_code == 200
        words = ("村里公布的正是这一份", "这份文件被改动过", "后面附加了内容", "公开记录里没有")
        return next((word for word in words if word in page.text), page.text)

    assert verdict(content) == "村里公布的正是这一份"
    rng = random.Random(5)
    for at_byte in rng.sample(range(len(content)), 25):
        flipped = bytearray(content)
        flipped[at_byte] ^= 1 << rng.randrange(8)
        assert verdict(bytes(flipped)) == "这份文件被改动过"
    assert verdict(content[: len(content) // 2]) == "公开记录里没有"  # it does not say what it is
    assert verdict(service.marked(content, "已更正 见〔2026〕村规公示 002号")) == "后面附加了内容"
    assert verdict(b"%PDF-1.7 something else") == "公开记录里没有"


@pytest.mark.parametrize("what", ["password", "no file", "elliptic", "short"])
def test_bad_files_are_refused(village, private, what) -> None:
    data, password = pkcs12_of(private), PASSWORD
    if what == "password":
        password = "another"
    elif what == "no file":
        data = b"\x30\x82 nothing of that kind"
    elif what == "elliptic":
        data = pkcs12.serialize_key_and_certificates(
            b"x", ec.generate_private_key(ec.SECP256R1()), None, None, serialization.NoEncryption()
        )
    else:
        data = pkcs12_of(rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505 -- it is to be refused
    with pytest.raises(Refused) as refused:
        put_in(data, password)
    assert refused.value.reason is Refusal.BAD_KEY_FILE
    assert certificates.find_certificate() is None


def test_an_ended_certificate_signs_nothing(office, vote, press, private) -> None:
    with pytest.raises(Refused) as refused:
        put_in(pkcs12_of(private, days=-1))
    assert refused.value.reason is Refusal.CERTIFICATE_OVER
    put_in(pkcs12_of(private, days=2))
    later = clock.now() + timedelta(days=3)
    with pytest.raises(Refused) as refused, transaction():
        lead_through(VOTE, vote, press, now=later, until="generate")
    assert refused.value.reason is Refusal.CERTIFICATE_OVER


def test_the_key_is_kept_enciphered_and_for_its_village_alone(
    app, village, neighbour, private
) -> None:
    row = put_in(pkcs12_of(private))
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert certificates.find_key(now=clock.now()).private == der
    assert der not in row.sealed.encode()
    assert row.sealed.startswith("gAAAA")  # Fernet
    with village_scope(neighbour.id), transaction():
        moved = DisclosureCertificate(
            number=1, sealed=row.sealed, subject="x", issuer="x", fingerprint="x",
            is_self_signed=False, begins_at=row.begins_at, ends_at=row.ends_at,
            made_at=clock.now(),
        )  # fmt: skip
        db.session.add(moved)
        db.session.flush()
        with pytest.raises(Refused) as refused:
            certificates.find_key(now=clock.now())
        assert refused.value.reason is Refusal.KEY_NOT_OURS
        db.session.delete(moved)


def test_one_is_renewed_by_another(village, private) -> None:
    first = put_in(pkcs12_of(private)).fingerprint
    with transaction():
        own = certificates.make("青溪村村民委员会", account_id=None, now=clock.now())
    assert own.is_self_signed
    assert own.subject == own.issuer == "青溪村村民委员会"
    assert certificates.find_certificate().fingerprint == own.fingerprint != first
    assert [row.number for row in certificates.list_certificates()] == [2, 1]
    with transaction():
        assert certificates.end(now=clock.now())
    assert certificates.find_key(now=clock.now()) is None


def test_two_put_one_in_at_once(village, private, race) -> None:
    data = pkcs12_of(private)

    def run(_index):
        return certificates.put_in(data, PASSWORD, account_id=None, now=clock.now()).number

    results = race(3, run)
    numbers = [number for number in results if isinstance(number, int)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert all(isinstance(x, IntegrityError) for x in results if not isinstance(x, int))
    open_ones = [row for row in certificates.list_certificates() if row.ended_at is None]
    assert len(open_ones) == 1


def test_its_end_is_told_to_the_committee_once(app, cast, private, told) -> None:
    put_in(pkcs12_of(private, days=20))
    told()
    for expected in (1, 0):
        with all_villages("a chore"), transaction():
            assert certificates.warn_of_ends(now=clock.now()) == expected
        heard = told()
        assert [who for who, _words, _path in heard] == ["max"] * expected
    assert certificates.find_certificate().warned_at is not None


def test_the_page_says_what_kind_it_is(cast, browse, at, private) -> None:
    client = browse(cast.max)
    assert "本村还没有证书" in client.get(at("/disclosure/certificate")).text
    upload = {"file": (BytesIO(pkcs12_of(private)), "v.p12"), "password": "wrong"}
    bad = client.post(at("/disclosure/certificate"), data=upload)
    assert (bad.status_code, "密码不正确" in bad.text) == (422, True)
    upload = {"file": (BytesIO(pkcs12_of(private)), "v.p12"), "password": PASSWORD}
    assert client.post(at("/disclosure/certificate"), data=upload).status_code == 303
    page = client.get(at("/disclosure/certificate")).text
    assert "颁发者：某某认证中心" in page
    assert "自签名证书" not in page.replace("由本平台生成自签名证书", "")
    assert client.post(at("/disclosure/certificate/make")).status_code == 303
    db.session.rollback()
    row = certificates.find_certificate()
    page = client.get(at("/disclosure/certificate")).text
    assert "这是自签名证书" in page
    assert row.fingerprint in page
    assert row.sealed not in page


def test_facts_of_a_certificate() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    facts = signing.facts_of(signing.make_self_signed("石桥村", now=now))
    assert (facts.subject, facts.issuer, facts.is_self_signed) == ("石桥村", "石桥村", True)
    assert facts.ends_at - now == timedelta(days=signing.SELF_SIGNED_DAYS)
    assert len(facts.fingerprint) == 64
