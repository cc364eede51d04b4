"""An assessment as a spreadsheet.

In: an assessment, and how it is to be laid out. Out: the bytes of an XLSX file.
What stands in it is decided in `composing`; XlsxWriter, of the extra `office`, is imported when one is asked for.
"""

from __future__ import annotations

from perfscore.assessment import Assessment
from perfscore.errors import brought_by
from perfscore.report.composing import compose
from perfscore.report.layout import Layout
from perfscore.words import Language

SUFFIX = ".xlsx"


def render(
    assessment: Assessment,
    language: Language,
    *,
    layout: Layout | None = None,
    whole: bool = False,
    signatures: bool = False,
) -> bytes:
    """The same assessment gives the same bytes."""
    with brought_by("office", "xlsxwriter"):
        from perfscore.report.office.sheetfile import sheet_file
    return sheet_file(compose(assessment, language, layout=layout, whole=whole, signatures=signatures))
