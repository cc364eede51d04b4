"""Roots, which have no exact value, to a declared number of digits and the same on every machine.

In: a rational and which root. Out: the root itself where it is rational, else the nearest decimal of so many places.
No binary float is used.
"""

from __future__ import annotations

from fractions import Fraction


def root_of(value: Fraction, degree: int, digits: int) -> Fraction:
    """The root of a number that is not negative.

    >>> root_of(Fraction(8, 27), 3, 34), str(root_of(Fraction(2), 2, 4))
    (Fraction(2, 3), '7071/5000')
    """
    above, below = whole_root(value.numerator, degree), whole_root(value.denominator, degree)
    if above**degree == value.numerator and below**degree == value.denominator:
        return Fraction(above, below)
    # twice as fine, so that the last digit can be rounded to the nearest
    scale = 2 * 10**digits
    halves = whole_root(value.numerator * scale**degree // value.denominator, degree)
    return Fraction((halves + 1) // 2, 10**digits)


def whole_root(number: int, degree: int) -> int:
    """The greatest whole number whose power is not above `number`."""
    if number < 2 or degree == 1:
        return number
    root = 1 << -(-number.bit_length() // degree)
    while (lower := ((degree - 1) * root + number // root ** (degree - 1)) // degree) < root:
        root = lower
    return root
