"""Networks and the addresses in them, as connections and trusted proxies name them."""

from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network


def plain_address(text: str) -> Address | None:
    """None for a text that is none. An IPv4 address within an IPv6 one is meant itself."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


class Networks:
    """`text` has networks with commas between. Addresses of another form are in none of them."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _networks(self) -> list[Network]:
        return [ip_network(network.strip()) for network in self.text.split(",")]

    def __contains__(self, host: object) -> bool:
        address = plain_address(str(host))
        return address is not None and any(address in network for network in self._networks)
