"""Webhooks as nobody would send them, properly signed: none of them may break anything."""
