"""Sentences in two languages, side by side.

In: templates in Chinese and English with the same `{slots}`, and what goes into the slots.
Out: `Words`, which become one `str` only at a door that knows its reader.
No sentence is written here, and nothing here knows what is being talked about.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Literal, TypeAlias

from attrs import frozen

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@frozen
class Words:
    """One sentence, in Chinese and in English.

    >>> late = Words(zh="迟报 {n} 次", en="{n} late reports")
    >>> late.fill(n="3").zh
    '迟报 3 次'
    """

    zh: str
    en: str

    @classmethod
    def same(cls, text: str) -> Words:
        """Words that read alike in both languages: a name, a number, a quotation."""
        return cls(zh=text, en=text)

    def into(self, language: Language) -> str:
        """The sentence for a reader of `language`."""
        return self.zh if language == "zh" else self.en

    def fill(self, **slots: Words | str) -> Words:
        """The same sentence with its slots filled; a plain text reads alike in both languages."""
        return Words(
            zh=self.zh.format(**{name: _into(slot, "zh") for name, slot in slots.items()}),
            en=self.en.format(**{name: _into(slot, "en") for name, slot in slots.items()}),
        )

    def __add__(self, other: Words) -> Words:
        return Words(zh=self.zh + other.zh, en=self.en + other.en)


def _into(slot: Words | str, language: Language) -> str:
    return slot.into(language) if isinstance(slot, Words) else slot


def listed(items: Iterable[Words | str]) -> Words:
    """Several words as a list: 、 in Chinese, commas in English."""
    kept = list(items)
    return Words(
        zh="、".join(_into(item, "zh") for item in kept),
        en=", ".join(_into(item, "en") for item in kept),
    )


def counted(count: int, one: str, many: str = "") -> Words:
    """A number: by itself in Chinese, whose measure words stand in the sentence; in English with what is counted.

    >>> counted(1, "file").en, counted(2, "file").en, counted(0, "entry", "entries").en
    ('1 file', '2 files', '0 entries')
    """
    return Words(zh=str(count), en=f"{count} {one if count == 1 else many or f'{one}s'}")


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that was probably meant, if any is near.

    >>> nearest("critrion", ["criterion", "clause"])
    'criterion'
    """
    folded = {unicodedata.normalize("NFKC", one).casefold(): one for one in known}
    near = get_close_matches(unicodedata.normalize("NFKC", name).casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def visible(text: str) -> str:
    r"""Text from a file with its control and direction-changing characters spelled out, so that printing it does
    nothing else.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in "\n\u3000" else _spelled(one) for one in text)


def _spelled(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
