"""Stand-ins of Slack, WhatsApp and the model, and the page that shows them."""

from __future__ import annotations

from pathlib import Path

SHOP = Path(__file__).parent  # where the demo's business keeps its prompt and its pages
