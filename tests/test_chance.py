"""The property tests try the same examples at each run where CI is set, and others each time elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.paths import ROOT

TOLD = "import tests.conftest; from hypothesis import settings; print(settings().derandomize)"


@pytest.mark.parametrize(("ci", "told"), [("", "False"), ("1", "True"), ("true", "True")])
def test_chance_is_the_same_at_each_run_in_ci_alone(ci: str, told: str) -> None:
    command = [sys.executable, "-c", TOLD]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"CI": ci}, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == told
