"""Why points were lost, told when somebody asks.

In: a loss of one criterion, and the row of values it was judged by.
Out: the sentence, the formula with its numbers, and the figures it rests on with their sources.
The explanation is the calculation: it reads the very shapes that were judged. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeAlias, cast

from attrs import evolve, field, frozen

from perfscore.criterion import Gain, Loss
from perfscore.facts import Answer, Facts
from perfscore.formula.arithmetic import NOBODY, Rated, Row, Unreadable, Value
from perfscore.formula.exact import Slots, fraction
from perfscore.formula.gathering import with_record
from perfscore.formula.prose import STYLES, near_ratio, near_text, peers_name, tell, tell_condition
from perfscore.formula.rebuilding import rebuilt, with_formulas
from perfscore.formula.shapes import Choice, Constant, Formula, Gathered, Greatest, Judged, Least, Name, Peers
from perfscore.formula.types import type_of
from perfscore.formula.vocabulary import Vocabulary
from perfscore.formula.walking import judged_parts, names, peers_in
from perfscore.valuetext import exactly, unit_text, value_in, value_text
from perfscore.words import Language, Words, listed

CAPPED = Words(zh="{said}，扣完为止", en="{said}; no points are left")
NOT_MET = Words(zh="未满足", en="is not met")
PARTLY_MET = Words(zh="满足{share}", en="is met to {share}")
WITH_REASON = Words(zh="{said}，原因：{reason}", en="{said}; reason: {reason}")
WITHOUT_REASON = Words(zh="{said}，未说明原因", en="{said}; no reason was given")
BY_DEFAULT = Words(zh="{said}（本表未写评分标准，按默认办法计）", en="{said} (no criterion is written: by the default)")
LIMITED = Words(zh="{said}，以上限计", en="{said}; the upper end of the range is reached")
RECORD = Words(zh="{record}：{said}", en="{record}: {said}")
NOTHING_SAID = Words(zh="", en="")
RATERS = Words(zh="{said}，{n}位评分人平均", en="{said}; the mean of {n} raters")
TRIMMED = Words(zh="，去掉最高{high}、最低{low}", en=" without the highest ({high}) and the lowest ({low})")


@frozen
class Used:
    """A figure that a deduction rests on, exactly, and who stated it. `value` is None where nothing was given."""

    name: str
    value: str | None
    source: str | None = None


class Reason(Protocol):
    """扣分原因 — why points were taken or given, as far as anybody asks."""

    @property
    def because(self) -> Words:
        """One sentence, in both languages."""

    @property
    def clause(self) -> str | None:
        """评分标准 — the words of the regulation."""

    @property
    def basis(self) -> tuple[str, ...]:
        """依据 — the laws the clause rests on."""

    @property
    def inputs(self) -> tuple[Used, ...]:
        """The figures it was computed from, with their sources."""

    def formula(self, language: Language) -> str:
        """The calculation, with the numbers put in."""


@frozen
class Stated:
    """A reason that is known word for word: of a branch, a review, the total."""

    because: Words
    clause: str | None = None
    basis: tuple[str, ...] = ()
    calculation: Words = NOTHING_SAID
    inputs: tuple[Used, ...] = ()

    def formula(self, language: Language) -> str:
        """The calculation, with the numbers put in."""
        return self.calculation.into(language)


def discretion(judged: Judged, answer: Answer) -> bool:
    """Whether an answer took judgement, and so needs a reason: any points, but of an item only a share of it."""
    raw = answer.parts().get(judged.part)
    if raw is None and judged.part == "points":
        return bool(answer.ratings)
    return raw is not None and not (judged.yes_no and (isinstance(raw, bool) or raw in (0, 1)))


@frozen(eq=False)
class View:
    """What an explanation reads, whoever is judged: of a leaf or of a line of the total.

    `stands` says what `value` and `target` stand for, where they are no figure of their own; `by_default` that the
    criterion is the rulebook's default for the form of its target.
    """

    id: str
    vocabulary: Vocabulary = field(repr=False)
    slots: Slots = field(repr=False)
    origins: Mapping[str, Formula] = field(repr=False)
    stands: Mapping[str, Formula] = field(factory=dict, repr=False)
    by_default: bool = False


Teller: TypeAlias = "Callable[[Row, Scene], Words]"
"""How a slot of a sentence is put into words."""


@frozen(eq=False)
class Scene:
    """What was judged: how it is viewed, the row of values, and the facts behind the row."""

    view: View = field(repr=False)
    row: Row = field(repr=False)
    facts: Facts = field(repr=False)
    table: str | None = None
    """The table of which one record stands in the row, and what that record is called."""
    record: Words = NOBODY

    def of_record(self, loss: Loss, at: int) -> Scene:
        """The scene with one record of the table of a loss in its columns."""
        row, called = with_record(self.row, self.view.slots.of[loss.over or ""], at)
        return evolve(self, row=row, table=loss.over, record=called)

    def sentence(self, loss: Loss, capped: bool) -> Words:
        """扣分原因 — the sentence of a loss with its slots filled."""
        zh_still, en_still, moving = self.view.slots.once("slots", loss, self._parted)
        zh, en = zh_still.copy(), en_still.copy()
        for name, teller in moving:
            told = teller(self.row, self)
            zh[name], en[name] = told.zh, told.en
        said = Words(loss.because.zh.format_map(zh), loss.because.en.format_map(en))
        said = said if self.table is None else RECORD.fill(record=self.record, said=said)
        judged = self.view.slots.once("judged", loss.points, judged_parts)
        for one in judged:
            said = self._rated(one, said)
        answer = self.facts.answers.get(self.view.id)
        if answer is not None and any(discretion(one, answer) for one in judged):
            reason = next((given for one in judged if (given := answer.reason(one.part))), None)
            said = WITHOUT_REASON.fill(said=said) if reason is None else WITH_REASON.fill(said=said, reason=reason)
        said = BY_DEFAULT.fill(said=said) if self.view.by_default else said
        return (LIMITED if isinstance(loss, Gain) else CAPPED).fill(said=said) if capped else said

    def _rated(self, judged: Judged, said: Words) -> Words:
        """The sentence with how many raters there were, and what was left out of their mean."""
        given = self.row[self.view.slots.answers[judged.part]]
        if not isinstance(given, Rated):
            return said
        each = [near_text(fraction(one)) for one in sorted(given.each, key=fraction)]
        said = RATERS.fill(said=said, n=str(len(each)))
        if not (trim := judged.left_out(len(each))):
            return said
        return said + TRIMMED.fill(high=listed(each[: -trim - 1 : -1]), low=listed(each[:trim]))

    def formula(self, loss: Loss, language: Language) -> str:
        """The formula of a loss with the numbers put in, and what it comes to."""
        style = STYLES[language]
        taken = self._taken(loss.points)
        shown = tell(taken, style, lambda name: self._shown(name, language))
        value = self._number(loss.points)
        if value is None:
            return shown
        result = near_text(value)
        return shown if shown == result else f"{shown} {'' if result.startswith('≈') else '= '}{result}"

    def used(self, loss: Loss) -> tuple[Used, ...]:
        """The figures and answers that the loss was computed from, each once."""
        taken = [
            self._taken(one, keep_judged=True)
            for one in (loss.points, *(quote for _, quote in loss.quoting))
            if not isinstance(one, Words)
        ]
        figures = dict.fromkeys(name for one in taken for name in self._reads(one))
        answers = {judged.part: judged for one in taken for judged in judged_parts(one)}
        return (*map(self._figure, figures), *map(self._answer, answers.values()))

    def value(self, name: str) -> Value | None:
        """What stood in a slot, or None where nothing did."""
        return value_in(self.row, self.view.slots.of[name])

    def _parted(self, loss: Loss) -> tuple[dict[str, str], dict[str, str], list[tuple[str, Teller]]]:
        """The slots that read alike whatever the facts are, in both languages, and how each of the others is told."""
        still = {name: quote for name, quote in loss.quoting if isinstance(quote, Words)}
        moving = [(name, self._teller(quote)) for name, quote in loss.quoting if not isinstance(quote, Words)]
        return {name: one.zh for name, one in still.items()}, {name: one.en for name, one in still.items()}, moving

    def _teller(self, quote: Formula) -> Teller:
        if isinstance(quote, Name):
            return self._figure_teller(quote.name)
        return self.view.slots.once("words", quote, self._worded)

    def _figure_teller(self, name: str) -> Teller:
        term, slot = self.view.vocabulary[name], self.view.slots.of[name]
        zh, en = unit_text(term, "zh"), unit_text(term, "en")

        def told(row: Row, scene: Scene) -> Words:
            value = value_in(row, slot)
            if isinstance(value, bool | date):
                return Words(value_text(value, term, "zh") + zh, value_text(value, term, "en") + en)
            text = value_text(value, term, "zh")
            return Words(text + zh, text + en)

        return told

    def _worded(self, quote: Formula) -> Teller:
        """How a quoted formula is put into words, found out once: what depends on no figure is worded once too."""
        if isinstance(quote, Judged) and quote.yes_no:
            return lambda row, scene: scene._met(quote)
        if isinstance(quote, Judged) and quote.choices:
            return lambda row, scene: Words.same(scene._chosen(quote) or "?")
        kind = type_of(quote, self.view.vocabulary)
        if kind.sort == "yes-no":
            told = Words(
                zh=tell_condition(quote, STYLES["zh"], self._label), en=tell_condition(quote, STYLES["en"], self._label)
            )
            return lambda row, scene: told
        read, percent = self.view.slots.numeric(quote), kind.percent

        def worded(row: Row, scene: Scene) -> Words:
            try:
                return Words.same(near_ratio(*read(row), percent=percent))
            except Unreadable:
                return Words.same("?")

        if names(quote) or judged_parts(quote) or peers_in(quote):
            return worded
        known = worded((), self)
        return lambda row, scene: known

    def _met(self, judged: Judged) -> Words:
        met = self._number(judged)
        return NOT_MET if met == 0 else PARTLY_MET.fill(share="?" if met is None else near_text(met, percent=True))

    def _chosen(self, judged: Judged) -> str | None:
        """The word that was answered, whose place among the choices is what is reckoned with."""
        place = self._number(judged)
        return None if place is None else judged.choices[int(place)]

    def _number(self, formula: Formula) -> Fraction | None:
        try:
            return fraction(self.view.slots.once("number", formula, self.view.slots.numeric)(self.row))
        except Unreadable:
            return None

    def _taken(self, formula: Formula, *, keep_judged: bool = False) -> Formula:
        """The formula without the branches that were not taken, and with the assessor's numbers in place."""

        def step(one: Formula) -> Formula | None:
            match one:
                case Peers():  # it stands in the row under its name, and is shown as any figure
                    return one if keep_judged else Name(peers_name(one))
                case Gathered() if not keep_judged and (gathered := self._number(one)) is not None:
                    percent = type_of(one, self.view.vocabulary).percent
                    return Constant(gathered, "percent" if percent else "plain")
                case Choice(when=when, then=then, otherwise=otherwise):
                    try:
                        return self._taken(
                            then if self.view.slots.once("truth", when, self.view.slots.truth)(self.row) else otherwise,
                            keep_judged=keep_judged,
                        )
                    except Unreadable:
                        return None
                case Judged(part=part) if not keep_judged:
                    value = value_in(self.row, self.view.slots.answers[part])
                    return Constant(fraction(value)) if isinstance(value, tuple) else None
                case Least(of=of) | Greatest(of=of) if all(isinstance(part, Constant) for part in of):
                    known = self._number(one)
                    return None if known is None else Constant(known)
                case _:
                    return None

        return rebuilt(formula, step)

    def _reads(self, formula: Formula) -> Iterator[str]:
        for peers in reversed(peers_in(formula)):
            yield peers_name(cast(Peers, with_formulas(peers, self.view.stands)))
        for name in names(formula):
            if name in self.view.stands:
                yield from self._reads(self.view.stands[name])
            elif name not in ("value", "target", "weight", "score") and not self._of_all_records(name):
                yield name
                if name in self.view.origins:
                    yield from self._reads(self.view.origins[name])

    def _of_all_records(self, name: str) -> bool:
        """Whether it is a column of no record in particular; the table is named beside it."""
        return self.table_of(name) not in (None, self.table)

    def table_of(self, name: str) -> str | None:
        """The table of which a name is a column."""
        table, dot, _ = name.partition(".")
        known = self.view.vocabulary.get(table) if dot else None
        return table if known is not None and known.type == "table" else None

    def _figure(self, name: str) -> Used:
        fact = self.facts.inputs.get(self.table_of(name) or name)
        return Used(name, exactly(self.value(name)), fact.source if fact else None)

    def _answer(self, judged: Judged) -> Used:
        answer = self.facts.answers.get(self.view.id)
        value = exactly(value_in(self.row, self.view.slots.answers[judged.part]))
        shown = self._chosen(judged) if judged.choices else value
        return Used(f"{self.view.id}.{judged.part}", shown, answer.by if answer else None)

    def _label(self, name: str) -> str:
        return self.view.vocabulary[name].label

    def _shown(self, name: str, language: Language, *, unit: bool = False) -> str:
        term = self.view.vocabulary[name]
        return value_text(self.value(name), term, language) + (unit_text(term, language) if unit else "")


@frozen
class Told:
    """The reason of one loss: the sentence is the calculation, read again when somebody asks."""

    scene: Scene
    loss: Loss
    capped: bool = False
    clause: str | None = None
    basis: tuple[str, ...] = ()

    @property
    def because(self) -> Words:
        """The sentence of the loss, with its slots filled."""
        return self.scene.sentence(self.loss, self.capped)

    @property
    def inputs(self) -> tuple[Used, ...]:
        """The figures that the loss was computed from."""
        return self.scene.used(self.loss)

    def formula(self, language: Language) -> str:
        """The formula of the loss with its numbers."""
        return self.scene.formula(self.loss, language)
