"""The calculus: an exact, closed, total little language, and its readers.

In: the text of a formula.
Out: one of a closed set of shapes (`shapes`), read by `exact` (its value), `bounds` (what it can reach),
`types` (what it gives) and `prose` (as people read it).
No loop, attribute, call of Python or look-up by text exists in it.
"""
