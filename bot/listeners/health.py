"""For whoever watches over Switchboard: is the process up, can it work, and how is it doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from tortoise.exceptions import BaseORMException

from bot.domain.effects import KINDS
from bot.domain.escalation import Status
from bot.domain.pauses import SLACK, WHATSAPP
from storage import backlog, database
from storage.backlog import AtDesk, Backlog

_ALONE = {"closed": 0.0, "half-open": 0.5, "open": 1.0}


@dataclass(slots=True)
class Peers:
    """What we last heard of the services. They are reported, and never make us unready."""

    slack: str = "not asked yet"
    slack_socket: str = "not used"


@dataclass(frozen=True, slots=True)
class HealthDoor:
    workers_alive: Callable[[], bool]
    models: Callable[[], Mapping[str, str]]  # the state of each model's breaker, in this process
    knowledge: Callable[[], Mapping[str, object]]  # how far each inbox's pages are indexed, in this process
    peers: Peers
    clock: Callable[[], datetime]

    def register(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)

    async def healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(self, _request: web.Request) -> web.Response:
        measured = await self._backlog()
        ready = measured is not None and self.workers_alive()
        body = {
            "status": "ready" if ready else "not ready",
            "database": "ok" if measured else "unreachable",
            "workers": "ok" if self.workers_alive() else "stopped",
            "slack": self.peers.slack,
            "slack_socket": self.peers.slack_socket,
            "models": dict(self.models()),
            "knowledge": dict(self.knowledge()),
            "paused": {each.side: each.reason for each in measured.paused} if measured else {},
            "tasks_waiting": measured.total if measured else None,
        }
        return web.json_response(body, status=200 if ready else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Two registries: the process's own counts, and what the database says at this moment."""
        now = _Now(await self._backlog(), self.models(), is_working=self.workers_alive())
        body = generate_latest(REGISTRY) + generate_latest(now)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _backlog(self) -> Backlog | None:
        try:
            return await backlog.measure(self.clock())
        except BaseORMException:
            return None
        except Exception as error:
            if database.is_passing_trouble(error):
                return None
            raise


@dataclass(frozen=True, slots=True)
class _Now:
    """Gauges read at the moment somebody asks. Without a database there is nothing to read but that."""

    backlog: Backlog | None
    models: Mapping[str, str]
    is_working: bool

    def collect(self) -> Iterator[Metric]:
        yield _gauge("database_up", "Whether the database answers.", int(self.backlog is not None))
        yield _gauge("workers_up", "Whether this process takes up tasks.", int(self.is_working))
        yield _breakers(self.models)
        if self.backlog is None:
            return
        waiting = GaugeMetricFamily("switchboard_tasks_waiting", "Tasks not done yet.", labels=["kind", "crew"])
        for kind, work in KINDS.items():
            waiting.add_metric([kind, work.crew], self.backlog.waiting.get(kind, 0))
        yield waiting
        paused = GaugeMetricFamily("switchboard_paused", "Whether a way out is blocked.", labels=["side"])
        for side, shut in ({WHATSAPP: 0, SLACK: 0} | {each.side: 1 for each in self.backlog.paused}).items():
            paused.add_metric([side], shut)
        yield paused
        yield from _at_the_desk(self.backlog.desk)
        yield _gauge("tasks_dead", "Tasks that were given up.", self.backlog.dead)
        yield _gauge("lag_seconds", "How long the oldest due task has waited.", self.backlog.lag_seconds)


def _breakers(models: Mapping[str, str]) -> Metric:
    left_alone = GaugeMetricFamily(
        "switchboard_model_left_alone", "How far this process leaves a model alone.", labels=["model"]
    )
    for model, state in models.items():
        left_alone.add_metric([model], _ALONE[state])
    return left_alone


def _at_the_desk(desk: Sequence[AtDesk]) -> Iterator[Metric]:
    standing = GaugeMetricFamily("switchboard_escalations", "Escalations not over.", labels=["inbox", "status"])
    oldest = GaugeMetricFamily("switchboard_queue_seconds", "How long nobody has taken the oldest.", labels=["inbox"])
    for each in desk:
        standing.add_metric([str(each.inbox_id), Status.QUEUED], each.queued)
        standing.add_metric([str(each.inbox_id), Status.OPEN], each.open)
        oldest.add_metric([str(each.inbox_id)], each.oldest_seconds)
    yield standing
    yield oldest


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"switchboard_{name}", meaning, value=value)
