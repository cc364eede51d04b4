"""What a table of results comes to, for a terminal.

In: a `Tally`, and the language of its reader. Out: text of at most 80 columns: how many were scored, how the scores are
spread, the ratings, what cost most, what was found. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfscore.analysis.codes import all_codes
from perfscore.formula.prose import near_text
from perfscore.report.tally import Span, Tally
from perfscore.report.wrapping import columns, wrapped
from perfscore.words import Language, Words, counted, visible

WIDTH = 80
BARS = 30
MOST = 10
"""How many indicators are named."""

ROWS = Words(zh="{n} 行：{m} 行有总分，{k} 行没有", en="{n}: {m} with a score, {k} without")
NUMBERS = Words(
    zh="总分最低 {low}，中位 {median}，平均 {mean}，最高 {high}（满分 {full}）",
    en="score: lowest {low}, median {median}, mean {mean}, highest {high} (full marks {full})",
)
SCORES = Words(zh="总分", en="Score")
RATINGS = Words(zh="等级", en="Rating")
NO_RATING = Words(zh="没有等级", en="none")
COSTS = Words(zh="扣分最多的指标", en="What cost most")
PER_SUBJECT = Words(zh="平均扣分", en="points a row")
LOSING = Words(zh="扣分的行", en="rows")
AND_MORE = Words(zh="另有 {n} 个", en="and {n} more")
WITHOUT = Words(zh="缺数据的指标", en="Without a figure")
FOUND = Words(zh="发现的问题", en="Found")
IN_ROWS = Words(zh="行数", en="rows")
BELOW = Words(zh="低于 {high}", en="below {high}")
ABOVE = Words(zh="高于 {low}", en="above {low}")
OVER = Words(zh="{low} 到不足 {high}", en="{low} to under {high}")
CLOSED = Words(zh="{low} 到 {high}", en="{low} to {high}")


def tally_text(tally: Tally, language: Language) -> str:
    """The whole summary."""
    blocks = [*_head(tally, language)]
    if tally.scored:
        blocks.append(_bars(SCORES, [(span_text(one).into(language), one.count) for one in tally.spread()], language))
    if tally.rulebook.ratings:
        blocks.append(_bars(RATINGS, list(ratings_of(tally, language)), language))
    blocks += [
        lines for lines in (_costs(tally, language), _without(tally, language), _found(tally, language)) if lines
    ]
    return "\n".join("\n".join(lines) + "\n" for lines in blocks)


def rows_text(tally: Tally) -> Words:
    """How many rows there are, and how many have a score."""
    return ROWS.fill(n=counted(tally.rows, "row"), m=str(tally.scored), k=str(tally.rows - tally.scored))


def numbers_text(tally: Tally) -> Words | None:
    """The lowest score, the median, the mean and the highest."""
    mean = tally.mean()
    if mean is None:
        return None
    shares = {"low": Fraction(0), "median": Fraction(1, 2), "high": Fraction(1)}
    found = {name: str(tally.at(share)) for name, share in shares.items()}
    return NUMBERS.fill(mean=near_text(mean), full=near_text(tally.rulebook.full_marks), **found)


def span_text(span: Span) -> Words:
    """From where to where scores are counted together."""
    low = "" if span.low is None else near_text(span.low)
    high = "" if span.high is None else near_text(span.high)
    said = BELOW if span.low is None else ABOVE if span.high is None else CLOSED if span.closed else OVER
    return said.fill(low=low, high=high)


def ratings_of(tally: Tally, language: Language) -> Iterator[tuple[str, int]]:
    """How many have each rating, and how many have none."""
    yield from tally.rated()
    rated = sum(count for _, count in tally.rated())
    if tally.rows > rated:
        yield NO_RATING.into(language), tally.rows - rated


def found_text(code: str, language: Language) -> str:
    """What a code is about."""
    about = {one.number: one.about for one in all_codes()}
    return about[code].into(language) if code in about else code


def _head(tally: Tally, language: Language) -> Iterator[list[str]]:
    numbers = numbers_text(tally)
    said = [rows_text(tally), *([] if numbers is None else [numbers])]
    yield [line for one in said for line in wrapped(one.into(language), WIDTH)]


def _bars(title: Words, rows: Sequence[tuple[str, int]], language: Language) -> list[str]:
    """Names with their counts, and a bar beside each."""
    most = max((count for _, count in rows), default=0) or 1
    wide = max(columns(visible(name)) for name, _ in rows)
    digits = max(len(str(count)) for _, count in rows)
    return [
        title.into(language),
        *(
            f"  {_padded(visible(name), wide)}  {count:>{digits}}  {'█' * (-(-count * BARS // most))}".rstrip()
            for name, count in rows
        ),
    ]


def _costs(tally: Tally, language: Language) -> list[str]:
    costs = tally.costs()
    rows = [(one.name, [str(tally.each(one.points)), str(one.rows)]) for one in costs[:MOST]]
    lines = _table(COSTS, [PER_SUBJECT, LOSING], rows, language)
    return lines + ([f"  {AND_MORE.fill(n=str(len(costs) - MOST)).into(language)}"] if len(costs) > MOST else [])


def _without(tally: Tally, language: Language) -> list[str]:
    names = {one.id: one.name for one in tally.rulebook.indicators()}
    most = tally.without.most_common(MOST)
    return _table(WITHOUT, [IN_ROWS], [(names[id], [str(count)]) for id, count in most], language)


def _found(tally: Tally, language: Language) -> list[str]:
    found = sorted(tally.findings.items())
    return _table(
        FOUND, [IN_ROWS], [(f"{code} {found_text(code, language)}", [str(count)]) for code, count in found], language
    )


def _table(
    title: Words, heads: Sequence[Words], rows: Sequence[tuple[str, list[str]]], language: Language
) -> list[str]:
    """Names with figures beside them; a long name goes on below."""
    if not rows:
        return []
    said = [one.into(language) for one in heads]
    wide = [max(columns(said[at]), *(len(cells[at]) for _, cells in rows)) for at in range(len(said))]
    room = WIDTH - sum(wide) - 2 * len(wide) - 2
    names = max(min(room, max(columns(visible(name)) for name, _ in rows)), columns(title.into(language)) - 2)
    lines = [_line(title.into(language), said, names + 2, wide)]
    for name, cells in rows:
        first, *more = wrapped(visible(name), names)
        lines.append(_line(f"  {first}", cells, names + 2, wide))
        lines += [f"  {line}" for line in more]
    return lines


def _line(name: str, cells: Sequence[str], room: int, wide: Sequence[int]) -> str:
    right = "".join("  " + " " * (width - columns(cell)) + cell for cell, width in zip(cells, wide, strict=True))
    return _padded(name, room) + right


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - columns(text))
