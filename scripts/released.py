"""Write down which migrations a release has, and which schema it takes for granted (docs/guide/upgrade.md).

What comes later is held to both. Run once for each release, on a database of its own, which goes again:
python scripts/released.py
"""

import os
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "reference_data"
NAMES, SCHEMA = FOLDER / "released_migrations.txt", FOLDER / "released_schema.json"


def main() -> None:
    from tiemchung.ground.embedded.server import EmbeddedServer

    with tempfile.TemporaryDirectory(prefix="tiemchung-") as folder:
        server = EmbeddedServer(Path(folder) / "pg", durable=False)
        server.start()
        try:
            server.create_database("released")
            record(server.url("released"))
        finally:
            server.stop()
            server.release()


def record(url: str) -> None:
    """Migrate a new database and write down what it is then."""
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from tiemchung.ground import contract

    call_command("migrate", verbosity=0)
    found = MigrationLoader(None).disk_migrations.items()
    names = {f"{app}.{name}" for (app, name), each in found if type(each).__module__.startswith("tiemchung.")}
    head = [line for line in NAMES.read_text().splitlines() if line.startswith("#")]
    NAMES.write_text("\n".join([*head, *sorted(names)]) + "\n")
    SCHEMA.write_text(contract.as_it_is().as_json())
    connection.close()
    print(f"{len(names)} migrations, {len(contract.Contract.read(SCHEMA.read_text()).columns)} tables and views")


if __name__ == "__main__":
    main()
