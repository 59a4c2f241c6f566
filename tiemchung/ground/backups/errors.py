"""What can go wrong with a backup, with the field to mend and the cure, in two languages."""

from datetime import datetime
from pathlib import Path

from tiemchung.ground.embedded.complaints import complaints, disk_is_full
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError


def server_refused(said: str) -> ConflictError:
    """The server cannot be reached, or does not let this role copy it."""
    return ConflictError(
        "BACKUP_SERVER",
        field="database",
        vi=f"Không sao lưu được từ máy chủ dữ liệu: {said}. Kiểm tra địa chỉ và quyền REPLICATION.",
        en=f"The database server does not let itself be backed up: {said}. Check the address and the role's "
        "REPLICATION right.",
    )


def disk_full(folder: Path) -> ConflictError:
    """There is no room for a backup; what was half written is gone again."""
    return ConflictError(
        "BACKUP_DISK_FULL",
        field="folder",
        vi=f"Ổ đĩa chứa {folder} đã đầy, bản sao dở dang đã xoá. Dọn chỗ hoặc chạy «tiemchung backup prune».",
        en=f"The disk that holds {folder} is full; what was half written is gone. Make room, or run "
        "“tiemchung backup prune”.",
    )


def not_whole(name: str, said: str) -> ConflictError:
    """A backup is not as it was taken."""
    return ConflictError(
        "BACKUP_DAMAGED",
        field="backup",
        vi=f"Bản sao {name} không còn nguyên vẹn: {said}. Dùng bản khác và sao lưu lại ngay.",
        en=f"The backup {name} is not whole: {said}. Use another one, and take a new one at once.",
    )


def part_not_whole(name: str, said: str) -> ConflictError:
    """A part of the journal is not as it was received."""
    return ConflictError(
        "JOURNAL_DAMAGED",
        field="journal",
        vi=f"Phần nhật ký {name} không còn nguyên vẹn: {said}. Không khôi phục được thời điểm nào sau phần này từ "
        "bản sao cũ hơn: sao lưu lại ngay («tiemchung backup take»).",
        en=f"The part {name} of the journal is not whole: {said}. No moment after it can be restored from an earlier "
        "backup: take a new one at once (“tiemchung backup take”).",
    )


def taken_already(folder: Path) -> ConflictError:
    """Another copy is being made; each begins by sweeping away what killed ones left."""
    return ConflictError(
        "BACKUP_UNDER_WAY",
        field="folder",
        vi=f"Đang có một lần sao lưu khác vào {folder}. Chờ lần đó xong rồi chạy lại.",
        en=f"Another backup into {folder} is under way. Wait until it has ended, then run this again.",
    )


def key_missing(number: int, path: Path) -> ConflictError:
    """The key that a file was encrypted under is not at hand."""
    return ConflictError(
        "BACKUP_KEY_MISSING",
        field="TIEMCHUNG_BACKUP_KEYS",
        vi=f"{path} được mã hoá bằng khoá số {number}, khoá này chưa có. Lấy từ két và thêm {number}:<khoá> vào "
        "TIEMCHUNG_BACKUP_KEYS.",
        en=f"{path} is encrypted under key {number}, which is not at hand. Take it from the vault and add "
        f"{number}:<secret> to TIEMCHUNG_BACKUP_KEYS.",
    )


def key_other(number: int, path: Path) -> ConflictError:
    """There is a key of that number, and the file was encrypted under another secret."""
    return ConflictError(
        "BACKUP_KEY_OTHER",
        field="TIEMCHUNG_BACKUP_KEYS",
        vi=f"{path} được mã hoá bằng một khoá số {number} khác với khoá đang có. Lấy đúng khoá từ két.",
        en=f"{path} is encrypted under another key {number} than the one at hand. Take the right one from the vault.",
    )


def not_encrypted(path: Path) -> ConflictError:
    """With keys, a plain file is none of ours: somebody may have put it there."""
    return ConflictError(
        "BACKUP_NOT_ENCRYPTED",
        field="folder",
        vi=f"{path} không được mã hoá. Dùng thư mục mới cho bản sao có mã hoá; đọc bản sao cũ thì bỏ "
        "TIEMCHUNG_BACKUP_KEYS và đặt TIEMCHUNG_PRACTICE=1.",
        en=f"{path} is not encrypted. Use a new folder for encrypted backups; to read an old one take "
        "TIEMCHUNG_BACKUP_KEYS away and set TIEMCHUNG_PRACTICE=1.",
    )


def other_server(folder: Path) -> ConflictError:
    """The folder holds backups of another server: the two journals would be taken for one."""
    return ConflictError(
        "BACKUP_OTHER_SERVER",
        field="folder",
        vi=f"{folder} chứa bản sao của một máy chủ khác. Mỗi máy chủ dùng một thư mục riêng.",
        en=f"{folder} holds backups of another server. Give each server a folder of its own.",
    )


def no_backup(folder: Path) -> NotFoundError:
    """There is no base backup in the folder."""
    return NotFoundError(
        "BACKUP_ABSENT",
        field="folder",
        vi=f"Chưa có bản sao nào trong {folder}. Chạy «tiemchung backup take».",
        en=f"There is no backup in {folder}. Run “tiemchung backup take”.",
    )


def too_early(wanted: datetime, earliest: datetime) -> NotFoundError:
    """No backup reaches back so far."""
    return NotFoundError(
        "RESTORE_TOO_EARLY",
        field="to",
        vi=f"Không có bản sao nào trước {wanted.isoformat()}. Thời điểm sớm nhất: {earliest.isoformat()}.",
        en=f"No backup reaches back to {wanted.isoformat()}. The earliest moment is {earliest.isoformat()}.",
    )


def beyond(wanted: datetime, last: str) -> NotFoundError:
    """The journal that was received ends before the moment."""
    return NotFoundError(
        "RESTORE_BEYOND_JOURNAL",
        field="to",
        vi=f"Nhật ký nhận được chưa tới {wanted.isoformat()}; giao dịch cuối: {last}. Chọn thời điểm sớm hơn, "
        "hoặc --to latest.",
        en=f"The journal received does not reach {wanted.isoformat()}; its last transaction is of {last}. Choose an "
        "earlier moment, or --to latest.",
    )


def in_gap(wanted: datetime, spans: list[tuple[datetime, datetime]]) -> NotFoundError:
    """The moment lies where the journal has a gap."""
    there = [f"{begin.isoformat()} – {end.isoformat()}" for begin, end in spans]
    return NotFoundError(
        "RESTORE_IN_GAP",
        field="to",
        vi=f"Nhật ký bị đứt quãng, không khôi phục được {wanted.isoformat()}. Chọn một thời điểm trong: "
        f"{'; '.join(there)}.",
        en=f"The journal has a gap, so {wanted.isoformat()} cannot be restored. Choose a moment within: "
        f"{'; '.join(there)}.",
    )


def journal_absent(said: str) -> ConflictError:
    """A part of the journal is missing, so that the moment cannot be reached."""
    return ConflictError(
        "RESTORE_JOURNAL_ABSENT",
        field="folder",
        vi=f"Thiếu một phần nhật ký nên không khôi phục được: {said}. Dùng bản sao mới hơn.",
        en=f"Part of the journal is missing, so this cannot be restored: {said}. Use a newer backup.",
    )


def fell_short(folder: Path, last: str | None, until: str) -> ConflictError:
    """What was restored ends before the last moment that had been received: something of the journal is not here."""
    return ConflictError(
        "RESTORE_SHORT",
        field="folder",
        vi=f"Đã khôi phục vào {folder}, nhưng giao dịch cuối là {last or 'của bản sao'}, còn nhật ký đã nhận tới "
        f"{until}. Tìm phần nhật ký còn thiếu («tiemchung backup verify») rồi khôi phục lại vào thư mục mới; nếu không "
        "còn thì dùng bản này.",
        en=f"It was restored into {folder}, but the last transaction is {last or 'that of the base backup'}, and the "
        f"journal had been received up to {until}. Find what is missing (“tiemchung backup verify”) and restore again "
        "into a new folder; if it is gone, use this one.",
    )


def bad_moment(text: str) -> InvalidInputError:
    """A moment must say its time zone: 8 o'clock is not the same second everywhere."""
    return InvalidInputError(
        "RESTORE_MOMENT",
        field="to",
        vi=f"«{text}» chưa phải một thời điểm rõ ràng. Ghi ngày, giờ, giây và múi giờ, ví dụ "
        "2021-09-16T08:00:00+07:00, hoặc latest.",
        en=f"“{text}” is no clear moment. Give date, time to the second and time zone, for example "
        "2021-09-16T08:00:00+07:00, or latest.",
    )


def in_future(wanted: datetime) -> InvalidInputError:
    """Nothing has been written yet at that moment."""
    return InvalidInputError(
        "RESTORE_FUTURE",
        field="to",
        vi=f"{wanted.isoformat()} chưa tới. Chọn thời điểm đã qua.",
        en=f"{wanted.isoformat()} is yet to come. Choose a moment that is over.",
    )


def not_empty(folder: Path) -> ConflictError:
    """A restore never writes over what is there."""
    return ConflictError(
        "RESTORE_FOLDER_OTHER",
        field="into",
        vi=f"{folder} đã có dữ liệu. Chọn thư mục mới: khôi phục không bao giờ ghi đè.",
        en=f"There is something in {folder} already. Choose a new folder: a restore writes over nothing.",
    )


def followed_already(folder: Path) -> ConflictError:
    """Two receivers in one folder would write over each other."""
    return ConflictError(
        "BACKUP_FOLLOWED",
        field="folder",
        vi=f"Đã có tiến trình nhận nhật ký vào {folder}. Chỉ chạy một tiến trình.",
        en=f"Another process receives the journal into {folder} already. One is enough.",
    )


def tablespaces() -> ConflictError:
    """Table spaces outside the data folder would be copied onto themselves."""
    return ConflictError(
        "BACKUP_TABLESPACES",
        field="database",
        vi="Máy chủ dữ liệu có tablespace riêng. Dùng công cụ sao lưu của đơn vị vận hành (xem docs/guide/restore.md).",
        en="The server has table spaces of its own. Use the operator's own backup tool (see docs/guide/restore.md).",
    )


def failed(said: str, folder: Path) -> ConflictError:
    """A program of PostgreSQL gave up; unknown reasons are quoted, the first that it named."""
    if disk_is_full(said):
        return disk_full(folder)
    why = complaints(said)[0]
    return ConflictError(
        "BACKUP_FAILED",
        field="folder",
        vi=f"Sao lưu không xong: {why}",
        en=f"The backup failed: {why}",
    )
