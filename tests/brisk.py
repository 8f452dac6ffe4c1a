"""Switchboard without the speed limits of Slack and WhatsApp, which would be all that tests and benchmarks measure.

`python -m tests.brisk run` is `switchboard run` in all else.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.domain.pace import Rate, Rates

_LIMITLESS = Rate(timedelta(microseconds=10), 100_000)

BRISK = Rates(
    post=_LIMITLESS,
    update=_LIMITLESS,
    react=_LIMITLESS,
    unreact=_LIMITLESS,
    whisper=_LIMITLESS,
    home=_LIMITLESS,
    customer=_LIMITLESS,
    number=_LIMITLESS,
)


def main() -> None:
    from bot import app, cli

    app.switchboard = partial(app.switchboard, rates=BRISK)
    cli.main()


if __name__ == "__main__":
    main()
