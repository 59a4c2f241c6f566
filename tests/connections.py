"""A second connection to the database that a test works on: what somebody else does at the same moment."""

import psycopg
from django.db import connection


def another() -> psycopg.Connection:
    """Of Django's default alias; as a context it commits at its end."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "host", "port", "password") if name in parameters}
    return psycopg.connect(**wanted)
