"""Files of strangers are read by a program of its own: it takes a core of nobody else, and is stopped when it hangs."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from storage.pdf_text import UnreadableError

# Whoever wrote the file shall find none of our secrets in the environment of what reads it.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


async def read_apart(module: str, content: bytes, seconds: float, *arguments: str) -> bytes:
    """What the module prints about the content; raises `UnreadableError`."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    reader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=kept | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    try:
        async with asyncio.timeout(seconds):
            told, _ = await reader.communicate(content)
    except TimeoutError:
        raise UnreadableError(f"could not be read within {seconds:g} seconds") from None
    finally:
        if reader.returncode is None:
            reader.kill()
            await reader.wait()
    if reader.returncode:
        raise UnreadableError("cannot be read (its reader broke down)")
    return told
