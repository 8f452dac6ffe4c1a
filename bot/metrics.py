"""What Switchboard counts and measures for Prometheus, on one screen; the README says what each one means."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram

from integrations.errors import ServiceError
from storage.database import is_passing_trouble

_MODELS_TAKE = (0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_MILLISECONDS_TO_MINUTES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

REQUESTS = Counter("switchboard_requests_total", "Requests answered, by path and status.", ["path", "status"])
ANSWERED_IN = Histogram("switchboard_request_seconds", "How long an answer took.", ["path"])

RAN = Counter("switchboard_tasks_total", "Tasks run, by kind and outcome.", ["kind", "outcome"])
TOOK = Histogram("switchboard_task_seconds", "How long a run of a task took.", ["kind"])

SOCKET_UP = Gauge("switchboard_slack_socket_up", "Whether Slack's socket is open; 0 without Socket Mode.")
SOCKET_ENDS = Counter("switchboard_slack_socket_ends_total", "Ends of Slack's socket, announced or broken.", ["how"])

RELAYED_IN = Histogram(
    "switchboard_relay_seconds",
    "From the arrival of what caused a message until the other side's service had taken it.",
    ["direction"],
    buckets=_MILLISECONDS_TO_MINUTES,
)

FAILURES = Counter(
    "switchboard_failures_total", "Failures of calls and tasks, by service and class.", ["service", "class"]
)

MODEL_TOOK = Histogram(
    "switchboard_model_seconds",
    "How long the model took for one completion, its failures included.",
    ["inbox", "purpose", "outcome"],
    buckets=_MODELS_TAKE,
)
TOKENS = Counter(
    "switchboard_model_tokens_total", "Tokens the model read and wrote.", ["inbox", "purpose", "direction"]
)
COST = Counter("switchboard_model_cost_total", "What these tokens cost, by the prices given.", ["inbox", "purpose"])


def relayed(direction: str, since: datetime, now: datetime) -> None:
    RELAYED_IN.labels(direction).observe(max(0.0, (now - since).total_seconds()))


def count_failure(error: Exception) -> None:
    """One failure, under the name of whose it was."""
    if isinstance(error, ServiceError):
        FAILURES.labels(error.service, error.error_class).inc()
    else:
        FAILURES.labels("switchboard", "database" if is_passing_trouble(error) else "bug").inc()
