"""Doors: what can wake Switchboard. Each verifies, stores or asks a story, and answers; none does the work itself.

- `whatsapp`: Meta's handshake and webhooks
- `slack_requests`: everything Slack sends, on one URL; behind it `slack_buttons`, `slack_messages`,
  `slack_reactions`, `slack_commands` and `slack_home`
- `slack_socket`: the same by WebSocket, where Slack cannot reach the URL
- `slack_gaps`: what Slack could not tell, read back
- `clock`: what falls due
- `health`: `/healthz`, `/readyz` and `/metrics`
"""
