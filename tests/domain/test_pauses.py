"""How often a blocked side is tried: soon at first, then ever less often, and never less than every five minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pauses import FIRST_PROBE, LONGEST_PROBE, SLACK, WHATSAPP, Pause, channel_side, probe_after
from bot.domain.window import window_end

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_probes_back_off_from_seconds_to_minutes() -> None:
    waits = [probe_after(failures) for failures in range(1, 30)]
    assert waits[0] == FIRST_PROBE
    assert waits[-1] == LONGEST_PROBE
    assert all(later == min(2 * sooner, LONGEST_PROBE) for sooner, later in pairwise(waits))


def test_staff_read_what_does_not_happen() -> None:
    def what(side: str) -> str:
        return Pause(1, side, "", NOW, NOW).what

    assert (what(WHATSAPP), what(SLACK)) == ("Sending to WhatsApp", "Posting to Slack")
    assert what(channel_side("C0SUPPORT")) == "Posting to <#C0SUPPORT>"


@given(
    st.none() | st.timedeltas(timedelta(0), timedelta(days=2)),
    st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=3)),
)
def test_a_window_ends_after_a_day_or_when_whatsapp_says_so(wrote: timedelta | None, refused: timedelta | None) -> None:
    last = None if wrote is None else NOW + wrote
    said = None if refused is None else NOW + refused
    end = window_end(last, said)
    if last is None:
        assert end is None
    elif said is None or said <= last:  # the customer wrote since
        assert end == last + timedelta(hours=24)
    else:
        assert end == min(said, last + timedelta(hours=24))
