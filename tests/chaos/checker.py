"""Compares what each side said with what each side got.

Said and got:

- *Customer to people or AI.* Every message of a customer for which the bot answered 200 must have been read by an
  answer of the AI that reached the customer's phone, or be seen by people: in a thread, under the customer's name, or
  in a transcript. Else it is **lost**. Standing in threads twice under the customer's name, it is **doubled**.
- *Staff to customer.* Every plain reply must be on the customer's phone once. Not there, it must be **failed and
  shown** (a line with *Retry* in its thread quotes it), or **held and shown** (a mark on it, because its author did
  not have the conversation at that moment); else it is **lost**. A note on a phone is a **leak**.
- *AI to customer.* No answer of the model is on a phone twice, unless the model gave it twice and stood by it.
- *Switchboard to customer.* One acknowledgement per escalation: fewer are lost, unless a line with Retry says so.

**Reordered**: B stands before A, though A had been answered with 200 before B was brought for the first time. Where
the two overlapped on the way nobody can say which was first. What staff sent again by hand is left out.

**Doubled** on a phone: twice there, though a status of the first one had been answered with 200 a second before the
second was asked of WhatsApp, so that its trace was there to be found, or so soon after the first that no trace could
have come. Without that it is **unknowable**, and counted apart; so is a reply of which the thread says that it may or
may not have arrived.

**AI after takeover**: a request to send an answer of the model reached WhatsApp after a Take had been answered with
200 and before the press that ended the escalation had begun. The people and the stand-ins share one event loop: where
that was late at this moment, by what it was late is allowed for.

With `--model wild`, **cases** are the words of customers at which the model misbehaved: each must have been read by an
answer in earnest that reached the phone (*answered*), or be seen by people (*escalated*); else it is **lost**. What the
model did not say in earnest (half an answer, a book, a promise) and is on a phone all the same is a **misdeed**.

Besides: no trace (Slack `metadata`) stands on two posts, cards show the status that the database has, and the only
tasks given up are sends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from tests.chaos.evidence import Evidence, Received, Thread
from tests.chaos.ledger import AI_TOKEN, CUSTOMER_TOKEN, STAFF_TOKEN, Ledger, Spoken
from tests.chaos.wild import Cases, tally

TRACE_READ_WITHIN = 1.0
GRACE_SECONDS = 2.0  # what SEND_GRACE_SECONDS is in the storm
_TOO_SOON = GRACE_SECONDS / 2  # it counts from the doubt, and a slow WhatsApp may take a message after that
_TRANSCRIPT = "*The conversation so far*"
_HELD = frozenset({"hourglass", "lock"})
_DOUBT, _TWICE = "may or may not have reached", "Sent twice"
_ENDINGS = ("return_to_bot", "close")


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise broken. `about` is the token to follow through the timeline."""

    kind: str
    about: str
    why: str


@dataclass(slots=True)
class Way:
    """One direction of the relay, counted."""

    name: str
    sent: int = 0
    got: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    held: int = 0
    failed: int = 0
    unknowable: int = 0
    latencies: list[float] = field(default_factory=list[float])


@dataclass(slots=True)
class Verdict:
    ways: list[Way]
    violations: list[Violation]
    ai_after_takeover: int
    takeovers: int
    cases: list[Cases] = field(default_factory=list[Cases])

    @property
    def holds(self) -> bool:
        return not self.violations


def judge(ledger: Ledger, evidence: Evidence) -> Verdict:
    judgement = _Judgement(ledger, evidence)
    ways = [judgement.customers(), judgement.staff(), judgement.ai(), judgement.switchboard()]
    takeovers, late = judgement.takeovers()
    judgement.threads_are_true()
    return Verdict(ways, judgement.violations, late, takeovers, judgement.cases())


class _Judgement:
    def __init__(self, ledger: Ledger, evidence: Evidence) -> None:
        self.ledger = ledger
        self.evidence = evidence
        self.violations: list[Violation] = []
        self.on_phone: dict[str, list[Received]] = defaultdict(list)
        for each in evidence.phones:
            self.on_phone[each.text].append(each)

    def _broken(self, kind: str, about: str, why: str) -> int:
        self.violations.append(Violation(kind, about, why))
        return 1

    def customers(self) -> Way:
        way = Way("customer → people or AI")
        mirrored = self._mirrored()
        known = mirrored.keys() | self._in_transcripts() | self._read_by_ai()
        for token, spoken in self.ledger.said.items():
            if not CUSTOMER_TOKEN.fullmatch(token):
                continue
            way.sent += 1
            way.got += token in known
            if spoken.taken is None:
                way.lost += self._broken("never taken", token, "the bot never answered 200")
            elif token not in known:
                read = [answer for answer, tokens in self.ledger.answers.items() if token in tokens]
                why = (
                    f"in no thread; answers of the AI that had read it and did not arrive: {', '.join(read) or 'none'}"
                )
                way.lost += self._broken("lost", token, why)
            if len(places := mirrored.get(token, [])) > 1:
                way.doubled += self._broken("doubled", token, f"in threads {len(places)} times")
            way.latencies += [at - (spoken.tried or at) for at in places[:1]]
        for thread in self.evidence.threads:
            order = [token for post in thread.replies if _is_mirror(thread, post.by) for token in _said_in(post.text)]
            way.reordered += self._count_reordered(order)
        return way

    def staff(self) -> Way:
        way = Way("staff → customer")
        failed, doubtful, marks = self._told_in_threads()
        for token, spoken in self.ledger.said.items():
            if not STAFF_TOKEN.fullmatch(token):
                continue
            copies = [each for each in self.on_phone[token] if each.customer == spoken.customer]
            if len(copies) != len(self.on_phone[token]):
                self._broken("wrong phone", token, "on the phone of somebody else")
            if spoken.is_note:
                if copies:
                    self._broken("leak", token, "a note reached the customer")
                continue
            way.sent += 1
            if copies:
                way.got += 1
                way.latencies.append(copies[0].at - float(spoken.ts or copies[0].at))
            elif token in doubtful:
                way.unknowable += 1
            elif token in failed:
                way.failed += 1
            elif marks.get(spoken.ts, frozenset()) & _HELD:
                way.held += 1
            else:
                way.lost += self._broken("lost", token, "not on the phone, and the thread does not say so")
            self._count_copies(way, token, copies, is_shown=token in doubtful or token in self.ledger.retried)
        for texts in self._by_phone().values():
            order = [each for each in texts if STAFF_TOKEN.fullmatch(each) and each not in self.ledger.retried]
            way.reordered += self._count_reordered(order)
        return way

    def ai(self) -> Way:
        way = Way("AI → customer")
        answers = [text for text in self.on_phone if AI_TOKEN.match(text)]
        way.sent = way.got = len(answers)
        for text in answers:
            if text not in self.ledger.answers:
                self._broken("misdeed", text[:200], "no answer in earnest, and on a phone all the same")
            if len(self.on_phone[text]) > self.evidence.said_again.get(text, 1):
                self._count_copies(way, text, self.on_phone[text], is_shown=True)
        for texts in self._by_phone().values():
            numbers = [int(found[2]) for text in dict.fromkeys(texts) if (found := AI_TOKEN.match(text))]
            for before, after in pairwise(numbers):
                if after < before:
                    way.reordered += self._broken("reordered", f"ai/{before}", f"answer {before} came before {after}")
        return way

    def switchboard(self) -> Way:
        way = Way("Switchboard → customer")
        wanted = Counter(each.customer for each in self.evidence.escalations)
        got: dict[str, list[Received]] = defaultdict(list)
        for each in self.evidence.phones:
            if not AI_TOKEN.search(each.text) and not STAFF_TOKEN.search(each.text):
                got[each.customer].append(each)
        failed = Counter(
            thread.customer for thread in self.evidence.threads for post in thread.replies if _failed_ack(post.text)
        )
        for who, many in wanted.items():
            way.sent += many
            way.got += min(many, len(got[who]))
            missing = many - len(got[who])
            way.failed += max(0, min(missing, failed[who]))
            if missing > failed[who]:
                way.lost += self._broken("lost", who, f"{many} acknowledgements were due, {len(got[who])} came")
            if missing < 0:
                way.unknowable += -missing
        return way

    def takeovers(self) -> tuple[int, int]:
        """How many, and how many answers of the AI came after one."""
        taken = self._takeovers()
        late = 0
        for arrival in self.ledger.arrivals:
            found = AI_TOKEN.match(arrival.text)
            for began, ended in taken.get(found[1], []) if found else []:
                if began + self.ledger.lateness(arrival.at) < arrival.at < ended:
                    why = f"asked of WhatsApp {arrival.at - began:.3f} s after the Take was answered"
                    late += self._broken("AI after takeover", arrival.text, why)
        return sum(map(len, taken.values())), late

    def cases(self) -> list[Cases]:
        """What became of each word at which the model misbehaved; who was lost is among the violations already."""
        broken = [each.about for each in self.violations if each.kind == "AI after takeover"]
        late = {found[1] for each in broken if (found := AI_TOKEN.match(each))}
        seen = self._mirrored().keys() | self._in_transcripts()
        return tally(self.ledger.cases, self._read_by_ai(), seen, late)

    def threads_are_true(self) -> None:
        traces = Counter(post.trace for post in self.evidence.posts if post.trace)
        for post in self.evidence.posts:
            if traces[post.trace] > 1:
                self._broken("doubled", post.ts, f"the trace {post.trace} stands on {traces[post.trace]} posts")
        shown = {thread.card.ts: thread.state for thread in self.evidence.threads}
        for each in self.evidence.escalations:
            if shown.get(each.card) != each.status:
                state = shown.get(each.card, "nothing")
                self._broken("untrue", each.customer, f"the card says {state}, the escalation is {each.status}")
        for each in self.evidence.dead:
            if not each.startswith("whatsapp.send"):
                self._broken("given up", each.split()[0], each)

    def _takeovers(self) -> dict[str, list[tuple[float, float]]]:
        taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for thread in self.evidence.threads:
            presses = [each for each in self.ledger.presses if each.card == thread.card.ts]
            began = min((each.answered for each in presses if each.action == "take" and each.answered), default=inf)
            endings = [each.begun for each in presses if each.action in _ENDINGS and each.by == thread.ended_by]
            ended = min(endings, default=inf)
            if began < ended:
                taken[thread.customer].append((began, ended))
        return taken

    def _mirrored(self) -> dict[str, list[float]]:
        places: dict[str, list[float]] = defaultdict(list)
        for thread in self.evidence.threads:
            for post in thread.replies:
                if _is_mirror(thread, post.by):
                    for token in _said_in(post.text):
                        places[token].append(post.at)
        return places

    def _in_transcripts(self) -> set[str]:
        posts = [post for post in self.evidence.posts if post.text.startswith(_TRANSCRIPT)]
        return {token for post in posts for token in _said_in(post.text)}

    def _read_by_ai(self) -> set[str]:
        return {token for text in self.on_phone for token in self.ledger.answers.get(text, ())}

    def _told_in_threads(self) -> tuple[set[str], set[str], dict[str, frozenset[str]]]:
        """Replies reported as failed, those reported as in doubt, and the marks on each."""
        failed: set[str] = set()
        doubtful: set[str] = set()
        marks: dict[str, frozenset[str]] = {}
        for post in self.evidence.posts:
            marks[post.ts] = post.reactions
            if _DOUBT in post.text or _TWICE in post.text:
                doubtful.update(STAFF_TOKEN.findall(post.text))
            elif post.can_retry:
                failed.update(STAFF_TOKEN.findall(post.text))
        return failed, doubtful, marks

    def _by_phone(self) -> dict[str, list[str]]:
        texts: dict[str, list[str]] = defaultdict(list)
        for each in self.evidence.phones:
            texts[each.customer].append(each.text)
        return texts

    def _count_copies(self, way: Way, token: str, copies: Sequence[Received], *, is_shown: bool) -> None:
        asked = sorted(each.at for each in self.ledger.arrivals if each.text == token)
        for first, again in pairwise(copies):
            trace = self.ledger.traces.get(first.wamid, inf)
            came = max((at for at in asked if at <= again.at), default=again.at)
            if token in self.ledger.retried:
                way.unknowable += 1  # a person chose to send it again
            elif trace + TRACE_READ_WITHIN < came:
                way.doubled += self._broken("doubled", token, "on the phone twice, though its trace was there")
            elif came - first.at < _TOO_SOON:
                way.doubled += self._broken("doubled", token, f"sent again {came - first.at:.2f} s after it arrived")
            else:
                way.unknowable += 1
                if not is_shown:
                    self._broken("unknowable and not shown", token, "on the phone twice, and the thread is silent")

    def _count_reordered(self, order: Iterable[str]) -> int:
        """Each one against the latest-brought of those that stand before it."""
        count = 0
        latest: Spoken | None = None
        for token in dict.fromkeys(order):
            spoken = self.ledger.said[token]
            if latest is not None and spoken.was_certainly_before(latest):
                count += self._broken("reordered", token, f"stands after {latest.token}, which came later")
            if latest is None or (spoken.tried or 0) > (latest.tried or 0):
                latest = spoken
        return count


def _is_mirror(thread: Thread, by: str) -> bool:
    return by == f"Customer {thread.customer}"


def _said_in(text: str) -> list[str]:
    return CUSTOMER_TOKEN.findall(text)


def _failed_ack(text: str) -> bool:
    return ("Not delivered" in text or _DOUBT in text) and not STAFF_TOKEN.search(text)
