"""An assessment as a Word file.

In: an assessment, and how it is to be laid out. Out: the bytes of a DOCX file.
What stands in it is decided in `composing`; python-docx, of the extra `office`, is imported when one is asked for.
"""

from __future__ import annotations

from perfscore.assessment import Assessment
from perfscore.errors import brought_by
from perfscore.report.composing import compose
from perfscore.report.layout import Layout
from perfscore.words import Language

SUFFIX = ".docx"


def render(
    assessment: Assessment,
    language: Language,
    *,
    layout: Layout | None = None,
    whole: bool = False,
    signatures: bool = False,
    findings: bool = False,
) -> bytes:
    """The same assessment gives the same bytes, where there is no picture in it. It is filed as it is, so what is only to
    be looked at before that stands in it if asked for; an error always does.
    """
    with brought_by("office", "docx", "lxml"):
        from perfscore.report.office.wordfile import word_file
    document = compose(assessment, language, layout=layout, whole=whole, signatures=signatures, findings=findings)
    return word_file(document)
