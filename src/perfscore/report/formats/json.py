"""An assessment as JSON, as published.

In: an assessment. Out: the text of `Assessment.to_dict()`; the language of the reader changes nothing in it.
"""

from __future__ import annotations

import json
import re

from perfscore.assessment import Assessment
from perfscore.words import Language

SUFFIX = ".json"
_UNSEEN = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal or an editor obeys and does not show, and halves of characters, which UTF-8 cannot write."""


def render(assessment: Assessment, language: Language) -> str:
    """The same assessment gives the same bytes, on every run and machine."""
    text = json.dumps(assessment.to_dict(), ensure_ascii=False, indent=2)
    return _UNSEEN.sub(lambda one: f"\\u{ord(one[0]):04x}", text) + "\n"
