"""Customers and the names WhatsApp knows them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.people import Address, AddressKind, Customer
from storage.database import connection
from storage.models import Alias, CustomerRow


@dataclass(frozen=True, slots=True)
class Described:
    """A customer as one webhook describes them. `addresses` are in order of trust: BSUID before number."""

    addresses: tuple[Address, ...]
    name: str = ""
    username: str | None = None


def as_customer(row: CustomerRow) -> Customer:
    return Customer(row.id, row.inbox_id, row.name, row.username, row.phone)


async def load(customer_id: int) -> Customer:
    return as_customer(await CustomerRow.get(id=customer_id))


async def recognise(inbox_id: int, described: Described) -> Customer:
    """Find the customer by BSUID first, then number, or make a new one; remember every name they came with.

    Call it in a transaction: two webhooks about one new person must not make two customers.
    """
    for value in sorted(address.value for address in described.addresses):
        await connection().execute_query(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [f"customer:{inbox_id}:{value}"]
        )
    aliases = await _known(inbox_id, described.addresses)
    row = await _owner(aliases, described.addresses)
    if row is None:
        row = await CustomerRow.create(inbox_id=inbox_id)
    await _remember(row, aliases, described)
    return as_customer(row)


async def find(inbox_id: int, kind: AddressKind, values: Sequence[str]) -> list[Customer]:
    ids = await Alias.filter(inbox_id=inbox_id, kind=kind, value__in=list(values)).values_list("customer_id", flat=True)
    return [as_customer(row) for row in await CustomerRow.filter(id__in=list(ids))]


async def find_by_name(inbox_id: int, name: str, limit: int = 6) -> list[Customer]:
    """Customers whose username is this, else whose name contains it."""
    exact = await CustomerRow.filter(inbox_id=inbox_id, username__iexact=name.lstrip("@")).limit(limit)
    rows = exact or await CustomerRow.filter(inbox_id=inbox_id, name__icontains=name).order_by("-id").limit(limit)
    return [as_customer(row) for row in rows]


async def _known(inbox_id: int, addresses: Sequence[Address]) -> dict[Address, Alias]:
    rows = await Alias.filter(inbox_id=inbox_id, value__in=[address.value for address in addresses])
    known = {Address(row.kind, row.value): row for row in rows}
    return {address: known[address] for address in addresses if address in known}


async def _owner(aliases: dict[Address, Alias], addresses: Sequence[Address]) -> CustomerRow | None:
    """A number whose customer already has another BSUID may have been given to somebody else: it decides nothing."""
    new_bsuid = any(a.kind is AddressKind.BSUID and a not in aliases for a in addresses)
    for address, alias in aliases.items():
        may_have_moved_on = address.kind is AddressKind.WA_ID and new_bsuid
        if may_have_moved_on and await Alias.exists(customer_id=alias.customer_id, kind=AddressKind.BSUID):
            continue
        return await CustomerRow.get(id=alias.customer_id)
    return None


async def _remember(row: CustomerRow, aliases: dict[Address, Alias], described: Described) -> None:
    for address in described.addresses:
        alias = aliases.get(address)
        if alias is None:
            await Alias.create(inbox_id=row.inbox_id, customer_id=row.id, kind=address.kind, value=address.value)
        elif alias.customer_id != row.id:  # the number has a new owner
            await Alias.filter(id=alias.id).update(customer_id=row.id)
    phone = next((a.value for a in described.addresses if a.kind is AddressKind.WA_ID), row.phone)
    fresh = (described.name or row.name, described.username or row.username, phone)
    if fresh != (row.name, row.username, row.phone):
        row.name, row.username, row.phone = fresh
        await row.save(update_fields=["name", "username", "phone"])
