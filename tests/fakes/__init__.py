"""Servers on the loopback that speak as Discord and Slack do, for the real client libraries to talk to."""
