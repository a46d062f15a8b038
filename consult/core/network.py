"""From how near two requests come: the prefix of a network address (T13)."""

from ipaddress import ip_address, ip_network

_IPV4, _IPV6 = 24, 48  # what one household, mission or attacker is usually given


def prefix(address: str | None) -> str:
    """Return the network of *address*; empty if it is none."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    length = _IPV4 if found.version == 4 else _IPV6  # noqa: PLR2004 - the version is its name
    return str(ip_network(f"{found}/{length}", strict=False))
