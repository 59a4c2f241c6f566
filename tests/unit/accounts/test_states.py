"""How an account stands: the first line of the table that holds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.station import account_of
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.states import Standing, condition, standing

TODAY = date(2022, 5, 14)
DAY = timedelta(days=1)
SUSPENDED = datetime(2022, 5, 1, tzinfo=UTC)

# what the row says → how it stands on 14/05/2022
TABLE: list[tuple[dict[str, Any], Standing]] = [
    ({}, Standing.ACTIVE),
    ({"password": "!x"}, Standing.WAITING),
    ({"expires_on": TODAY}, Standing.ACTIVE),
    ({"expires_on": TODAY - DAY}, Standing.EXPIRED),
    ({"closed_on": TODAY + DAY}, Standing.ACTIVE),
    ({"closed_on": TODAY}, Standing.CLOSED),
    ({"suspended_at": SUSPENDED}, Standing.SUSPENDED),
    ({"away_from": TODAY}, Standing.AWAY),
    ({"away_from": TODAY + DAY}, Standing.ACTIVE),
    ({"away_from": TODAY - DAY, "away_until": TODAY}, Standing.AWAY),
    ({"away_from": TODAY - 2 * DAY, "away_until": TODAY - DAY}, Standing.ACTIVE),
    ({"password": "!x", "away_from": TODAY}, Standing.AWAY),
    ({"suspended_at": SUSPENDED, "away_from": TODAY}, Standing.SUSPENDED),
    ({"suspended_at": SUSPENDED, "expires_on": TODAY - DAY}, Standing.EXPIRED),
    ({"expires_on": TODAY - DAY, "closed_on": TODAY}, Standing.CLOSED),
]


@pytest.mark.parametrize(("facts", "expected"), TABLE)
def test_an_account_stands_as_its_facts_say(facts: dict[str, Any], expected: Standing) -> None:
    assert standing(Account(**{"password": "md5$x"} | facts), TODAY) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("facts", "expected"), TABLE)
def test_a_query_finds_it_under_that_standing_and_no_other(facts: dict[str, Any], expected: Standing) -> None:
    account = account_of(Role.MINISTRY)
    Account.objects.filter(id=account.id).update(**facts)
    found = {one for one in Standing if Account.objects.filter(condition(one, TODAY), id=account.id).exists()}
    assert found == {expected}
