"""An assessment as JSON, as published.

In: an assessment. Out: the text of `Assessment.to_dict()`; the language of the reader changes nothing in it.
"""

from __future__ import annotations

import json

from perfscore.assessment import Assessment
from perfscore.words import Language

SUFFIX = ".json"


def render(assessment: Assessment, language: Language) -> str:
    """The same assessment gives the same bytes, on every run and machine."""
    return json.dumps(assessment.to_dict(), ensure_ascii=False, indent=2) + "\n"
