"""The fixtures are tests/databases.py, which the tests of other packages use too."""

from tests.databases import Place

__all__ = ["Place"]
