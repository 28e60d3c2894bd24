"""Guard: an address of a source must not lead into the private network of this machine, unless staff allow it.

Server-side request forgery (OWASP Top 10 2021, A10): a public address may redirect to a private one.
"""

import ipaddress
import socket


def is_private(host: str) -> bool:
    """Whether a host is this machine, its network or any address that is not of the public Internet.

    A name is private when one of its addresses is; one that no server knows is not: connecting to it says so better.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(not _is_global(str(entry[4][0])) for entry in found)


def _is_global(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return (mapped or known).is_global and not known.is_multicast
