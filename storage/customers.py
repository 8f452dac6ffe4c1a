"""Customers and the names WhatsApp knows them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.people import NOWHERE, Address, AddressKind, Customer, IdentityChange, is_somebody_else
from bot.domain.text.names import keys_of
from storage.database import connection, fetch
from storage.models import Alias, ConversationRow, CustomerRow
from storage.rows import one, select

_SHOWN = """
SELECT c.*, coalesce(i.masks_numbers, false) AS is_masked
FROM customer c LEFT JOIN inbox i ON i.id = c.inbox_id
WHERE {where} ORDER BY c.id DESC LIMIT {limit}
"""

_KNOWN = "WHERE inbox_id = $1 AND (kind, value) IN (SELECT * FROM unnest($2::text[], $3::text[]))"

_FIRST_WORD = """
SELECT min(m.said_at) AS at FROM message m JOIN conversation v ON v.id = m.conversation_id
WHERE v.customer_id = $1 AND m.author = 'customer'
"""


@dataclass(frozen=True, slots=True)
class Described:
    """A customer as one webhook describes them. `addresses` are in order of trust: BSUID before number."""

    addresses: tuple[Address, ...]
    name: str = ""
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it is. `bereft` is who had their number until now: it would no longer reach them."""

    customer: Customer
    bereft: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """Who an identity change is about, and whom we had taken for somebody else until now."""

    customer: Customer
    other: Customer | None = None
    bereft: int | None = None


def as_customer(row: CustomerRow) -> Customer:
    """Who it is, and nothing to show: only `load` and the lookups know whether staff may see the number."""
    return Customer(
        row.id,
        row.inbox_id,
        row.name,
        row.username,
        row.phone,
        is_masked=True,
        opted_out_at=row.opted_out_at,
        blocked_at=row.blocked_at,
    )


async def load(customer_id: int) -> Customer:
    """The customer, or the one they turned out to be."""
    where = "c.id = coalesce((SELECT merged_into FROM customer WHERE id = $1), $1)"
    return (await shown(where, [customer_id], 1))[0]


async def recognise(inbox_id: int, described: Described) -> Recognised:
    """Find the customer by BSUID first, then number, or make a new one; remember every name they came with.

    Call it in a transaction: two webhooks about one new person must not make two customers.
    """
    await _hold_names(inbox_id, described.addresses)
    aliases = await _known(inbox_id, described.addresses)
    owner = await _owner(aliases, described.addresses)
    row = await _hold(owner) if owner is not None else await CustomerRow.create(inbox_id=inbox_id)
    return await _remember(row, aliases, described)


async def known_as(inbox_id: int, addresses: Sequence[Address]) -> Customer | None:
    """The customer of these names, held until the transaction ends; nobody is made of them."""
    await _hold_names(inbox_id, addresses)
    owner = await _owner(await _known(inbox_id, addresses), addresses)
    return as_customer(await _hold(owner)) if owner is not None else None


async def changed(inbox_id: int, change: IdentityChange) -> Changed | None:
    """Follow somebody from their former names to their new ones, with whomever the new names already were.

    None when WhatsApp told of nobody we can know. The caller decides what becomes of the other.
    """
    await _hold_names(inbox_id, (*change.before, *change.after))
    aliases = await _known(inbox_id, (*change.before, *change.after))
    former = await _owner({each: aliases[each] for each in change.before if each in aliases}, change.before)
    latter = await _same_person(aliases, change)
    owner = former if former is not None else latter
    if owner is None and not any(each.kind is AddressKind.BSUID for each in change.before):
        return None
    both = sorted({each for each in (owner, latter) if each is not None})
    held = {each: await _hold(each) for each in both}  # in one order: two changes never wait crosswise
    row = held[owner] if owner is not None else await CustomerRow.create(inbox_id=inbox_id)
    other = held[latter] if latter is not None else row
    # A former number that nobody had here is not learned: by now it may have been given to somebody else.
    names = [each for each in change.before if each.kind is AddressKind.BSUID] + list(change.after)
    free = tuple(each for each in names if each not in aliases or aliases[each].customer_id != other.id)
    found = await _remember(row, aliases, Described(free if other.id != row.id else tuple(names)))
    return Changed(found.customer, as_customer(other) if other.id != row.id else None, found.bereft)


async def set_opted_out(customer_id: int, at: datetime | None) -> None:
    await CustomerRow.filter(id=customer_id).update(opted_out_at=at)


async def find(inbox_ids: Sequence[int], kind: AddressKind, values: Sequence[str]) -> list[Customer]:
    where = "c.id IN (SELECT customer_id FROM alias WHERE inbox_id = ANY($1::int[]) AND kind = $2 AND value = ANY($3))"
    return await shown(where, [list(inbox_ids), kind, list(values)], 100)


async def shown(where: str, values: list[object], limit: int) -> list[Customer]:
    """Customers as staff of their inbox may see them."""
    rows: list[dict[str, Any]] = await connection().execute_query_dict(_SHOWN.format(where=where, limit=limit), values)
    traits = ("id", "inbox_id", "name", "username", "phone", "is_masked", "opted_out_at", "blocked_at")
    return [Customer(*(row[each] for each in traits)) for row in rows]


async def _hold_names(inbox_id: int, addresses: Sequence[Address]) -> None:
    """Whoever else comes with one of these names waits. Always in one order, so that two never wait crosswise."""
    names = sorted({f"customer:{inbox_id}:{address.value}" for address in addresses})
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest($1::text[]) AS name", names)


async def _hold(customer_id: int) -> CustomerRow:
    """The row, or that of the person they turned out to be: neither can become somebody else before we are done."""
    row = await one(CustomerRow, "WHERE id = $1 FOR UPDATE", customer_id)
    return row if row.merged_into is None else await _hold(row.merged_into)


async def _known(inbox_id: int, addresses: Sequence[Address]) -> dict[Address, Alias]:
    rows = await select(Alias, _KNOWN, inbox_id, [each.kind for each in addresses], [each.value for each in addresses])
    known = {Address(row.kind, row.value): row for row in rows}
    return {address: known[address] for address in addresses if address in known}


async def _owner(aliases: dict[Address, Alias], addresses: Sequence[Address]) -> int | None:
    """A number whose customer already has another BSUID may have been given to somebody else: it decides nothing."""
    new_bsuid = any(a.kind is AddressKind.BSUID and a not in aliases for a in addresses)
    for address, alias in aliases.items():
        if address.kind is AddressKind.PARENT_BSUID:
            continue
        may_have_moved_on = address.kind is AddressKind.WA_ID and new_bsuid
        if may_have_moved_on and await _bsuid(alias.customer_id):
            continue
        return alias.customer_id
    return None


async def _same_person(aliases: dict[Address, Alias], change: IdentityChange) -> int | None:
    """Whom the new names belong to already, if that can only be the one who changed: their BSUID is certain."""
    new_bsuid = any(each.kind is AddressKind.BSUID for each in change.after)
    for address in change.after:
        alias = aliases.get(address)
        if alias is None or address.kind is AddressKind.PARENT_BSUID:
            continue
        if address.kind is AddressKind.BSUID:
            return alias.customer_id
        if new_bsuid and await _bsuid(alias.customer_id):
            return None  # theirs is another one
        if change.at is None or not is_somebody_else(await _first_word(alias.customer_id), change.at):
            return alias.customer_id
    return None


async def _first_word(customer_id: int) -> Any:
    return (await connection().execute_query_dict(_FIRST_WORD, [customer_id]))[0]["at"]


async def _bsuid(customer_id: int) -> Address | None:
    alias = await Alias.filter(customer_id=customer_id, kind=AddressKind.BSUID).order_by("-id").first()
    return Address(alias.kind, alias.value) if alias else None


async def _remember(row: CustomerRow, aliases: dict[Address, Alias], described: Described) -> Recognised:
    bereft = None
    for address in described.addresses:
        alias = aliases.get(address)
        if alias is None:
            await Alias.create(inbox_id=row.inbox_id, customer_id=row.id, kind=address.kind, value=address.value)
        elif alias.customer_id != row.id:  # the number has a new owner
            await Alias.filter(id=alias.id).update(customer_id=row.id)
            if address.kind is AddressKind.WA_ID:
                bereft = alias.customer_id
                await _take_number(bereft, address)
    # A number they have changed since must not come back with a message that is late: conversations know what is newer.
    numbers = (each.value for each in reversed(described.addresses) if each.kind is AddressKind.WA_ID)
    phone = row.phone or next(numbers, row.phone)
    fresh = (described.name or row.name, described.username or row.username, phone)
    if fresh != (row.name, row.username, row.phone):
        row.name, row.username, row.phone = fresh
        row.sought = keys_of(row.name, row.username)
        await row.save(update_fields=["name", "username", "phone", "sought"])
    return Recognised(as_customer(row), bereft)


async def _take_number(customer_id: int, number: Address) -> None:
    """What is written to a former owner must never reach the new one: it goes to their BSUID, or nowhere."""
    await CustomerRow.filter(id=customer_id, phone=number.value).update(phone=None)
    instead = await _bsuid(customer_id) or NOWHERE
    await ConversationRow.filter(customer_id=customer_id, reply_kind=number.kind, reply_value=number.value).update(
        reply_kind=instead.kind, reply_value=instead.value
    )
