"""How a comparison with others is put: as the rule file writes it, and as people say it.

In: a comparison, and the texts of what is compared and of the group. Out: text, in the syntax or in a language.
Nobody is compared here; that is done by the cohort.
"""

from __future__ import annotations

from perfscore.formula.shapes import Peers
from perfscore.words import Language, Words

SAID = {
    "rank": Words(zh="{of}的名次", en="the rank of {of}"),
    "mean": Words(zh="全体{of}的平均值", en="the mean of all {of}"),
    "trimmed_mean": Words(zh="全体{of}去掉极值后的平均值", en="the trimmed mean of all {of}"),
    "max": Words(zh="全体{of}的最大值", en="the greatest {of} of all"),
    "min": Words(zh="全体{of}的最小值", en="the least {of} of all"),
    "count": Words(zh="全体中{of}的个数", en="the number of all with {of}"),
}
OF_THE_SAME = Words(zh="同{by}内{what}", en="{what} of the same {by}")


def as_written(peers: Peers, of: str) -> str:
    """The comparison as the rule file writes it."""
    read = "rank" if peers.what == "rank" else f"peers.{peers.what}"
    named = [f"by = {peers.by.name}"] if peers.by is not None else []
    match peers.what:
        case "rank":
            named = [f'best = "{peers.best}"', f'ties = "{peers.ties}"', *named]
        case "trimmed_mean":
            named = [f"low = {peers.low}", f"high = {peers.high}", *named]
        case _:
            named = ["applying", *named] if peers.applying else named
    return f"{read}({', '.join([of, *named])})"


def in_words(peers: Peers, of: str, by: str, language: Language) -> str:
    """The comparison as people say it."""
    said = SAID[peers.what].fill(of=of)
    return (said if peers.by is None else OF_THE_SAME.fill(by=by, what=said)).into(language)
