"""Where the project's own files are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
EPISODES = SEEDS / "episodes"
EDITIONS = sorted(EPISODES.glob("*.md"))
