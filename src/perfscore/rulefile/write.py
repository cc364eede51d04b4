"""Write a rulebook as a rule file.

In: a `Rulebook`. Out: TOML text that reads back to the same rulebook.
What is written is said in `document`; how TOML looks is left to its writer.
"""

from __future__ import annotations

from perfscore.rulebook import Rulebook
from perfscore.rulefile.document import document


def dumps(rulebook: Rulebook) -> str:
    """The rulebook as TOML. Reading the text gives an equal rulebook."""
    import tomli_w

    return tomli_w.dumps(document(rulebook))
