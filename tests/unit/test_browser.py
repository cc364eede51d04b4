"""The page in a browser: no violation that axe-core finds, usable on a phone, printed on A4.

Needs Chromium (Debian's chromium), axe-core from npm (here or in NODE_PATH) and poppler's pdftotext; skips by name without.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import perfscore
from perfscore.report import render
from perfscore.report.layoutfile import DEFAULT, shipped
from perfscore.words import LANGUAGES

ROOT = Path(__file__).parents[2]
TABLES = {
    "nanjing": ROOT / "rules/nanjing-legal-aid/2023",
    "tianchang": ROOT / "rules/tianchang-water/2022",
    "everything": ROOT / "tests/golden/everything",
}
WHOLE = "the whole report"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
AUDIT = """
<script src="axe.min.js"></script>
<script>
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(found => {
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify({
    violations: found.violations.map(one => [one.id, one.nodes.map(node => node.html)]),
    passes: found.passes.map(one => one.id),
  });
  document.body.append(told);
});
</script>
"""
PHONE = """
<body style="margin: 0"><iframe style="width: 390px; height: 844px; border: 0" srcdoc="{page}"></iframe>
<script>
document.querySelector("iframe").onload = event => {
  const page = event.target.contentDocument;
  const regions = [...page.querySelectorAll(".scroll")];
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify({
    sideways: page.scrollingElement.scrollWidth - page.scrollingElement.clientWidth,
    layout: event.target.contentWindow.getComputedStyle(page.querySelector("table")).tableLayout,
    scroll: regions.map(one => one.scrollWidth > one.clientWidth),
    focused: regions.map(one => { one.focus(); return page.activeElement === one; }),
    smallest: Math.min(...[...page.querySelectorAll("td, th, p, dd, dt, summary")].map(
      one => parseFloat(event.target.contentWindow.getComputedStyle(one).fontSize))),
  });
  document.body.append(told);
};
</script>
"""


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("there is no Chromium: on Debian, apt install chromium")


def axe() -> Path:
    folders = [ROOT / "node_modules", *map(Path, filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)))]
    for folder in folders:
        if (found := folder / "axe-core" / "axe.min.js").exists():
            return found
    pytest.skip("npm's axe-core is not in node_modules and not in NODE_PATH")


def browse(path: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """A page in a browser without a window, a profile of its own, and no network worth mentioning."""
    basic = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
    own = (f"--user-data-dir={path.parent / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND")
    return subprocess.run(
        [chromium(), *basic, *own, *flags, path.as_uri()],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )


def told(path: Path) -> Any:
    """What a script in a page found out."""
    dumped = browse(path, "--dump-dom", "--virtual-time-budget=20000", "--window-size=500,900").stdout
    [found] = re.findall(r'<pre id="told">(.*?)</pre>', dumped, re.DOTALL)
    return json.loads(html.unescape(found))


@cache
def page(table: str, language: str, form: str = DEFAULT) -> str:
    """The page of a table, in a layout or as the whole report."""
    path = TABLES[table]
    told = perfscore.assess(perfscore.load(f"{path}.toml"), perfscore.read_facts(f"{path}.facts.toml"))
    if form == WHOLE:
        return render(told, "html", language=language, whole=True, signatures=True)
    return render(told, "html", language=language, layout=shipped(form))


def audited(text: str, folder: Path) -> Any:
    """What axe-core says of a page; the policy that lets nothing run is taken out for it."""
    shutil.copy(axe(), folder)
    assert POLICY.search(text)
    path = folder / "page.html"
    path.write_text(POLICY.sub("", text).replace("</body>", f"{AUDIT}</body>"), encoding="utf-8")
    return told(path)


FORMS = [(table, language, DEFAULT) for table in TABLES for language in LANGUAGES]
FORMS += [("nanjing", "zh", "common"), ("nanjing", "zh", WHOLE)]


@pytest.mark.parametrize(("table", "language", "form"), FORMS)
def test_axe_finds_no_violation(table: str, language: str, form: str, tmp_path: Path) -> None:
    found = audited(page(table, language, form), tmp_path)
    asked = {"color-contrast", "scrollable-region-focusable", "region", "landmark-unique", "html-has-lang"}

    assert found["violations"] == []
    assert asked <= {*found["passes"]}
    assert ("svg-img-alt" in found["passes"]) == ("<svg" in page(table, language, form))


def test_axe_finds_what_is_planted(tmp_path: Path) -> None:
    spoiled = page("nanjing", "zh").replace(' lang="zh-CN"', "", 1).replace(' tabindex="0"', "", 1)
    spoiled = spoiled.replace('class="note"', 'class="note" style="color: #ccc"', 1)
    found = {id for id, _ in audited(spoiled, tmp_path)["violations"]}

    assert {"html-has-lang", "color-contrast"} <= found


@pytest.mark.parametrize("table", TABLES)
def test_on_a_phone_only_what_is_wide_scrolls_and_a_keyboard_reaches_it(table: str, tmp_path: Path) -> None:
    path = tmp_path / "phone.html"
    path.write_text(PHONE.replace("{page}", html.escape(page(table, "zh"))), encoding="utf-8")
    found = told(path)

    assert found["sideways"] == 0  # the page itself does not scroll sideways
    assert found["layout"] == "fixed"  # the policy lets our style through
    assert set(found["scroll"]) == {True}
    assert all(found["focused"])
    assert found["smallest"] >= 12


def test_the_policy_of_the_page_forbids_nothing_that_is_in_it_and_everything_else(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("everything", "zh"), encoding="utf-8")
    kept = browse(path, "--dump-dom", "--enable-logging=stderr").stderr
    path.write_text(
        page("everything", "zh").replace("</body>", "<script>document.title = 'run'</script></body>"), "utf-8"
    )
    spoiled = browse(path, "--dump-dom", "--enable-logging=stderr")

    assert "Content Security Policy" not in kept
    assert "Content Security Policy" in spoiled.stderr
    assert "<title>run</title>" not in spoiled.stdout


def test_the_page_prints_on_a4_and_repeats_the_head_of_its_table(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("there is no pdftotext: on Debian, apt install poppler-utils")
    path, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    path.write_text(page("everything", "zh"), encoding="utf-8")
    browse(path, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    text = subprocess.run(
        ["pdftotext", "-layout", printed, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    size = subprocess.run(["pdfinfo", printed], capture_output=True, encoding="utf-8", check=True).stdout
    pages = text.split("\f")[:-1]

    assert re.search(r"Page size: +84[12][.\d]* x 59[45][.\d]* pts \(A4\)", size)
    assert all("一级指标" in one for one in pages[:2])
    assert f"1 / {len(pages)}" in pages[0]
    assert "成本指标没有量化" in text.replace("\n", "").replace(" ", "")
