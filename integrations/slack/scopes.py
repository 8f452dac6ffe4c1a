"""The scopes the Slack app asks for: those of manifest.yml, which is not installed with the code."""

from __future__ import annotations

REQUIRED = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "reactions:read",
        "reactions:write",
        "usergroups:read",
        "users:read",
    }
)
