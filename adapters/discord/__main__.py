"""`python -m adapters.discord`: the bot in Discord alone."""

from __future__ import annotations

import sys

from adapters.discord.platform import DiscordPlatform
from adapters.process import run_process

if __name__ == "__main__":
    sys.exit(run_process({"discord": DiscordPlatform()}))
