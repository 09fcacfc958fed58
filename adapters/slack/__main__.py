"""`python -m adapters.slack`: Slack alone."""

from __future__ import annotations

import sys

from adapters.process import run_process
from adapters.slack.platform import SlackPlatform

if __name__ == "__main__":
    sys.exit(run_process({"slack": SlackPlatform()}))
