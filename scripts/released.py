"""Write down which migrations a release has: what comes later is held to the rules of docs/guide/upgrade.md.

DJANGO_SETTINGS_MODULE=tests.settings python scripts/released.py
"""

from pathlib import Path

import django
from django.db.migrations.loader import MigrationLoader

FILE = Path(__file__).resolve().parents[1] / "reference_data" / "released_migrations.txt"


def main() -> None:
    django.setup()
    ours = {
        f"{app}.{name}"
        for (app, name), each in MigrationLoader(None).disk_migrations.items()
        if type(each).__module__.startswith("tiemchung.")
    }
    head = [line for line in FILE.read_text().splitlines() if line.startswith("#")]
    FILE.write_text("\n".join([*head, *sorted(ours)]) + "\n")
    print(f"{len(ours)} migrations")


if __name__ == "__main__":
    main()
