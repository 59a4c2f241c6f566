"""What an earlier version wrote in plain is encrypted by the migration, and found and read as before."""

import os
import subprocess
import sys
from hashlib import sha256

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database import ROOT, TestDatabases
from tiemchung.ground import encryption
from tiemchung.ground.embedded import databases
from tiemchung.people import numbers

PERSON, EVENT = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"
NUMBER, INSURANCE = "001184000017", "HC4010123456789"
SENT = {"kind": "checked_in", "made_at": "2021-09-16T08:00:00+07:00", "content": {"number": NUMBER}}
ROWS = [
    """INSERT INTO people_person (id, full_name, name_key, name_tokens, name_sort, birth_date, birth_precision, sex,
                                 nationality, address, insurance_number, qid, created_at)
       VALUES (%(person)s, 'Lường Thị Mận', 'k', '{k}', 's', '1984-03-09', 'day', 'female', 'VN', '', %(insurance)s,
               '100000000000000001', now())""",
    """INSERT INTO people_identitynumber (id, person_id, kind, value, stated_at)
       VALUES (gen_random_uuid(), %(person)s, 'cccd', %(number)s, now())""",
    """INSERT INTO people_personstatement (id, person_id, at, source, content)
       VALUES (gen_random_uuid(), %(person)s, now(), 'self', %(said)s)""",
    "INSERT INTO places_area (code, level, name, folded, sort_key) VALUES ('01', 1, 'Hà Nội', 'ha noi', 'h')",
    """INSERT INTO places_facility (id, code, name, kind, address, tables, daily_capacity, area_id)
       VALUES (%(event)s, 'A', 'Trạm', 'hospital', '', 1, 1, '01')""",
    """INSERT INTO visits_siteevent
           (id, facility_id, kind, made_at, received_at, received_from, digest, content, findings)
       VALUES (%(event)s, %(event)s, 'checked_in', now(), now(), %(event)s, %(digest)s, %(sent)s, '[]')""",
    """INSERT INTO visits_quarantinedevent
           (id, event_id, facility_id, received_at, received_from, digest, content, reason)
       VALUES (%(event)s, %(event)s, %(event)s, now(), %(event)s, %(digest)s, %(sent)s, '{}')""",
]


@pytest.fixture
def database(test_databases: TestDatabases):
    """A database of the version before, with a row of each kind."""
    name = f"tc_{test_databases.run}_before"
    databases.create(test_databases.server, name)
    url = test_databases.url(name)
    migrate(url, "visits", "0002")
    values = {"person": PERSON, "event": EVENT, "number": NUMBER, "insurance": INSURANCE}
    said = {"said": Jsonb({"phone": "", "identity_numbers": [["cccd", NUMBER]]})}
    sent = {"sent": Jsonb(SENT), "digest": sha256(b"as sent").hexdigest()}
    with psycopg.connect(url) as connection:
        for row in ROWS:
            connection.execute(row, values | said | sent)
    yield url
    databases.drop(test_databases.server, name)


def migrate(url: str, *target: str) -> None:
    command = [sys.executable, "-m", "django", "migrate", *target, "--verbosity=0", "--settings=tests.settings"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)


def test_rows_of_the_version_before_are_encrypted_and_keep_their_meaning(database):
    migrate(database)
    with psycopg.connect(database) as connection:
        (insurance,) = connection.execute("SELECT insurance_number FROM people_person").fetchone()
        value, hashed = connection.execute("SELECT value, look_up FROM people_identitynumber").fetchone()
        said, digest = connection.execute("SELECT content, digest FROM people_personstatement").fetchone()
        taken = connection.execute("SELECT digest, content FROM visits_siteevent").fetchone()
        waiting = connection.execute("SELECT kind, made_at::text, digest FROM visits_quarantinedevent").fetchone()
        refusing = connection.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%%append_only' AND tgenabled <> 'O'"
        )
        assert refusing.fetchone() == (0,)
    assert encryption.decrypt(insurance, purpose="insurance_number").decode() == INSURANCE
    assert (numbers.opened(value), hashed) == (NUMBER, numbers.look_up(NUMBER))
    assert NUMBER.encode() in encryption.decrypt(said, purpose="statement")
    assert len(digest.partition(".")[2]) == 64
    assert taken[0] == waiting[2] == encryption.digests("as sent")[0]
    assert NUMBER.encode() in encryption.decrypt(taken[1], purpose="site_event")
    assert waiting[:2] == ("checked_in", "2021-09-16 01:00:00+00")
