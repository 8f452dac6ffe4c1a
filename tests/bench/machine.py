"""The machine we measure on, and who may use which core of it."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Generator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import psutil

Cores = AbstractSet[int]


@dataclass(frozen=True, slots=True)
class Split:
    """The server that is measured gets one core for itself; PostgreSQL, peers and load share the others."""

    server: Cores
    others: Cores


def split() -> Split | None:
    """None where processes cannot be pinned, or there is only one core to share."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    first, *rest = sorted(os.sched_getaffinity(0))
    return Split({first}, set(rest)) if rest else None


@contextlib.contextmanager
def shared(cores: Split | None) -> Generator[Split | None]:
    """For the time of the block nobody has a core for itself: all of them are everybody's."""
    if cores is None:
        yield None
        return
    everything = cores.server | cores.others
    pin(os.getpid(), everything)
    try:
        yield Split(everything, everything)
    finally:
        pin(os.getpid(), cores.others)


def pin(pid: int, cores: Cores) -> None:
    """Every thread of the process: affinity belongs to threads, and later ones inherit it."""
    for thread in psutil.Process(pid).threads():
        with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
            os.sched_setaffinity(thread.id, cores)


def pin_family(pid: int, cores: Cores) -> None:
    """The process and all its children."""
    pin(pid, cores)
    for child in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            pin(child.pid, cores)


def processor_seconds(pid: int) -> float:
    """What the process and its children have used so far; 0 where there is no such process."""
    if not pid:
        return 0.0
    seconds, parent = 0.0, psutil.Process(pid)
    for each in (parent, *parent.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            seconds += times.user + times.system
    return seconds


def facts() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; load average {load}"
    )
