"""Visitor: what stands for whoever asks, by the address that a request comes from."""

import hashlib
import ipaddress

from starlette.types import Scope

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def find_visitor(scope: Scope) -> str:
    """What stands for whoever asks: the digest of an address with those in the same hands.

    "" on the machine itself: its own programs, or a proxy that does not tell for whom it asks. Counting these as one
    visitor would close the door to everybody at once.
    """
    network = find_network(_host(scope))
    return hashlib.sha256(network.encode()).hexdigest() if network else ""


def find_asker(scope: Scope) -> str:
    """What stands for whoever asks where turns are taken: the visitor, or each connection of the machine itself."""
    return find_visitor(scope) or "{}:{}".format(*(scope.get("client") or ("", 0)))


def find_network(host: str) -> str:
    """The addresses in the same hands as this one: an IPv6 one has 2**64 neighbours, an IPv4 one is itself, however it
    is written. What is no address stands for itself; "" for the machine itself.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        address = _find_ipv4(address) or address
    if address.is_loopback:
        return ""
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


def _find_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv6 one: of a socket that takes both kinds, of NAT64 or of a tunnel.

    Without it all these visitors would share one network of 2**64, or one of them have 65 536 of them.
    """
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _host(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""
