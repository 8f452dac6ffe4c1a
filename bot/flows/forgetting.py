"""A lead has a customer forgotten: from that moment on nobody is called so; then, piece by piece, all of it goes."""

from __future__ import annotations

from bot.domain.erasing import EraseFile, ErasePost, EraseRows, EraseThreads, GiveReceipt, receipt
from bot.domain.escalation import Actor, Close, Refusal, Transition, Why, decide
from bot.domain.rules import InboxRules
from bot.domain.staff_work import WriteToStaff
from bot.flows.redraw import redraw_homes
from storage import conversations, customer_records, customers, erasures, escalations
from storage.erasures import Scope
from storage.tasks import Claim, Unit

NOT_A_LEAD = "Only leads can have a customer forgotten. Ask one of them."


async def staff_forgets(turn: Unit, customer_id: int, actor: Actor, rules: InboxRules) -> int | Refusal:
    """Returns the erasure. An open escalation is closed first; the rest is work that survives whatever happens."""
    if not actor.is_lead or actor.staff_id is None:
        return Refusal(Why.WRONG, NOT_A_LEAD)
    customer = await customers.load(customer_id)
    inbox_id, people = customer.inbox_id, await erasures.hold(customer.id)
    named = await erasures.names(people)
    if not named:
        return Refusal(Why.WRONG, "This customer has been forgotten already.")
    if found := await conversations.of_customer(customer.id):
        conversation = await conversations.lock(found.id)
        await _close(turn, conversation.id, actor)
        await conversations.change_hands(conversation, with_people=True)  # nothing that the AI says leaves from here on
        await conversations.answered(conversation.id, conversation.last_customer_message)
        await customer_records.note(inbox_id, conversation.id, "forget", actor.staff_id, turn.now)
    await erasures.unname(inbox_id, people, named)
    erasure = await erasures.begin(inbox_id, customer.id, actor.staff_id, turn.now)
    turn.cause(EraseRows(inbox_id=inbox_id, erasure_id=erasure, customer_id=customer.id, names=named))
    await redraw_homes(turn, inbox_id, rules)
    return erasure


async def _close(turn: Unit, conversation_id: int, actor: Actor) -> None:
    """Without a line in its thread, which goes too."""
    active = await escalations.active_of(conversation_id)
    if active is None:
        return
    closing = decide(active, Close(confirmed=True), actor, turn.now)
    assert isinstance(closing, Transition)  # an active one can always be closed
    await escalations.save(active, closing, actor.staff_id, turn.now)
    await escalations.set_reminder(active.id, None)


async def rows_erased(turn: Unit, work: EraseRows, claimed: Claim, what: Scope, swept: int) -> None:
    """The rows go, with what they were counted as; what is left to do in Slack is known by place alone."""
    await erasures.erase(what)
    await erasures.count(
        work.erasure_id,
        messages=len(what.messages),
        files=len(what.media),
        notes=what.notes,
        taught=what.taught,
        escalations=len(what.escalations),
        tasks=swept,
    )
    await erasures.blank(claimed.id, {"erasure_id": work.erasure_id, "customer_id": work.customer_id, "names": []})
    turn.cause(
        EraseThreads(
            inbox_id=work.inbox_id,
            erasure_id=work.erasure_id,
            threads=what.threads,
            posts=what.posts,
            files=what.files,
        )
    )


async def threads_read(
    turn: Unit, work: EraseThreads, posts: list[list[str]], files: list[str], *, theirs: int, unread: int
) -> None:
    """Each post and file by itself: a kill in the middle loses no count. `theirs`: what staff wrote."""
    inbox, erasure = work.inbox_id, work.erasure_id
    await erasures.count(erasure, staff_posts=theirs, threads_left=unread)
    each_file = dict.fromkeys([*work.files, *files])
    turn.cause(*(EraseFile(inbox_id=inbox, erasure_id=erasure, file_id=each) for each in each_file))
    for channel, ts in [*work.posts, *posts]:
        turn.cause(ErasePost(inbox_id=inbox, erasure_id=erasure, channel=channel, ts=ts))
    turn.cause(GiveReceipt(inbox_id=inbox, erasure_id=erasure, threads=work.threads))


async def all_erased(turn: Unit, work: GiveReceipt) -> None:
    """The receipt: it names nobody."""
    if lost := await erasures.given_up(work.erasure_id):
        await erasures.count(work.erasure_id, given_up=lost)
    await erasures.end(work.erasure_id, turn.now)
    done = await erasures.load(work.erasure_id)
    text = receipt(done.customer_id, done.asked_by, done.asked_at, turn.now, done.counts)
    turn.cause(WriteToStaff(inbox_id=work.inbox_id, user=done.asked_by, text=text, about=f"forget:{done.id}"))
