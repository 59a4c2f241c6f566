"""Which sites play, with what, how many people come? A slice of the country, as data."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = date(2022, 5, 14)
STARTS_AT = datetime(2022, 5, 14, 11, 40, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).astimezone(UTC)
CAMPAIGN_CODE = "covid19-2021-22"
PASSWORD = "tiemchung"  # noqa: S105  practice accounts only; printed on the sign-in page
EXPIRY = date(2022, 11, 30)
SIGNER = "ky.quocgia"
MINISTRY = "boyte"
AUDITOR = "kiemtoan"
ADMINISTRATOR = "quan-tri"


@dataclass(frozen=True)
class Site:
    """A facility of the play: where it is, what it gives on the day, and which lot it has."""

    code: str
    name: str
    kind: str
    commune_code: str
    address: str
    product: str
    lot: str

    @property
    def nurse(self) -> str:
        """The user name of its vaccinator."""
        return f"tiem.{self.code.lower()}"

    @property
    def head(self) -> str:
        """The user name of its head."""
        return f"truong.{self.code.lower()}"

    @property
    def station(self) -> str:
        """The user name of its commune's health station."""
        return f"yte.{self.code.lower()}"

    @property
    def hamlet(self) -> str:
        """The user name of its commune's hamlet team."""
        return f"to.{self.code.lower()}"

    @property
    def officer(self) -> str:
        """The user name of its commune's police officer, on the population side."""
        return f"ca.{self.code.lower()}"


SITES = (
    Site("HN-PX", "Trạm Y tế phường Phúc Xá", "commune_station", "00001", "Tổ 5", "PF", "FK9021"),
    Site("HN-SS", "Trung tâm Y tế huyện Sóc Sơn", "district_centre", "00376", "Thị trấn Sóc Sơn", "PF", "FK9022"),
    Site("DN-HC", "Trạm Y tế phường Thạch Thang", "commune_station", "20233", "Tổ 3", "AZ", "ABX4712"),
    Site("HCM-Q1", "Trạm Y tế phường Bến Nghé", "commune_station", "26740", "Khu phố 2", "PF", "FK9023"),
    Site("HCM-CC", "Bệnh viện huyện Củ Chi", "hospital", "27496", "Khu phố 1", "AZ", "ABX4713"),
    Site("CT-NK", "Trạm Y tế phường Cái Khế", "commune_station", "31117", "Khu vực 4", "PF", "FK9024"),
)
# How long before the day a first dose of the same product was given, in days: within what the rules allow.
FIRST_DOSE_BEFORE = {"PF": (21, 90), "AZ": (56, 150)}


def offset(now: datetime) -> timedelta:
    """What must be added to the machine's clock for the day to be now."""
    return STARTS_AT - now
