"""Questions to the domain name system, each with an end."""

from typing import cast

import dns.exception
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

_SECONDS = 5.0


class NotAskedError(Exception):
    """No network, no name server, or none that answers: nothing is known."""


def _ask(name: str, kind: str) -> list[object]:
    """The records, none if there are none."""
    try:
        resolver = dns.resolver.Resolver()
        resolver.lifetime = _SECONDS
        return list(resolver.resolve(name, kind, search=False))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NotAskedError(name) from error


def need_network(domain: str) -> None:
    """Raise NotAskedError where name servers know not even the top of the domain: closed networks answer like that."""
    if not _ask(f"{domain.rpartition('.')[2]}.", "NS"):
        raise NotAskedError(domain)


def texts(name: str) -> list[str]:
    """TXT records, each whole."""
    return [b"".join(cast("TXT", found).strings).decode("ascii", "replace") for found in _ask(name, "TXT")]


def mail_servers(name: str) -> list[str]:
    """Hosts that take mail for a domain; [""] if it says that it takes none (RFC 7505)."""
    return [str(cast("MX", found).exchange).rstrip(".") for found in _ask(name, "MX")]


def has_address(name: str) -> bool:
    return bool(_ask(name, "A") or _ask(name, "AAAA"))
