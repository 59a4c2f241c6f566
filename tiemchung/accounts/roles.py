"""Which roles are there, and what bounds each: a facility, an area of one level, the nation, or nothing of others'."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tiemchung.places.models import Area


class Role(models.TextChoices):
    """What an account is for; which pages that opens is in the table of rights."""

    CITIZEN = "citizen", _("Người dân")
    VACCINATOR = "vaccinator", _("Nhân viên tiêm chủng")
    DOCTOR = "doctor", _("Bác sĩ khám sàng lọc")
    DATA_CLERK = "data_clerk", _("Nhân viên nhập liệu")
    FACILITY_HEAD = "facility_head", _("Trưởng cơ sở tiêm chủng")
    COMMUNE_HEALTH_STATION = "commune_health_station", _("Trạm y tế xã")
    HAMLET_TEAM = "hamlet_team", _("Tổ dân phố, thôn")
    COMMUNE_POLICE = "commune_police", _("Công an xã")
    DISTRICT = "district", _("Trung tâm y tế huyện")
    PROVINCE_HEALTH_DEPARTMENT = "province_health_department", _("Sở Y tế")
    PROVINCE_CDC = "province_cdc", _("Trung tâm kiểm soát bệnh tật tỉnh")
    CHECKPOINT_OFFICER = "checkpoint_officer", _("Cán bộ chốt kiểm soát")
    NATIONAL_SIGNER = "national_signer", _("Người ký quốc gia")
    KEY_OFFICER = "key_officer", _("Người giữ khóa")
    MINISTRY = "ministry", _("Bộ Y tế")
    DESK_OPERATOR = "desk_operator", _("Trực ban trung tâm đáp ứng")
    AUDITOR = "auditor", _("Kiểm toán viên")
    ADMINISTRATOR = "administrator", _("Quản trị tài khoản")


AT_FACILITY = (Role.VACCINATOR, Role.DOCTOR, Role.DATA_CLERK, Role.FACILITY_HEAD)
IN_COMMUNE = (Role.COMMUNE_HEALTH_STATION, Role.HAMLET_TEAM, Role.COMMUNE_POLICE)
IN_DISTRICT = (Role.DISTRICT,)
IN_PROVINCE = (Role.PROVINCE_HEALTH_DEPARTMENT, Role.PROVINCE_CDC, Role.CHECKPOINT_OFFICER)
OF_NATION = (
    Role.NATIONAL_SIGNER,
    Role.KEY_OFFICER,
    Role.MINISTRY,
    Role.DESK_OPERATOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
LEVEL_OF = {
    **dict.fromkeys(IN_COMMUNE, Area.Level.COMMUNE),
    **dict.fromkeys(IN_DISTRICT, Area.Level.DISTRICT),
    **dict.fromkeys(IN_PROVINCE, Area.Level.PROVINCE),
}
CODE_LENGTH = {Area.Level.PROVINCE: 2, Area.Level.DISTRICT: 3, Area.Level.COMMUNE: 5}  # of GSO's codes
IN_AREA = tuple(LEVEL_OF)
STAFF = tuple(role for role in Role if role != Role.CITIZEN)

# Who may write at a facility that lies in the account's reach; the others look. Which act it is, the table of rights
# says: a vaccinator cannot sign although both stand at one facility.
WRITES_AT_FACILITY = frozenset(
    {
        *AT_FACILITY,
        Role.COMMUNE_HEALTH_STATION,
        Role.DISTRICT,
        Role.PROVINCE_HEALTH_DEPARTMENT,
        Role.PROVINCE_CDC,
        Role.NATIONAL_SIGNER,
        Role.MINISTRY,
    }
)
