/** What manifest.yml tells Slack to offer: slash commands and the entries of a message's menu. A test compares the two. */

export const COMMANDS = [
  { command: "/queue", usage_hint: "[waiting | mine | team | all | stats | report [period] | search <words> | help]", description: "Who waits for a person, and who has whom" },
  { command: "/escalate", usage_hint: "<phone | @username | name> [reason]", description: "Take a customer's conversation from the AI into the queue" },
  { command: "/chats", usage_hint: "[words]", description: "The conversations that the AI has now" },
  { command: "/customer", usage_hint: "<phone | @username | name>", description: "Who a customer is, their history, tags and notes" },
  { command: "/knowledge", usage_hint: "[search <words> | list | unanswered | help]", description: "What the AI may look up, and what it was asked in vain" },
  { command: "/forget", usage_hint: "<phone | @username | name>", description: "Erase a customer for good (leads only)" },
];

export const SHORTCUTS = [
  { callback_id: "send_to_customer", name: "Send to customer", description: "Send a note, or what a colleague wrote, as a reply" },
  { callback_id: "keep_as_note", name: "Keep as note", description: "A reply that still waits does not go to the customer" },
  { callback_id: "retry", name: "Retry sending", description: "Try again what did not reach the customer" },
  { callback_id: "suggest_reply", name: "Suggest reply", description: "The AI drafts an answer that you can change and send" },
  { callback_id: "teach_the_bot", name: "Teach the bot", description: "The AI gives this answer to whoever asks from now on" },
];
