"""What another program makes of our Word files and spreadsheets: LibreOffice opens them, prints them and reckons them again.

Needs `soffice` and `pdftotext` on the PATH (Debian: libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils, and
fonts-noto-cjk for pages that people can read); without them the tests here skip by name.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

import perfscore
from perfscore.report import render
from perfscore.report.blocks import Document, Grid
from perfscore.report.composing import compose
from perfscore.report.layoutfile import layouts, shipped
from perfscore.report.office.sheetfile import sheet_file

ROOT = Path(__file__).parents[2]
TABLES = {
    "nanjing": ROOT / "rules/nanjing-legal-aid/2023",
    "tianchang": ROOT / "rules/tianchang-water/2022",
    "huanggang": ROOT / "rules/huanggang-soil-monitoring/2020",
    "everything": ROOT / "tests/golden/everything",
}
pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice (soffice) and pdftotext"
)


def assessment(table: str) -> perfscore.Assessment:
    path = TABLES[table]
    return perfscore.assess(perfscore.load(f"{path}.toml"), perfscore.read_facts(f"{path}.facts.toml"))


def converted(folder: Path, to: str, *files: str) -> None:
    """All files at once: starting the program takes longer than converting."""
    home = folder / "home"  # a profile of its own, so that nobody's settings or running program matter
    subprocess.run(
        ["soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", "--convert-to", to, *files],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every table in both formats, and what LibreOffice makes of it as PDF."""
    folder = tmp_path_factory.mktemp("office")
    for table in TABLES:
        for form in ("docx", "xlsx"):
            document = render(assessment(table), form, language="zh")
            assert isinstance(document, bytes)
            name = folder / f"{table}-{form}.{form}"
            name.write_bytes(document)
    converted(folder, "pdf", *sorted(one.name for one in folder.iterdir()))
    return folder


@pytest.mark.parametrize("form", ["docx", "xlsx"])
@pytest.mark.parametrize("table", TABLES)
def test_a_file_prints_with_everything_in_it(pages: Path, table: str, form: str) -> None:
    result = assessment(table)
    told = subprocess.run(
        ["pdftotext", "-raw", f"{table}-{form}.pdf", "-"], cwd=pages, check=True, capture_output=True
    ).stdout.decode()
    squeezed = re.sub(r"\s", "", told)

    assert re.sub(r"\s", "", result.rulebook.title) in squeezed
    assert f"{result.score}" in squeezed
    for one in result.results:
        assert re.sub(r"\s", "", one.name) in squeezed, one.id
    assert re.search(r"第\d+页共\d+页", squeezed)
    assert "???" not in squeezed
    assert "\N{REPLACEMENT CHARACTER}" not in squeezed


@pytest.mark.parametrize("form", ["docx", "xlsx"])
@pytest.mark.parametrize("table", TABLES)
def test_pages_are_a4_on_their_side(pages: Path, table: str, form: str) -> None:
    told = subprocess.run(
        ["pdfinfo", f"{table}-{form}.pdf"], cwd=pages, check=True, capture_output=True
    ).stdout.decode()

    assert re.search(r"Page size: +84[12](\.\d+)? x 59[45](\.\d+)? pts \(A4\)", told)


def stripped_of_results(file: bytes) -> tuple[bytes, int]:
    """The same spreadsheet whose formulas have forgotten what they came to, and how many there are."""
    into = BytesIO()
    forgotten = 0
    with zipfile.ZipFile(BytesIO(file)) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name.startswith("xl/worksheets/"):
                held, count = re.subn(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", held)
                forgotten += count
            new.writestr(name, held)
    return into.getvalue(), forgotten


def figures(document: Document) -> list[str]:
    """The text of every figure of the first sheet, in the order of its rows."""
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    return [cell.text for grid in grids for row in grid.rows for cell in row if cell.number is not None]


def test_sums_come_to_the_same_figures_when_they_are_reckoned_again(tmp_path: Path) -> None:
    """As CSV, a cell stands as it is printed: every figure, sums among them, is the text of the document."""
    documents = {
        f"{table}-{layout}": compose(assessment(table), "zh", layout=shipped(layout))
        for table in TABLES
        for layout in layouts()
    }
    formulas = 0
    for name, document in documents.items():
        file, count = stripped_of_results(sheet_file(document))
        formulas += count
        (tmp_path / f"{name}.xlsx").write_bytes(file)
    assert formulas > 30
    converted(
        tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true", *(f"{name}.xlsx" for name in documents)
    )
    for name, document in documents.items():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as told:
            cells = [cell for row in csv.reader(told) for cell in row]
        wanted = figures(document)
        assert wanted
        assert Counter(wanted) - Counter(cells) == Counter(), name
        score = assessment(name.partition("-")[0]).score
        assert score in [Decimal(one.replace("−", "-")) for one in wanted if not one.endswith("%")]
