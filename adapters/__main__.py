"""`python -m adapters`: every platform whose token is set, in one process."""

from __future__ import annotations

import sys

from adapters.discord.platform import DiscordPlatform
from adapters.process import run_process
from adapters.slack.platform import SlackPlatform

if __name__ == "__main__":
    sys.exit(run_process({"discord": DiscordPlatform(), "slack": SlackPlatform()}))
