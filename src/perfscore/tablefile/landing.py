"""A file that is written whole or not at all.

In: a path. Out: a path beside it to write to; it takes the place of the first when all is well, and is taken away when
something was raised. Whoever reads the first path never sees half a file, not even after a kill.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def landing(output: Path) -> Iterator[Path]:
    """Where to write what is to stand at `output`; raises `OSError` where nothing can be written there."""
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.", suffix=".part")
    os.close(handle)
    made = Path(name)
    try:
        yield made
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.chmod(output.stat().st_mode & 0o777 if output.exists() else 0o666 & ~_umask())
        made.replace(output)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
