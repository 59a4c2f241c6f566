"""What the operator reads when the database does not do what a command asked of it."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, DataError

from tiemchung.cli.database_errors import refusal_of

pytestmark = pytest.mark.django_db


def error_of(statement: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return raised.value


def test_a_table_that_is_not_there_asks_for_migrate():
    refused = refusal_of(error_of("SELECT 1 FROM not_yet_there"))
    assert (refused.code, refused.field) == ("database_not_migrated", "DATABASE_URL")
    assert "Run tiemchung migrate first." in refused.en


def test_a_right_that_is_not_there_asks_for_migrate_as_owner():
    statement = (
        "DO $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'permission denied for table doses_dose'; END $$"
    )
    refused = refusal_of(error_of(statement), "POPULATION_DATABASE_URL")
    assert (refused.code, refused.field) == ("database_not_granted", "POPULATION_DATABASE_URL")
    assert "permission denied for table doses_dose. Run" in refused.en


def test_an_error_of_the_platforms_own_is_left_as_it_is():
    assert refusal_of(error_of("SELECT 1 / 0")) is None
    assert refusal_of(DataError("of nobody")) is None
