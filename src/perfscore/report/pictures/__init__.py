"""Pictures of an assessment, for those who would rather look.

In: an assessment and the language of its reader. Out: `Picture`s: SVG, and the same in words.
What is drawn is decided in the room of each picture; `raster` makes the PNG that a word processor wants.
"""

from __future__ import annotations

from perfscore.assessment import Assessment
from perfscore.report.blocks import Picture
from perfscore.words import Language


def pictures(assessment: Assessment, language: Language) -> tuple[Picture, ...]:
    """The waterfall, where the score moved at all, and the tree of points."""
    from perfscore.report.pictures.points_tree import points_tree
    from perfscore.report.pictures.waterfall import waterfall

    steps = waterfall(assessment, language)
    return (*([] if steps is None else [steps]), points_tree(assessment, language))
