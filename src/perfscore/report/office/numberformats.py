"""Figures as a spreadsheet holds them: a number, and how it is printed.

In: the text of a cell and the number that it prints. Out: the number format that prints the number as that text; or
nothing, where a spreadsheet could not do that, and the text has to stay text.
Nothing is rounded here, and no number is taken from a text.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_PRINTED = re.compile(
    r"(?P<sign>[+−-]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<percent>%?)(?P<unit>.*)"
)
_PLAIN_UNIT = re.compile(r'[^"\\\x00-\x1f]{0,20}')


def number_format(text: str, number: Decimal) -> str | None:
    """The format in which a spreadsheet prints the number as the text.

    >>> from decimal import Decimal
    >>> number_format("9.00", Decimal(9)), number_format("+1.50", Decimal("1.5")), number_format("87.25%", Decimal("0.8725"))
    ('0.00', '+0.00;−0.00;0.00', '0.00%')
    >>> number_format("1,234万元", Decimal(1234)), number_format("(9.00)", Decimal(9)), number_format("9.00", Decimal(8))
    ('#,##0"万元"', None, None)
    """
    found = _PRINTED.fullmatch(text)
    if found is None or not _PLAIN_UNIT.fullmatch(found["unit"]) or Decimal(repr(float(number))) != number:
        return None
    printed = Decimal(f"{found['whole'].replace(',', '')}.{found['part'] or '0'}")
    shown = number * 100 if found["percent"] else number
    places = len(found["part"] or "")
    if abs(shown).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) != printed:
        return None
    if (number < 0) != (found["sign"] in ("−", "-")):
        return None
    digits = ("#,##0" if "," in found["whole"] else "0") + ("." + "0" * places if places else "")
    digits += found["percent"] + (f'"{found["unit"]}"' if found["unit"] else "")
    match found["sign"]:
        case "":
            return digits
        case "+":
            return f"+{digits};−{digits};{digits}"
        case minus:
            return f"{digits};{minus}{digits};{digits}"
