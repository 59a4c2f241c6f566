"""A postgresql:// address as Django's settings."""

from typing import Any

import pytest

from tiemchung.ground.database_url import django_database
from tiemchung.ground.environment import UnreadableSettingError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://y%20t%E1%BA%BF:m%40t@db.example:5433/tiemchung",
            {"NAME": "tiemchung", "USER": "y tế", "PASSWORD": "m@t", "HOST": "db.example", "PORT": "5433"},
        ),
        ("postgresql:///tiemchung", {"NAME": "tiemchung", "USER": "", "HOST": "", "PORT": ""}),
        (
            "postgresql:///tiemchung?host=/run/pg&port=6000&user=me&sslmode=require",
            {
                "USER": "me",
                "HOST": "/run/pg",
                "PORT": "6000",
                "OPTIONS": {"sslmode": "require", "prepare_threshold": 5},
            },
        ),
    ],
)
def test_an_address_is_taken_apart(url: str, expected: dict[str, Any]) -> None:
    assert expected.items() <= django_database(url).items()


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://root@localhost/x", "tiemchung", ""])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(UnreadableSettingError, match=r"DATABASE_URL cannot be read\. Give a postgresql://"):
        django_database(url)
