"""For whoever watches over Switchboard: is the process up, can it work, and how is it doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from tortoise.exceptions import BaseORMException

from storage import database, tasks


@dataclass(slots=True)
class Peers:
    """What we last heard of the services. They are reported, and never make us unready."""

    slack: str = "not asked yet"


@dataclass(frozen=True, slots=True)
class HealthDoor:
    workers_alive: Callable[[], bool]
    peers: Peers
    clock: Callable[[], datetime]

    def register(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)

    async def healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(self, _request: web.Request) -> web.Response:
        depth = await self._depth()
        ready = depth is not None and self.workers_alive()
        body = {
            "status": "ready" if ready else "not ready",
            "database": "ok" if depth else "unreachable",
            "workers": "ok" if self.workers_alive() else "stopped",
            "slack": self.peers.slack,
            "tasks_waiting": depth.waiting if depth else None,
        }
        return web.json_response(body, status=200 if ready else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        depth = await self._depth()
        extra = b"" if depth is None else _exposed(depth)
        return web.Response(body=generate_latest(REGISTRY) + extra, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _depth(self) -> tasks.Depth | None:
        try:
            return await tasks.depth(self.clock())
        except BaseORMException:
            return None
        except Exception as error:
            if database.is_passing_trouble(error):
                return None
            raise


class _Snapshot:
    """Two gauges read from the database at the moment somebody asks."""

    def __init__(self, depth: tasks.Depth) -> None:
        self._depth = depth

    def collect(self) -> list[Metric]:
        return [
            GaugeMetricFamily("switchboard_tasks_waiting", "Tasks not done yet.", value=self._depth.waiting),
            GaugeMetricFamily(
                "switchboard_lag_seconds", "How long the oldest due task has waited.", value=self._depth.oldest_seconds
            ),
        ]


def _exposed(depth: tasks.Depth) -> bytes:
    return generate_latest(_Snapshot(depth))
