"""The checker sees what it says it sees: each promise, broken on paper, is named."""

from __future__ import annotations

from dataclasses import replace

from tests.chaos.checker import Verdict, judge
from tests.chaos.evidence import Escalated, Evidence, Post, Received, Thread
from tests.chaos.ledger import Arrival, Ledger, Press, Spoken
from tests.chaos.wild import Cases

CARD = "1000.000000"
ACKNOWLEDGED = Received(1000, "c1", "A colleague will answer you here.", "wamid.ack")
ESCALATED = Escalated("c1", "open", CARD)


def said(token: str, tried: float, taken: float | None = None, ts: str = "") -> Spoken:
    by = "c1" if token.startswith("c1") else "U0ANA"
    spoken = Spoken(token, by, "c1", tried, tried=tried, taken=taken or tried + 0.01, ts=ts)
    spoken.is_note = token.startswith("n-")
    return spoken


def ledger_of(*spoken: Spoken) -> Ledger:
    ledger = Ledger()
    for each in spoken:
        ledger.says(each)
    return ledger


def mirror(*tokens: str, at: float = 1001.0, trace: str = "") -> Post:
    return Post(at, "\n".join(tokens), by="Customer c1", trace=trace)


def thread(*replies: Post, state: str = "open", ended_by: str = "") -> Thread:
    return Thread(Post(float(CARD), "🟢 Open: Customer c1", trace="1:card", ts=CARD), "c1", state, ended_by, replies)


def evidence(*replies: Post, phones: tuple[Received, ...] = ()) -> Evidence:
    return Evidence(phones=(ACKNOWLEDGED, *phones), threads=(thread(*replies),), escalations=(ESCALATED,))


def on_phone(text: str, at: float = 1002.0, wamid: str = "wamid.1") -> Received:
    return Received(at, "c1", text, wamid)


def kinds(verdict: Verdict) -> list[str]:
    return [each.kind for each in verdict.violations]


def test_a_quiet_day_breaks_no_promise():
    ledger = ledger_of(said("c1-1", 1001), said("s-ana-c1-1", 1002, ts="1002.0"))
    verdict = judge(ledger, evidence(mirror("c1-1"), phones=(on_phone("s-ana-c1-1"),)))
    assert verdict.holds
    assert [(way.sent, way.got) for way in verdict.ways] == [(1, 1), (1, 1), (0, 0), (1, 1)]


def test_a_message_nobody_saw_is_lost():
    assert kinds(judge(ledger_of(said("c1-1", 1001)), evidence())) == ["lost"]


def test_a_message_in_the_transcript_is_seen():
    transcript = Post(1000.5, "*The conversation so far*\nCustomer c1: c1-1")
    assert judge(ledger_of(said("c1-1", 999)), evidence(transcript)).holds


def test_a_message_that_an_answer_had_read_is_answered_only_if_the_answer_arrived():
    ledger = ledger_of(said("c1-1", 1001))
    ledger.answers["ai/c1/1"] = frozenset({"c1-1"})
    assert kinds(judge(ledger, evidence())) == ["lost"]
    assert judge(ledger, evidence(phones=(on_phone("ai/c1/1"),))).holds


def test_a_message_twice_in_threads_is_doubled():
    assert kinds(judge(ledger_of(said("c1-1", 1001)), evidence(mirror("c1-1"), mirror("c1-1")))) == ["doubled"]


def test_one_trace_on_two_posts_is_a_double():
    twice = [mirror("c1-1", trace="7:part0"), Post(1002, "again", trace="7:part0")]
    assert kinds(judge(ledger_of(said("c1-1", 1001)), evidence(*twice))) == ["doubled", "doubled"]


def test_order_counts_only_where_it_was_certain():
    certain = ledger_of(said("c1-1", 1001, 1001.1), said("c1-2", 1001.2))
    assert kinds(judge(certain, evidence(mirror("c1-2", "c1-1")))) == ["reordered"]
    overlapping = ledger_of(said("c1-1", 1001, 1001.3), said("c1-2", 1001.2))
    assert judge(overlapping, evidence(mirror("c1-2", "c1-1"))).holds


def test_a_reply_that_did_not_arrive_must_be_shown():
    ledger = ledger_of(said("s-ana-c1-1", 1002, ts="1002.0"))
    assert kinds(judge(ledger, evidence())) == ["lost"]
    failure = Post(1003, "⚠️ Not delivered. > s-ana-c1-1", can_retry=True)
    failed = judge(ledger, evidence(failure))
    assert failed.holds
    assert failed.ways[1].failed == 1
    doubt = Post(1003, "This message may or may not have reached the customer. > s-ana-c1-1", can_retry=True)
    assert judge(ledger, evidence(doubt)).ways[1].unknowable == 1
    held = judge(ledger, evidence(Post(1002, "s-ana-c1-1", reactions=frozenset({"hourglass"}), ts="1002.0")))
    assert held.holds
    assert held.ways[1].held == 1


def test_a_reply_twice_is_doubled_only_where_the_trace_could_be_found():
    copies = (on_phone("s-ana-c1-1", 1003), on_phone("s-ana-c1-1", 1010, "wamid.2"))
    ledger = ledger_of(said("s-ana-c1-1", 1002, ts="1002.0"))
    ledger.traces["wamid.1"] = 1004
    ledger.arrivals = [Arrival(1003, "s-ana-c1-1"), Arrival(1010, "s-ana-c1-1")]
    assert kinds(judge(ledger, evidence(phones=copies))) == ["doubled"]
    ledger.traces["wamid.1"] = 1011
    assert kinds(judge(ledger, evidence(phones=copies))) == ["unknowable and not shown"]
    honest = judge(ledger, evidence(Post(1012, "👯 *Sent twice*: “s-ana-c1-1”"), phones=copies))
    assert honest.holds
    assert honest.ways[1].unknowable == 1


def test_a_reply_sent_again_before_a_trace_could_come_is_doubled():
    copies = (on_phone("s-ana-c1-1", 1003), on_phone("s-ana-c1-1", 1003.4, "wamid.2"))
    ledger = ledger_of(said("s-ana-c1-1", 1002, ts="1002.0"))
    ledger.arrivals = [Arrival(1003, "s-ana-c1-1"), Arrival(1003.4, "s-ana-c1-1")]
    assert kinds(judge(ledger, evidence(phones=copies))) == ["doubled"]


def test_replies_out_of_order_are_reordered():
    ledger = ledger_of(*(said(f"s-ana-c1-{number}", 1000 + number, ts=f"{1000 + number}.0") for number in (1, 2)))
    phones = (on_phone("s-ana-c1-2"), on_phone("s-ana-c1-1", wamid="wamid.2"))
    assert kinds(judge(ledger, evidence(phones=phones))) == ["reordered"]


def test_a_note_on_a_phone_is_a_leak():
    ledger = ledger_of(said("n-ana-c1-1", 1002, ts="1002.0"))
    assert kinds(judge(ledger, evidence(phones=(on_phone("n-ana-c1-1"),)))) == ["leak"]


def test_a_reply_on_somebody_elses_phone_is_seen():
    ledger = ledger_of(said("s-ana-c1-1", 1002, ts="1002.0"))
    elsewhere = replace(on_phone("s-ana-c1-1"), customer="c2")
    assert "wrong phone" in kinds(judge(ledger, evidence(phones=(elsewhere,))))


def test_the_ai_may_not_ask_whatsapp_for_anything_between_take_and_return():
    ledger = ledger_of()
    ledger.presses = [Press("U0ANA", CARD, "take", 1001, 1001.2), Press("U0ANA", CARD, "close", 1010, 1010.1)]
    taken = replace(evidence(), threads=(thread(state="closed", ended_by="U0ANA"),))
    taken = replace(taken, escalations=(replace(ESCALATED, status="closed"),))
    for at, breaks in ((1001.1, 0), (1001.21, 0), (1001.4, 1), (1009.9, 1), (1010.05, 0)):
        ledger.arrivals = [Arrival(at, "ai/c1/1")]
        assert judge(ledger, taken).ai_after_takeover == breaks, at
    ledger.stalls = [(1001.45, 0.4)]  # our own ears were late
    ledger.arrivals = [Arrival(1001.4, "ai/c1/1")]
    assert judge(ledger, taken).ai_after_takeover == 0


def test_cards_that_lie_missing_acknowledgements_and_tasks_given_up_are_named():
    lying = replace(evidence(), threads=(thread(state="queued"),))
    assert kinds(judge(ledger_of(), lying)) == ["untrue"]
    assert kinds(judge(ledger_of(), replace(evidence(), phones=()))) == ["lost"]
    assert kinds(judge(ledger_of(), replace(evidence(), dead=("slack.mirror {}: KeyError()",)))) == ["given up"]


def test_what_the_model_did_not_say_in_earnest_may_be_on_no_phone():
    ledger = ledger_of(said("c1-1", 1001))
    ledger.answers["ai/c1/1 Two kilograms."] = frozenset({"c1-1"})
    assert judge(ledger, evidence(phones=(on_phone("ai/c1/1 Two kilograms."),))).holds
    promise = on_phone("ai/c1/1 Two kilograms. A colleague will call you.", wamid="wamid.2")
    assert kinds(judge(ledger, evidence(mirror("c1-1"), phones=(promise,)))) == ["misdeed"]


def test_each_misbehaviour_is_told_with_what_became_of_its_cases():
    ledger = ledger_of(said("c1-1", 1001), said("c1-2", 1002), said("c1-3", 1003))
    ledger.answers["ai/c1/1 Two kilograms."] = frozenset({"c1-1"})
    ledger.cases = {"c1-1": "is slow", "c1-2": "is slow", "c1-3": "refuses"}
    verdict = judge(ledger, evidence(mirror("c1-2"), phones=(on_phone("ai/c1/1 Two kilograms."),)))
    assert verdict.cases == [Cases("is slow", 2, 1, 1), Cases("refuses", 1, lost=1)]
    assert kinds(verdict) == ["lost"]
