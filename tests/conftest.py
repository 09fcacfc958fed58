"""What all tests share: the shipped library, read once, both databases, and the profile of the property tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from bot.transcripts.library import Library, load_library
from tests.databases import connection, database, place, server
from tests.paths import EPISODES

__all__ = ["connection", "database", "place", "server", "shipped"]

# In CI the same examples are tried at each run, so that a failure is of what was changed and not of chance.
settings.register_profile(
    "house", deadline=None, max_examples=30, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def shipped() -> Library:
    """Give the editions that come with the project."""
    return load_library(EPISODES)
