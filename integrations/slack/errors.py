"""What Slack's error words mean for us (research: slack.md §10). Words we do not know are our own mistake."""

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
        "no_permission access_denied accesslimited ekm_access_denied two_factor_setup_required team_access_not_granted"
    ),
    ErrorClass.CHANNEL: (
        "channel_not_found not_in_channel is_archived is_inactive restricted_action "
        "restricted_action_read_only_channel restricted_action_thread_only_channel "
        "restricted_action_non_threadable_channel"
    ),
    ErrorClass.GONE: (
        "message_not_found cant_update_message cant_delete_message edit_window_closed cannot_reply_to_message "
        "restricted_action_thread_locked thread_locked thread_not_found not_reactable too_many_emoji "
        "too_many_reactions invalid_name not_found file_not_found file_deleted"
    ),
    ErrorClass.SIZE: (
        "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text block_mismatch "
        "metadata_too_large view_too_large too_many_attachments"
    ),
    ErrorClass.MEDIA: (
        "blocked_file_type storage_limit_reached slack_connect_file_upload_sharing_blocked "
        "slack_connect_blocked_file_type"
    ),
    ErrorClass.RECIPIENT: (
        "user_not_in_channel user_not_found user_not_visible cannot_dm_bot user_disabled not_enabled "
        "messages_tab_disabled"
    ),
    ErrorClass.BUG: (
        "invalid_arguments hash_conflict push_limit_reached duplicate_external_id expired_trigger_id "
        "exchanged_trigger_id invalid_trigger_id"
    ),
}
BY_WORD = {word: error_class for error_class, words in _CLASSES.items() for word in words.split()}
# A missing permission closes only what needs it; these methods serve decoration, or files whose words go on
# without them.
COSMETIC = frozenset(
    {
        *("reactions.add", "reactions.remove", "views.publish", "chat.getPermalink"),
        *("files.getUploadURLExternal", "files.completeUploadExternal", "files.info", "files.delete"),
        *("usergroups.users.list", "conversations.members"),
    }
)
# These are about the token itself, whatever it was used for.
TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
_REASONS = {
    "invalid_auth": "Slack does not accept the bot's token",
    "not_authed": "Slack did not see the bot's token",
    "token_revoked": "the bot's Slack token was revoked; install the app again",
    "token_expired": "the bot's Slack token has expired; install the app again",
    "account_inactive": "the Slack app was removed from the workspace; install it again",
    "channel_not_found": "the Slack channel does not exist or Switchboard was not invited to it",
    "not_in_channel": "Switchboard is not a member of the Slack channel; invite it",
    "is_archived": "the Slack channel is archived",
    "is_inactive": "the Slack channel is archived",
    "restricted_action": "an administrator does not let Switchboard post in the Slack channel",
    "restricted_action_read_only_channel": "the Slack channel is read-only for Switchboard",
    "restricted_action_thread_only_channel": "the Slack channel takes no messages of its own, only replies",
    "restricted_action_non_threadable_channel": "the Slack channel allows no threads",
    "missing_scope": "the Slack app lacks a permission; install it again from manifest.yml",
    "message_not_found": "the message is no longer there",
    "thread_not_found": "the thread is no longer there",
    "msg_too_long": "it is too long for Slack",
    "msg_blocks_too_long": "it is too long for Slack",
    "user_not_in_channel": "they are not in the channel",
}


def from_answer(word: str, retry_after: float | None = None, method: str = "") -> ServiceError:
    """Slack's `error` word as our error."""
    error_class = BY_WORD.get(word, ErrorClass.BUG)
    if error_class is ErrorClass.THROTTLED and retry_after is None:
        retry_after = 1.0
    if word == "missing_scope" and method in COSMETIC:
        error_class = ErrorClass.BUG
    return ServiceError(
        error_class, word, _REASONS.get(word, f"Slack said {word}"), service="slack", retry_after=retry_after
    )


def unknown(code: str) -> ServiceError:
    """No usable answer after the request left: it may have been done."""
    return ServiceError(ErrorClass.UNKNOWN, code, "Slack did not confirm the call", service="slack", retry_after=2.0)


def unreachable(code: str) -> ServiceError:
    return ServiceError(ErrorClass.TRANSIENT, code, "Slack cannot be reached", service="slack")
