"""What can be known of a rulebook before anyone is judged, or beyond one score: one question, one file.

In: a checked rulebook, and where the question needs them facts. Out: answers as plain values.
What can be told by reading the file alone stands in `rulefile.checks`; nothing is printed here, and nothing lists
the files.
"""
