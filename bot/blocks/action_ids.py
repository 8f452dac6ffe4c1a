"""What buttons are called on the wire; their value is the id of an escalation or of a message."""

from __future__ import annotations

# On the card, in App Home, in /queue and in reminders. Value: the escalation id.
TAKE = "take"
RETURN_TO_BOT = "return_to_bot"
CLOSE = "close"
KEEP_OPEN = "keep_open"  # in the warning that it is about to close by itself
OPEN_THREAD = "open_thread"  # a link; Slack reports the click all the same and wants it acknowledged

# In the prompt that asks before acting on what a colleague holds. Value: the escalation id.
CONFIRM_TAKE_OVER = "confirm_take_over"
CONFIRM_RETURN_TO_BOT = "confirm_return_to_bot"
CONFIRM_CLOSE = "confirm_close"

# About one staff message. Value: the message id.
SEND_HELD = "send_held"
KEEP_NOTE = "keep_note"
RETRY_SEND = "retry_send"
SEND_CORRECTION = "send_correction"
SEND_WHEN_THEY_WRITE = "send_when_they_write"

# On the card, in prompts and on failures once the reply window is closed. Value: the escalation id.
SEND_TEMPLATE = "send_template"

# The menu on the card of what is needed less often. Selected option's value: what is wanted, `:`, the escalation id.
MORE = "more"
ASSIGN = "assign"
TAKE_OVER = "take_over"
RELEASE = "release"
VIEW_HISTORY = "view_history"
SET_PRIORITY = "priority-"  # and the priority
SNOOZE = "snooze"
CUSTOMER = "customer"
SUGGEST_REPLY = "suggest_reply"  # a message shortcut, too
SUMMARISE = "summarise"
TRANSLATE = "translate"

# Under what the AI wrote for one of the staff. Value: the draft's id; of the first two also `:` and the last message
# that whoever presses has been shown.
SEND_DRAFT = "send_draft"
EDIT_DRAFT = "edit_draft"
DISCARD_DRAFT = "discard_draft"
SHARE_SUMMARY = "share_summary"

# About one held reply that may leave in the customer's language. Value: the message id.
SEND_TRANSLATION = "send_translation"
SEND_AS_WRITTEN = "send_as_written"
EDIT_TRANSLATION = "edit_translation"

# In the modal in which a translation is changed, and in the one for a thread's language.
TRANSLATION_MODAL = "translation"
CHANGE_TRANSLATION = "change_translation"
LANGUAGE_MODAL = "language"
CHOOSE_LANGUAGE = "choose_language"

# In the modal in which a draft is changed; the draft is in the private metadata.
DRAFT_MODAL = "draft"
CHANGE_DRAFT = "change_draft"

# Modals that the menu opens; who had the conversation when they were opened is in their private metadata.
ASSIGN_MODAL = "assign"
CHOOSE_ASSIGNEE = "choose_assignee"
TAKE_OVER_MODAL = "take_over"
SNOOZE_MODAL = "snooze"
SNOOZE_UNTIL = "snooze_until"

# The window that follows a return to the bot; the escalation is in its private metadata.
HANDBACK_MODAL = "handback"
TELL_AI = "tell_ai"

# What the message shortcuts ask; the message is in the private metadata.
SEND_MESSAGE_MODAL = "send_message"
SEND_AGAIN_MODAL = "send_again"

# In the history modal, whose private metadata holds the escalation. Value: the message from which on it goes on.
HISTORY_OLDER = "history_older"
HISTORY_NEWER = "history_newer"
HISTORY_NEWEST = "history_newest"

# In the modal for templates: the escalation is in its private metadata, the template in the menu's value.
TEMPLATE_MODAL = "template"
CHOOSE_TEMPLATE = "choose_template"
SEARCH_TEMPLATES = "search_templates"
FILL_TEMPLATE = "fill_template"
REFRESH_TEMPLATES = "refresh_templates"
CONFIRM_OPTED_OUT = "confirm_opted_out"

# The inbox menu in App Home. Selected option's value: the inbox id, or ALL_INBOXES.
FILTER_INBOX = "filter_inbox"
ALL_INBOXES = "all"

# In App Home. Value of the two that turn pages: the list, `:`, the row from which on it is shown.
HOME_PREVIOUS = "home_previous"
HOME_NEXT = "home_next"
GO_AWAY = "go_away"
COME_BACK = "come_back"
PUT_DOWN = "put_down"  # all that they hold goes back into the queue
PREFERENCES = "preferences"

# In the modal for preferences.
PREFERENCES_MODAL = "preferences_modal"
CHOOSE_EXTENT = "choose_extent"
CHOOSE_INBOXES = "choose_inboxes"
CHOOSE_HOUR = "choose_hour"

# In the lists that commands answer with. Page buttons' value: the list, where its page begins, and the words sought.
PAGE_BACK = "page_back"
PAGE_ON = "page_on"
ESCALATE_CUSTOMER = "escalate_customer"  # value: the customer id, `:`, the reason as it was typed
OPEN_CUSTOMER = "open_customer"  # value: the customer id
VIEW_CHAT = "view_chat"  # value: the conversation id

# In the modal about a customer, whose id is in its private metadata; blocking buttons carry it as their value.
CUSTOMER_MODAL = "customer"
EDIT_TAGS = "edit_tags"
WRITE_NOTE = "write_note"
BLOCK_CUSTOMER = "block_customer"
UNBLOCK_CUSTOMER = "unblock_customer"

# In the modal that asks before a customer is forgotten.
FORGET_CUSTOMER = "forget_customer"  # a button in a list, too. Value: the customer id
FORGET_MODAL = "forget"
TYPE_TO_FORGET = "type_to_forget"

# Under a report. Value: the inbox id, `:`, the period as two dates.
SHARE_REPORT = "share_report"
DOWNLOAD_REPORT = "download_report"

# What /knowledge answers with. Value of the two that turn pages: as in other lists. The menu's block carries its page.
KNOWLEDGE_BACK = "knowledge_back"
KNOWLEDGE_ON = "knowledge_on"
KNOWLEDGE_INBOX = "knowledge_inbox"
READ_PAGE = "read_page"  # value: the inbox id, where the page is, and where in it to begin
TEACH_ABOUT = "teach_about"  # value: the id of a search
EDIT_TAUGHT = "edit_taught"  # value of these two: the inbox id, `:`, the taught answer's
REMOVE_TAUGHT = "remove_taught"
UNDO_TEACHING = "undo_teaching"  # value: the inbox id, what was learnt, what was forgotten, with `:` between them

# In the modal by which staff teach the bot; what it is about is in its private metadata.
TEACH_MODAL = "teach"
TEACH_QUESTION = "teach_question"
TEACH_ANSWER = "teach_answer"
