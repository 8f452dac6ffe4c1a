"""What Slack's error words mean for us (research: slack.md §10)."""

from __future__ import annotations

from integrations.errors import ErrorClass, ServiceError

_CLASSES: dict[ErrorClass, str] = {
    ErrorClass.THROTTLED: "ratelimited rate_limited message_limit_exceeded",
    ErrorClass.TRANSIENT: (
        "service_unavailable team_added_to_org org_login_required external_channel_migrating update_failed"
    ),
    ErrorClass.UNKNOWN: "fatal_error internal_error request_timeout",
    ErrorClass.AUTH: (
        "invalid_auth not_authed token_revoked token_expired account_inactive missing_scope not_allowed_token_type "
        "no_permission access_denied accesslimited ekm_access_denied two_factor_setup_required "
        "team_access_not_granted restricted_action restricted_action_read_only_channel messages_tab_disabled "
        "channel_not_found not_in_channel is_archived is_inactive"
    ),
    ErrorClass.GONE: (
        "message_not_found cant_update_message edit_window_closed restricted_action_thread_locked "
        "cannot_reply_to_message thread_not_found"
    ),
    ErrorClass.RECIPIENT: "user_not_in_channel user_not_found user_not_visible cannot_dm_bot user_disabled not_enabled",
}
_BY_WORD = {word: error_class for error_class, words in _CLASSES.items() for word in words.split()}
_REASONS = {
    "channel_not_found": "the Slack channel does not exist or Switchboard was not invited to it",
    "not_in_channel": "Switchboard is not a member of the Slack channel; invite it",
    "is_archived": "the Slack channel is archived",
    "missing_scope": "the Slack app lacks a permission; install it again from manifest.yml",
}


def from_answer(word: str, retry_after: float | None = None) -> ServiceError:
    """Slack's `error` word as our error; words we do not know are our own mistake."""
    error_class = _BY_WORD.get(word, ErrorClass.BUG)
    if error_class is ErrorClass.THROTTLED and retry_after is None:
        retry_after = 1.0
    return ServiceError(
        error_class, word, _REASONS.get(word, f"Slack said {word}"), service="slack", retry_after=retry_after
    )


def unknown(code: str) -> ServiceError:
    """No usable answer after the request left: it may have been done."""
    return ServiceError(ErrorClass.UNKNOWN, code, "Slack did not confirm the call", service="slack", retry_after=2.0)


def unreachable(code: str) -> ServiceError:
    return ServiceError(ErrorClass.TRANSIENT, code, "Slack cannot be reached", service="slack")
