"""A file that is written whole or not at all.

In: a path. Out: a path beside it to write to; it takes the place of the first when all is well, and is taken away when
something was raised. Whoever reads the first path never sees half a file, not even after a kill. A link stays a link, and
what is no file, as a pipe or `/dev/stdout`, is written to and never replaced.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def landing(output: Path) -> Iterator[Path]:
    """Where to write what is to stand at `output`; raises `OSError` where nothing can be written there."""
    if output.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(output))
    if output.exists() and not output.is_file():
        with _poured_into(output) as made:
            yield made
        return
    output = output.resolve()
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:40]}.", suffix=".part")
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


@contextmanager
def _poured_into(output: Path) -> Iterator[Path]:
    """Where to write what goes into a pipe or a device when it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "whole"
        yield made
        with made.open("rb") as whole, output.open("wb") as into:
            shutil.copyfileobj(whole, into)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
