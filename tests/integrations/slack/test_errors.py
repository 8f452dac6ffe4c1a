"""Every word of Slack's that we know: what kind of trouble it is, and what becomes of what we wanted to post."""

from __future__ import annotations

import pytest

from integrations.errors import PATIENT, RETRYABLE, ErrorClass
from integrations.slack.errors import BY_WORD, COSMETIC, from_answer

# class, what becomes of it, words
TABLE: list[tuple[ErrorClass, str, str]] = [
    (ErrorClass.UNKNOWN, "is looked for, then tried again", "fatal_error internal_error request_timeout"),
    (ErrorClass.THROTTLED, "waits", "ratelimited rate_limited message_limit_exceeded"),
    (
        ErrorClass.TRANSIENT,
        "is tried again a few times",
        "service_unavailable team_added_to_org org_login_required external_channel_migrating update_failed",
    ),
    (
        ErrorClass.AUTH,
        "waits",
        "invalid_auth not_authed token_revoked token_expired account_inactive missing_scope not_allowed_token_type "
        "no_permission access_denied accesslimited ekm_access_denied two_factor_setup_required "
        "team_access_not_granted",
    ),
    (
        ErrorClass.CHANNEL,
        "waits",
        "channel_not_found not_in_channel is_archived is_inactive restricted_action "
        "restricted_action_read_only_channel restricted_action_thread_only_channel "
        "restricted_action_non_threadable_channel",
    ),
    (
        ErrorClass.GONE,
        "begins anew",
        "message_not_found cant_update_message cant_delete_message edit_window_closed "
        "restricted_action_thread_locked thread_locked cannot_reply_to_message thread_not_found",
    ),
    (ErrorClass.GONE, "begins anew", "not_reactable too_many_emoji too_many_reactions invalid_name not_found"),
    (ErrorClass.GONE, "begins anew", "file_not_found file_deleted"),
    (
        ErrorClass.SIZE,
        "is posted plainer",
        "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text block_mismatch "
        "metadata_too_large view_too_large too_many_attachments",
    ),
    (
        ErrorClass.RECIPIENT,
        "is dropped: nobody is there",
        "user_not_in_channel user_not_found user_not_visible cannot_dm_bot user_disabled not_enabled "
        "messages_tab_disabled",
    ),
    (
        ErrorClass.MEDIA,
        "fails",
        "blocked_file_type storage_limit_reached slack_connect_file_upload_sharing_blocked "
        "slack_connect_blocked_file_type",
    ),
    (
        ErrorClass.BUG,
        "fails",
        "invalid_arguments hash_conflict push_limit_reached duplicate_external_id expired_trigger_id "
        "exchanged_trigger_id invalid_trigger_id a_word_from_the_future",
    ),
]
FATES = {
    ErrorClass.UNKNOWN: "is looked for, then tried again",
    ErrorClass.GONE: "begins anew",
    ErrorClass.SIZE: "is posted plainer",
    ErrorClass.RECIPIENT: "is dropped: nobody is there",
}
ROWS = [(word, error_class, fate) for error_class, fate, words in TABLE for word in words.split()]


def fate_of(error_class: ErrorClass) -> str:
    if error_class in PATIENT:
        return "waits"
    if error_class in FATES:
        return FATES[error_class]
    return "is tried again a few times" if error_class in RETRYABLE else "fails"


@pytest.mark.parametrize(("word", "error_class", "fate"), ROWS)
def test_what_a_word_means(word: str, error_class: ErrorClass, fate: str) -> None:
    error = from_answer(word)
    assert error.error_class is error_class
    assert fate_of(error.error_class) == fate
    assert error.code == word
    assert error.reason


def test_every_word_that_we_class_is_in_the_table() -> None:
    assert BY_WORD.keys() <= {word for word, _, _ in ROWS}


def test_slowing_down_takes_as_long_as_slack_asks_and_a_moment_where_it_asks_nothing() -> None:
    assert from_answer("ratelimited", 30.0).retry_after == 30.0
    assert from_answer("message_limit_exceeded").retry_after == 1.0


@pytest.mark.parametrize("method", sorted(COSMETIC))
def test_a_permission_that_only_decoration_needs_closes_nothing(method: str) -> None:
    assert from_answer("missing_scope", method=method).error_class is ErrorClass.BUG
    assert from_answer("missing_scope", method="chat.postMessage").error_class is ErrorClass.AUTH


@pytest.mark.parametrize(
    ("word", "words"),
    [("token_revoked", "install the app again"), ("not_in_channel", "invite it"), ("is_archived", "archived")],
)
def test_what_an_administrator_can_mend_is_said_plainly(word: str, words: str) -> None:
    assert words in from_answer(word).reason
