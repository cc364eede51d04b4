"""Judge a stream of rows, chunk by chunk and in its order, on as many processors as there are.

In: a stream of batches. Out: their results as batches. No more than a few chunks are held at a time, whatever the stream is
long; numpy does its work outside Python's lock, so that threads are enough. Nothing is judged here.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

import pyarrow as pa

from perfscore.batch.exactly import Judging
from perfscore.batch.mixed import Mixed
from perfscore.batch.results import batch_of

ROWS = 65_536
"""How many rows are judged at a time at most: of so many the decimals are still handed out of memory that was used before."""
_FEW = 16_384
"""So few are not shared out among threads: each of them costs as much to begin as a thousand rows."""
_MOST_THREADS = 4


def judged_stream(judging: Judging, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The results of every chunk, in the order of the rows."""
    judge = Mixed(judging)

    def results(some: pa.RecordBatch, start: int) -> pa.RecordBatch:
        return batch_of(judging.frame, judge.results(some, start))

    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    pool = _pool(os.getpid(), threads)
    waiting: deque[Future[pa.RecordBatch]] = deque()
    try:
        for some, start in _chunks(reader, threads):
            waiting.append(pool.submit(results, some, start))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # whoever takes no more, or meets an error, waits for nothing
        for one in waiting:
            one.cancel()


@lru_cache(maxsize=1)
def _pool(process: int, threads: int) -> ThreadPoolExecutor:
    """The threads of a process: kept, since memory that a new thread asks for is handed out and cleared anew. A forked process has
    none of its parent's.
    """
    return ThreadPoolExecutor(threads, f"perfscore-{process}")


def _chunks(reader: pa.RecordBatchReader, threads: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Pieces of every batch, of one size, so that no thread waits for another at its end."""
    start = 0
    for batch in reader:
        turns = -(-batch.num_rows // (ROWS * threads))
        size = min(ROWS, max(-(-batch.num_rows // max(turns * threads, 1)), _FEW))
        for at in range(0, batch.num_rows, size):
            some = batch.slice(at, size)
            yield some, start
            start += some.num_rows
