"""Slack: slash commands, mentions and direct messages in, Block Kit out, over Socket Mode or HTTP."""
