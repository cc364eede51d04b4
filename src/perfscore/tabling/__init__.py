"""From a table file to its results: what its columns mean, its rows judged in their order, and what it all comes to.

Nothing is read or written here; `tablefile` does that, and `batch` judges.
"""
