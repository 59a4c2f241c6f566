"""From nothing to what a first session needs, by commands; what cannot be is refused whole, in both languages."""

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.ledger import AUTHORITY
from tests.station import PASSWORD, commune, staff
from tiemchung.accounts import second_factor
from tiemchung.accounts.actions_second_factor import set_up
from tiemchung.accounts.actions_staff import activate
from tiemchung.accounts.models import Account, Role
from tiemchung.campaigns.models import Campaign
from tiemchung.cli import accounts, campaigns, key_officers, keys, places
from tiemchung.ground import clock
from tiemchung.ground.errors import RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.hcert import Algorithm
from tiemchung.hcert.authority import new_key, private_pem
from tiemchung.passports.models import KeyCeremony, SignerCertificate
from tiemchung.places.models import Facility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
HEADER = "username,name,role,facility\n"


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
    said = ("--role", role, "--username", "x.y", "--password-from-stdin", "--facility", facility)
    assert refused(run(accounts, "open", *said, stdin=password)).field == field
    assert not Account.objects.exists()


def test_an_account_without_a_password_gets_a_code(run: Callable[..., Result], station: Facility) -> None:
    said = ("--role", "district", "--area", "001", "--username", "ttyt.badinh", "--expires-on", "31/12/2030")
    username, code = run(accounts, "open", *said).stdout.strip().split("\t")
    account = activate(username=username, code=code, password="mot-hai-ba-bon")
    assert (account.role, account.area_id, str(account.expires_on)) == (Role.DISTRICT, "001", "2030-12-31")


def test_a_list_of_accounts_is_opened_and_codes_are_told_once(
    run: Callable[..., Result], station: Facility, tmp_path: Path
) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(f"{HEADER}a.b,Lò Thị Mai,vaccinator,{station.code}\nc.d,Bộ Y tế,ministry,\n")
    result = run(accounts, "import", str(file))
    assert result.exit_code == 0
    username, _, _, code = result.stdout.splitlines()[0].split("\t")
    assert activate(username=username, code=code, password="mot-hai-ba-bon").facility == station
    again = run(accounts, "import", str(file), "--json")
    assert json.loads(again.stdout) == {"wrote": True, "opened": 0, "unchanged": 2, "slips": [], "faults": []}


def test_codes_go_to_a_file_that_nobody_else_reads(
    run: Callable[..., Result], station: Facility, tmp_path: Path
) -> None:
    file, codes = tmp_path / "staff.csv", tmp_path / "codes.csv"
    file.write_text(f"{HEADER}a.b,Lò Thị Mai,vaccinator,{station.code}\n")
    assert run(accounts, "import", str(file), "--codes", str(codes)).stdout == ""
    assert codes.stat().st_mode & 0o777 == 0o600
    (row,) = csv.DictReader(codes.read_text(encoding="utf-8-sig").splitlines())
    assert activate(username="a.b", code=row["code"], password="mot-hai-ba-bon")
    assert run(accounts, "import", str(file), "--codes", str(codes)).exit_code == 2


def test_one_wrong_line_opens_no_account_and_every_wrong_line_is_named(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(f"{HEADER}a.b,A,ministry,\nb.c,B,boss,\na.b,A,ministry,\nc.d,C,vaccinator,77\n")
    result = run(accounts, "import", str(file))
    assert result.exit_code == 1
    assert all(start in result.stderr for start in ("3, role:", "4, username:", "5, facility:"))
    assert not Account.objects.exists()
    assert run(accounts, "import", str(file), "--only-good-lines").exit_code == 0
    assert Account.objects.get().username == "a.b"


def test_a_list_without_its_columns_is_refused(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("username,name\na,A\n")
    error = refused(run(accounts, "import", str(file)))
    assert (error.field, "role" in error.en) == ("file", True)


def test_an_account_is_shut_opened_reset_and_closed(run: Callable[..., Result], station: Facility) -> None:
    run(accounts, "open", "--role", "ministry", "--username", "bo.y.te")
    assert run(accounts, "suspend", "bo.y.te").stdout == "bo.y.te: suspended\n"
    assert refused(run(accounts, "reset", "bo.y.te")).code == "account_shut"
    assert run(accounts, "resume", "bo.y.te").stdout == "bo.y.te: waiting\n"
    code = run(accounts, "reset", "bo.y.te").stdout.strip()
    activate(username="bo.y.te", code=code, password="mot-hai-ba-bon")
    assert run(accounts, "close", "bo.y.te").stdout == "bo.y.te: closed\n"
    assert refused(run(accounts, "close", "khong.co")).field == "username"


def test_practice_keys_are_made_for_whom_lacks_one(run: Callable[..., Result], station: Facility) -> None:
    assert "3 practice keys" in run(keys, "make-practice").stdout
    assert "0 practice keys" in run(keys, "make-practice").stdout
    assert SignerCertificate.objects.filter(use="attestation", facility=station).count() == 1


def test_practice_keys_are_refused_outside_practice(run: Callable[..., Result], settings: Any) -> None:
    settings.PRACTICE = False
    assert refused(run(keys, "make-practice")).code == "not_practice"
    assert not SignerCertificate.objects.exists()


@pytest.fixture
def officers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two key officers; the password comes from the environment, as in a script."""
    monkeypatch.setenv(key_officers.PASSWORD, PASSWORD)
    for name in ("giu-khoa-1", "giu-khoa-2"):
        staff(Role.KEY_OFFICER, None, name, "Người giữ khóa")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, ...]:
    """The options of a key and its certificate, in files."""
    key = new_key(Algorithm.ES256)
    (tmp_path / "dsc.pem").write_bytes(AUTHORITY.certify(key.public_key(), name="D", valid_from=clock.now()).pem())
    (tmp_path / "key.pem").write_bytes(private_pem(key))
    return ("--certificate", str(tmp_path / "dsc.pem"), "--key", str(tmp_path / "key.pem"))


def ceremony() -> str:
    return str(KeyCeremony.objects.latest("proposed_at").id)


@pytest.mark.usefixtures("officers")
def test_a_key_signs_once_two_officers_said_so(run: Callable[..., Result], pair: tuple[str, ...]) -> None:
    proposed = run(keys, "propose", "--by", "giu-khoa-1", "--use", "passport", *pair)
    assert proposed.stdout.endswith("for passport: proposed\n"), proposed.output
    assert not SignerCertificate.objects.exists()
    assert refused(run(keys, "approve", "--by", "giu-khoa-1", ceremony())).code == "four_eyes"
    assert run(keys, "approve", "--by", "giu-khoa-2", ceremony()).stdout.endswith(": approved\n")
    assert "signing" in run(keys, "list").stdout


@pytest.mark.usefixtures("officers")
def test_a_key_without_its_own_certificate_is_refused(
    run: Callable[..., Result], pair: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "other.pem").write_bytes(private_pem(new_key(Algorithm.ES256)))
    wrong = run(keys, "propose", "--by", "giu-khoa-1", "--use", "passport", *pair[:3], str(tmp_path / "other.pem"))
    assert refused(wrong).code == "key_unusable"


@pytest.mark.usefixtures("officers")
@pytest.mark.parametrize("options", [("--use", "attestation"), ("--use", "passport", "--facility", "01001")])
def test_a_facility_belongs_to_attestations(
    run: Callable[..., Result], pair: tuple[str, ...], options: tuple[str, ...]
) -> None:
    assert run(keys, "propose", "--by", "giu-khoa-1", *options, *pair).exit_code == 2


@pytest.mark.usefixtures("officers")
def test_who_does_not_know_the_password_is_no_officer(
    run: Callable[..., Result], pair: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(key_officers.PASSWORD, "wrong")
    said = run(keys, "propose", "--by", "giu-khoa-1", "--use", "passport", *pair)
    assert refused(said).code == "officer_unknown"
    monkeypatch.setenv(key_officers.PASSWORD, PASSWORD)
    staff(Role.MINISTRY, None, "bo", "Bộ Y tế")
    assert refused(run(keys, "propose", "--by", "bo", "--use", "passport", *pair)).code == "not_key_officer"


@pytest.mark.usefixtures("officers")
def test_a_wrong_password_is_written_down_and_the_sixth_try_waits(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(key_officers.PASSWORD, "wrong")
    tries = [refused(run(keys, "approve", "--by", "giu-khoa-1", str(new_id()))).code for _ in range(6)]
    assert tries == ["officer_unknown"] * 5 + ["sign_in_locked"]
    officer = Account.objects.get(username="giu-khoa-1")
    assert AuditEntry.objects.filter(act="accounts.sign_in_wrong", subject=officer.id).count() == 5
    assert AuditEntry.objects.get(act="accounts.lock_out").subject == officer.id


@pytest.mark.usefixtures("officers")
def test_where_staff_need_a_second_factor_a_key_officer_gives_its_code_once(
    run: Callable[..., Result], pair: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    propose = (keys, "propose", "--by", "giu-khoa-1", "--use", "passport", *pair)
    assert refused(run(*propose)).code == "second_factor_missing"
    secret, now = second_factor.new_secret(), time.time()
    officer = Account.objects.get(username="giu-khoa-1")
    set_up(account=officer, secret=secret, code=second_factor.code_at(secret, now - second_factor.STEP), by=officer.id)
    monkeypatch.setenv(key_officers.CODE, "000000")
    assert refused(run(*propose)).code == "second_factor_wrong"
    monkeypatch.setenv(key_officers.CODE, second_factor.code_at(secret, now))
    assert run(*propose).stdout.endswith("for passport: proposed\n")
    assert refused(run(*propose)).code == "second_factor_wrong"
