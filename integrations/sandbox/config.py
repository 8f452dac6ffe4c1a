"""What a sandbox is started with: the secrets it shares with the bot, and where the two find each other."""

from __future__ import annotations

from dataclasses import dataclass

ALL_SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "commands",
        "dnd:read",
        "emoji:read",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    bot_url: str = "http://127.0.0.1:8080"
    slack_signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - stands for a secret, opens nothing
    slack_bot_token: str = "xoxb-sandbox"  # noqa: S105
    slack_app_token: str = "xapp-sandbox"  # noqa: S105
    slack_scopes: frozenset[str] = ALL_SCOPES
    slack_events: frozenset[str] = frozenset({"message", "app_home_opened", "reaction_added", "reaction_removed"})
    slack_messages_tab: bool = True  # as the manifest switches it on; without it nobody can be written to
    # Slack waits 0 s, 1 min and 5 min; a test or a demo has no such patience.
    slack_retry_delays: tuple[float, ...] = (0.05, 0.5, 2.0)
    whatsapp_app_secret: str = "sandbox-app-secret"  # noqa: S105
    whatsapp_access_token: str = "sandbox-access-token"  # noqa: S105
    whatsapp_verify_token: str = "sandbox-verify-token"  # noqa: S105
    # Meta repeats for seven days, ever more slowly.
    whatsapp_retry_delays: tuple[float, ...] = (0.1, 0.5, 1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8)
    phone_number_id: str = "200000000000001"
    more_numbers: tuple[str, ...] = ()  # ids of further business numbers, each with chats of its own
    whatsapp_business_account_id: str = "100000000000001"
    display_phone_number: str = "15550001111"
    channel: str = "C0SUPPORT"
    host: str = "127.0.0.1"
    port: int = 0
