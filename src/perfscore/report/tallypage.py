"""What a table of results comes to, as one page to send around.

In: a `Tally`, and the language of its reader. Out: HTML in one text: it loads nothing, runs nothing, and says of each
picture in a table what it shows. Everything from a rule file is escaped; the same tally gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape

from perfscore.quantity import Rounding
from perfscore.report.tally import Tally
from perfscore.report.tallytext import (
    COSTS,
    FOUND,
    IN_ROWS,
    LOSING,
    MOST,
    PER_SUBJECT,
    RATINGS,
    SCORES,
    WITHOUT,
    found_text,
    numbers_text,
    ratings_of,
    rows_text,
    span_text,
)
from perfscore.report.wrapping import columns
from perfscore.version import VERSION
from perfscore.words import Language, Words, visible

TITLE = Words(zh="评分汇总：{title}", en="Summary of scores: {title}")
RULES = Words(
    zh="规则 {id} {version}，{digest}；perfscore {perfscore}",
    en="rules {id} {version}, {digest}; perfscore {perfscore}",
)
COUNT = Words(zh="个数", en="rows")
OF_ALL = Words(zh="占比", en="share")
CHART = Words(zh="{title}的分布图，数字见下表", en="bars for {title}; the figures are in the table below")
STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif; color: #1b1f24;
  background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
svg { display: block; width: 100%; height: auto; max-width: 34rem; }
svg text { font: 13px "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif; fill: #1b1f24; }
svg rect { fill: #2f6f9f; }
table { border-collapse: collapse; margin-top: .5rem; }
th, td { padding: .2rem .8rem; border-bottom: 1px solid #d0d7de; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 2px solid #57606a; white-space: nowrap; }
footer { margin-top: 2rem; color: #57606a; font-size: .85rem; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } section { break-inside: avoid; } @page { size: A4; margin: 18mm; } }
"""
_ONE_PLACE = Rounding(1)
LINE, LABEL, BARS, FIGURE = 24, 184, 216, 70
"""So narrow that its words can be read on a telephone, which shows a picture as wide as its screen."""


def tally_page(tally: Tally, language: Language, digest: str) -> str:
    """The whole page."""
    rulebook = tally.rulebook
    title = _text(TITLE.fill(title=rulebook.title).into(language))
    said = [rows_text(tally), *([] if (numbers := numbers_text(tally)) is None else [numbers])]
    rules = RULES.fill(id=rulebook.id, version=rulebook.version, digest=digest, perfscore=VERSION)
    return "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>",
            *(f"<p>{_text(one.into(language))}</p>" for one in said),
            *_sections(tally, language),
            f"</main>\n<footer>{_text(rules.into(language))}</footer>\n</body>\n</html>\n",
        )
    )


def _sections(tally: Tally, language: Language) -> Iterator[str]:
    if tally.scored:
        spans = [(span_text(one).into(language), one.count) for one in tally.spread()]
        yield _counts(SCORES, spans, tally.rows, language)
    if tally.rulebook.ratings:
        yield _counts(RATINGS, list(ratings_of(tally, language)), tally.rows, language)
    costs = tally.costs()
    if costs:
        most = costs[0].points
        bars = [(one.name, one.points / most, str(tally.each(one.points))) for one in costs[:MOST]]
        rows = [[one.name, str(tally.each(one.points)), str(one.rows)] for one in costs]
        yield _section(COSTS, bars, [COSTS, PER_SUBJECT, LOSING], rows, language)
    names = {one.id: one.name for one in tally.rulebook.indicators()}
    if tally.without:
        lacking = [[names[id], str(count)] for id, count in tally.without.most_common()]
        yield _section(WITHOUT, [], [WITHOUT, IN_ROWS], lacking, language)
    if tally.findings:
        found = [[f"{code} {found_text(code, language)}", str(count)] for code, count in sorted(tally.findings.items())]
        yield _section(FOUND, [], [FOUND, IN_ROWS], found, language)


def _counts(title: Words, counts: Sequence[tuple[str, int]], rows: int, language: Language) -> str:
    """How many there are of each: bars, and a table with the shares."""
    most = max(count for _, count in counts) or 1
    bars = [(name, Fraction(count, most), str(count)) for name, count in counts]
    cells = [[name, str(count), f"{_tenths(Fraction(100 * count, rows))}%"] for name, count in counts]
    return _section(title, bars, [title, COUNT, OF_ALL], cells, language)


def _section(
    title: Words,
    bars: Sequence[tuple[str, Fraction, str]],
    heads: Sequence[Words],
    rows: Sequence[Sequence[str]],
    language: Language,
) -> str:
    """A heading, a picture where there is one, and the table of its figures."""
    said = _text(title.into(language))
    head = "".join(f'<th scope="col">{_text(one.into(language))}</th>' for one in heads)
    body = "\n".join(
        f'<tr><th scope="row">{_text(name)}</th>{"".join(f"<td>{_text(cell)}</td>" for cell in cells)}</tr>'
        for name, *cells in rows
    )
    return "\n".join(
        (
            f"<section>\n<h2>{said}</h2>",
            *([_picture(title, bars, language)] if bars else []),
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</section>",
        )
    )


def _picture(title: Words, bars: Sequence[tuple[str, Fraction, str]], language: Language) -> str:
    """Bars beside their names, each with its figure."""
    height, wide = LINE * len(bars), LABEL + BARS + FIGURE
    said = _text(CHART.fill(title=title).into(language))
    lines = [f'<svg viewBox="0 0 {wide} {height}" role="img" aria-label="{said}">', f"<title>{said}</title>"]
    for at, (name, share, figure) in enumerate(bars):
        middle = at * LINE + LINE // 2
        long = max(BARS * share, Fraction(1 if share else 0))
        lines.append(f'<text x="{LABEL - 8}" y="{middle + 5}" text-anchor="end">{_text(_clipped(name))}</text>')
        lines.append(f'<rect x="{LABEL}" y="{middle - 8}" width="{_tenths(long)}" height="16"/>')
        lines.append(f'<text x="{_tenths(LABEL + long + 6)}" y="{middle + 5}">{_text(figure)}</text>')
    return "\n".join((*lines, "</svg>"))


def _tenths(number: Fraction) -> str:
    """A number with one place, for a picture and for a share."""
    return str(_ONE_PLACE.published(_ONE_PLACE.units(number.numerator, number.denominator)))


def _clipped(name: str) -> str:
    """A name that has room beside its bar; the table has it whole."""
    if columns(name) <= 26:
        return name
    kept = next(end for end in range(len(name), 0, -1) if columns(name[:end]) <= 24)
    return name[:kept] + "…"


def _text(text: str) -> str:
    """Text as it may stand in a page."""
    return escape(visible(text))
