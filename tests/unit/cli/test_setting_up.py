"""From nothing to what a first session needs, by commands; what cannot be is refused whole, in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.ledger import AUTHORITY
from tests.station import commune
from tiemchung.accounts.models import Account, Role
from tiemchung.campaigns.models import Campaign
from tiemchung.cli import accounts, campaigns, keys, places
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.hcert import Algorithm
from tiemchung.hcert.authority import new_key, private_pem
from tiemchung.passports.models import SignerCertificate
from tiemchung.places.models import Facility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
HEADER = "username,name,role,facility,password\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on the test's own database."""
    for module in (accounts, campaigns, keys, places):
        monkeypatch.setattr(module, "prepare", lambda _folder: None)

    def runs(module: Any, *arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(module.group, list(arguments), input=stdin)

    return runs


@pytest.fixture
def station(run: Callable[..., Result]) -> Facility:
    opened = run(
        places, "open-facility", "--code", "01001", "--name", "Trạm", "--commune", commune().code, "--address", "Phố"
    )
    assert opened.exit_code == 0, opened.output
    return Facility.objects.get(code="01001")


def refused(result: Result) -> RefusedError:
    assert isinstance(result.exception, RefusedError), result.output
    return result.exception


def test_a_code_that_is_taken_is_refused(run: Callable[..., Result], station: Facility) -> None:
    again = ("--code", station.code, "--name", "X", "--commune", "00001", "--address", "Y")
    assert refused(run(places, "open-facility", *again)).code == "facility_exists"


def test_a_campaign_is_opened_once(run: Callable[..., Result]) -> None:
    said = ("--code", "c", "--name-vi", "Chiến dịch", "--name-en", "Campaign", "--starts-on", "2021-07-10")
    assert [run(campaigns, "open", *said).exit_code for _ in range(2)] == [0, 0]
    assert Campaign.objects.count() == 1
    assert run(campaigns, "open", *said, "--ends-on", "2021-07-09").exit_code == 2


def test_an_account_signs_in_with_the_password_of_standard_input(run: Callable[..., Result], station: Facility) -> None:
    said = ("--role", "facility_head", "--facility", "01001", "--username", "truong-tram", "--password-from-stdin")
    assert run(accounts, "open", *said, stdin="mot-hai-ba-bon\n").exit_code == 0
    account = Account.objects.get(username="truong-tram")
    assert account.check_password("mot-hai-ba-bon")
    assert (account.role, account.facility) == (Role.FACILITY_HEAD, station)


@pytest.mark.parametrize(
    ("role", "facility", "password", "field"),
    [
        ("vaccinator", "99999", "mot-hai-ba-bon", "facility"),
        ("vaccinator", "", "mot-hai-ba-bon", "facility_id"),
        ("ministry", "", "ngan", "password"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(
    run: Callable[..., Result], role: str, facility: str, password: str, field: str
) -> None:
    said = ("--role", role, "--username", "x", "--password-from-stdin", "--facility", facility)
    assert refused(run(accounts, "open", *said, stdin=password)).field == field
    assert not Account.objects.exists()


def test_a_list_of_accounts_is_opened_and_made_passwords_are_told_once(
    run: Callable[..., Result], station: Facility, tmp_path: Path
) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(f"{HEADER}a,Lò Thị Mai,vaccinator,{station.code},\nb,Bộ Y tế,ministry,,mot-hai-ba-bon\n")
    result = run(accounts, "open-many", str(file))
    assert result.exit_code == 0
    username, password = result.stdout.strip().split("\t")
    assert Account.objects.get(username=username).check_password(password)
    assert "mot-hai-ba-bon" not in result.output
    assert Account.objects.count() == 2


def test_one_wrong_line_opens_no_account_and_every_wrong_line_is_named(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(f"{HEADER}a,A,ministry,,\nb,B,boss,,\na,A,ministry,,\nc,C,vaccinator,77,\n")
    error = refused(run(accounts, "open-many", str(file)))
    assert [line in error.vi for line in ("dòng 2", "dòng 3, role", "dòng 4, username", "dòng 5, facility")] == [
        False, True, True, True,
    ]  # fmt: skip
    assert "line 3, role" in error.en
    assert not Account.objects.exists()


def test_a_list_without_its_columns_is_wrong_use(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("username,name\na,A\n")
    result = run(accounts, "open-many", str(file))
    assert result.exit_code == 2
    assert "role, facility, password" in result.stderr


def test_practice_keys_are_made_for_whom_lacks_one(run: Callable[..., Result], station: Facility) -> None:
    assert "3 practice keys" in run(keys, "make-practice").stdout
    assert "0 practice keys" in run(keys, "make-practice").stdout
    assert SignerCertificate.objects.filter(use="attestation", facility=station).count() == 1


def test_practice_keys_are_refused_outside_practice(run: Callable[..., Result], settings: Any) -> None:
    settings.PRACTICE = False
    assert refused(run(keys, "make-practice")).code == "not_practice"
    assert not SignerCertificate.objects.exists()


def test_a_key_is_enrolled_with_its_certificate_and_no_other(run: Callable[..., Result], tmp_path: Path) -> None:
    key, other = new_key(Algorithm.ES256), new_key(Algorithm.ES256)
    certificate = AUTHORITY.certify(key.public_key(), name="DSC", valid_from=clock.now())
    (tmp_path / "dsc.pem").write_bytes(certificate.pem())
    for name, each in (("key", key), ("other", other)):
        (tmp_path / f"{name}.pem").write_bytes(private_pem(each))
    said = ("--certificate", str(tmp_path / "dsc.pem"), "--key")
    wrong = run(keys, "enrol", "--use", "passport", *said, str(tmp_path / "other.pem"))
    assert refused(wrong).code == "key_unusable"
    assert run(keys, "enrol", "--use", "passport", *said, str(tmp_path / "key.pem")).exit_code == 0
    assert SignerCertificate.objects.get().key_id == certificate.kid.hex()
    assert run(keys, "enrol", "--use", "attestation", *said, str(tmp_path / "key.pem")).exit_code == 2


def test_a_key_has_one_use(run: Callable[..., Result], station: Facility, tmp_path: Path) -> None:
    key = new_key(Algorithm.ES256)
    (tmp_path / "dsc.pem").write_bytes(AUTHORITY.certify(key.public_key(), name="D", valid_from=clock.now()).pem())
    (tmp_path / "key.pem").write_bytes(private_pem(key))
    said = ("--certificate", str(tmp_path / "dsc.pem"), "--key", str(tmp_path / "key.pem"))
    assert run(keys, "enrol", "--use", "passport", *said).exit_code == 0
    other = run(keys, "enrol", "--use", "attestation", "--facility", station.code, *said)
    assert refused(other).code == "certificate_in_use"
