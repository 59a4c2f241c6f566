"""A base backup of which anything was changed, added, lost or cut off is named as damaged, file and all."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tiemchung.ground.backups.manifest import verify_folder
from tiemchung.ground.errors import ConflictError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder with its manifest, written as PostgreSQL writes it."""
    for name in ("PG_VERSION", "base/1/1259"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    (tmp_path / "pg_wal").mkdir()
    (tmp_path / "pg_wal" / "000000010000000000000005").touch()  # the journal has checksums of its own
    files = [described(tmp_path, "PG_VERSION"), described(tmp_path, "base/1/1259")]
    lines = [
        '{ "PostgreSQL-Backup-Manifest-Version": 2,',
        f'"Files": [\n{", ".join(map(json.dumps, files))}\n],',
        '"WAL-Ranges": [],\n',
    ]
    body = "\n".join(lines)
    seal = hashlib.sha256(body.encode()).hexdigest()
    (tmp_path / "backup_manifest").write_text(f'{body}"Manifest-Checksum": "{seal}"}}\n')
    return tmp_path


def described(folder: Path, name: str) -> dict[str, object]:
    content = (folder / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"Path": name, "Size": len(content), "Checksum-Algorithm": "SHA256", "Checksum": digest}


def test_a_whole_backup_passes_with_the_settings_of_a_restore_in_it(folder: Path) -> None:
    (folder / "postgresql.auto.conf").write_text("# written by a restore")
    verify_folder(folder, "a", folder)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


DAMAGES: list[tuple[Callable[[Path], object], str]] = [
    (lambda at: (at / "PG_VERSION").write_text("content of PG_VERSIOM"), "PG_VERSION: changed"),
    (lambda at: (at / "PG_VERSION").write_text("longer content of PG_VERSION"), "PG_VERSION: size 28, not 21"),
    (lambda at: (at / "base/1/1259").unlink(), "base/1/1259: missing"),
    (lambda at: (at / "base/1/9999").touch(), "base/1/9999: added"),
    (lambda at: (at / "backup_manifest").unlink(), "backup_manifest: "),
    (lambda at: cut_off(at / "backup_manifest"), "backup_manifest: "),
    (
        lambda at: (at / "backup_manifest").write_text(
            (at / "backup_manifest").read_text().replace("base/1/1259", "base/1/1258")
        ),
        "backup_manifest: changed",
    ),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES, ids=[said for _, said in DAMAGES])
def test_a_damage_is_named(folder: Path, damage: Callable[[Path], object], said: str) -> None:
    damage(folder)
    with pytest.raises(ConflictError) as refusal:
        verify_folder(folder, "20210916T010000Z", folder)
    assert refusal.value.code == "BACKUP_DAMAGED"
    assert f"20210916T010000Z is not whole: {said}" in refusal.value.en
