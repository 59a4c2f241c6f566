"""The address of a caller: by the connection, and behind proxies of ours by what the outermost of them wrote."""

from typing import Any

import pytest
from django.test import RequestFactory

from tiemchung.ground.addresses import UNKNOWN, address_of, network_of


def asked(peer: str, forwarded: str | None = None) -> Any:
    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    return RequestFactory(headers=headers).get("/", REMOTE_ADDR=peer)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "10.0.0.1"),  # nobody is believed
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),  # the client wrote the first
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # did not come through our proxies
        (1, "<script>", UNKNOWN),
        (1, None, "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(proxies: int, forwarded: str | None, address: str, settings: Any) -> None:
    settings.PROXIES = proxies
    assert address_of(asked("10.0.0.1", forwarded)) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"), ("::1", "::")],
)
def test_one_ipv6_customer_is_one_caller(address: str, network: str) -> None:
    assert network_of(address) == network


def test_an_ipv4_address_in_ipv6_clothes_is_itself(settings: Any) -> None:
    assert address_of(asked("::ffff:203.0.113.9")) == "203.0.113.9"
