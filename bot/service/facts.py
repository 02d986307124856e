"""What conditions of the flow can ask about a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from bot.store.contacts import Address


def facts(addresses: Sequence[Address], case: Row[Any] | None) -> dict[str, str]:
    """``@phone`` yes, no or hidden; ``@hidden``; ``@case`` none or its status."""
    hidden = bool(addresses) and not any(address.urn.reachable for address in addresses)
    known = any(address.urn.scheme == "tel" for address in addresses)
    return {
        "phone": "yes" if known else "hidden" if hidden else "no",
        "hidden": "yes" if hidden else "no",
        "case": "none" if case is None else str(case.status),
    }
