"""How tests are run: how often a law is tried, where hypothesis keeps its notes, and how golden files are rewritten."""

from __future__ import annotations

import os
import pkgutil
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

import perfscore

collect_ignore = ["fuzz"]  # run by tests/unit/test_robustness.py, with a fuzzer where there is one

# nothing that hypothesis remembers belongs in the repository
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / f"perfscore-hypothesis-{os.environ.get('USER', 'anyone')}")

# hypothesis also draws the constants of every module of ours that is loaded by then: which examples a law sees would hang on
# what ran before it. So all are loaded first.
for _found in pkgutil.walk_packages(perfscore.__path__, "perfscore."):
    with suppress(ImportError):  # what needs an extra that is not here
        import_module(_found.name)
import_module(
    "lark"
)  # first loaded within a pytest in pytest, it would be loaded twice, and the parser be of the other

# a rulebook and its facts are many small choices; that drawing them takes time is no mistake of the test
UNHURRIED = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile(
    "laws", max_examples=500, deadline=None, database=None, suppress_health_check=UNHURRIED, print_blob=True
)
# Whoever runs the tests runs the same ones: a change goes in or not by what it does, not by luck. What nobody has drawn
# yet is looked for beside that: HYPOTHESIS_PROFILE=deep pytest tests/laws
settings.register_profile("same", settings.get_profile("laws"), derandomize=True)
settings.register_profile("deep", settings.get_profile("laws"), max_examples=3000)
settings.register_profile("quick", settings.get_profile("same"), max_examples=60)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden with what comes out now")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))
