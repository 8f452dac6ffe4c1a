"""The harness's report: the table, and for each broken promise the story of the message it was broken to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from tests.chaos.checker import Verdict, Violation, Way
from tests.chaos.ledger import Event, Ledger
from tests.chaos.wild import Cases

_STORIES_TOLD = 5
_LINES_OF_A_STORY = 60
_AROUND = 3.0  # seconds before and after, for what concerns everybody


def show(console: Console, verdict: Verdict, ledger: Ledger) -> None:
    console.print(_ways(verdict.ways))
    latencies = Table("relay latency, storm included", "p50", "p95", "p99", "most", title_justify="left")
    for way in verdict.ways:
        if len(way.latencies) > 1:
            latencies.add_row(way.name, *(f"{seconds:.2f} s" for seconds in _percentiles(way.latencies)))
    console.print(latencies)
    console.print(f"AI after takeover: {verdict.ai_after_takeover}, of {verdict.takeovers} takeovers")
    console.print("Done to it: " + ", ".join(f"{many} × {kind}" for kind, many in sorted(ledger.faults.items())))
    if verdict.cases:
        console.print(_cases(verdict.cases))
    for violation in verdict.violations[:_STORIES_TOLD]:
        _tell(console, violation, ledger)
    if more := len(verdict.violations) - _STORIES_TOLD:
        for violation in verdict.violations[_STORIES_TOLD:][: 20 if more > 0 else 0]:
            console.print(f"[red]{violation.kind}[/red] {violation.about}: {violation.why}")


def _ways(ways: Sequence[Way]) -> Table:
    table = Table("", "sent", "got", "lost", "doubled", "reordered", "held", "failed, shown", "unknowable")
    for way in ways:
        counts = (way.sent, way.got, way.lost, way.doubled, way.reordered, way.held, way.failed, way.unknowable)
        table.add_row(way.name, *map(str, counts))
    return table


def _cases(cases: Sequence[Cases]) -> Table:
    table = Table("the model …", "cases", "answered", "escalated", "lost", "AI after takeover")
    for each in (*cases, _all_of(cases)):
        counts = (each.cases, each.answered, each.escalated, each.lost, each.ai_after_takeover)
        table.add_row(each.kind, *map(str, counts))
    return table


def _all_of(cases: Sequence[Cases]) -> Cases:
    return Cases(
        "all of it",
        sum(each.cases for each in cases),
        sum(each.answered for each in cases),
        sum(each.escalated for each in cases),
        sum(each.lost for each in cases),
        sum(each.ai_after_takeover for each in cases),
    )


def _percentiles(latencies: Sequence[float]) -> tuple[float, float, float, float]:
    cuts = quantiles(latencies, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98], max(latencies)


def _tell(console: Console, violation: Violation, ledger: Ledger) -> None:
    console.rule(f"[red]{violation.kind}[/red] {violation.about}: {violation.why}", align="left")
    story = list(_story(violation.about, ledger))
    start = story[0].at if story else 0.0
    for event in story[:_LINES_OF_A_STORY]:
        console.print(f"{event.at - start:9.3f}  {event.about:14}  {event.what}", markup=False)


def _story(about: str, ledger: Ledger) -> Iterable[Event]:
    """Its own events, its customer's presses while it was under way, and what was done to everybody around them."""
    own = [event for event in ledger.events if event.about == about]
    if not own:
        return []
    spoken = ledger.said.get(about)
    customer = spoken.customer if spoken else about.split("/")[1] if about.startswith("ai/") else about
    first, last = own[0].at - _AROUND, own[-1].at + _AROUND
    return [event for event in ledger.events if event.about in (about, customer, "") and first <= event.at <= last]
