"""Chunks on the workers of a Dask cluster (the extra `coproduce[cluster]`); one machine needs none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, cast

from ...errors import CoproduceError, ExitCode
from ...stress.chunk import Chunk, carry_out, chunk_bounds
from ...stress.study import Study
from .run import Outcome, Team

_SECONDS = 20
_AHEAD = 2
"""Chunks that are sent for each thread of the cluster before results come back."""


class ClusterError(CoproduceError):
    """The cluster cannot be used; the message says what to do."""

    exit_code = ExitCode.INPUT


@contextmanager
def cluster(study: Study, replications: int, address: str) -> Iterator[Team]:
    """Yield a team of the workers of the cluster whose scheduler is at an address, as in tcp://10.0.0.1:8786.

    Raises
    ------
    ClusterError
        if Dask is not installed, nobody answers, there is no worker, or workers have another version.
    """
    client = _client(address)
    try:
        _check_workers(client, address)
        yield _Workers(client, client.scatter(study, broadcast=True, hash=False), replications)
    finally:
        client.close()


def _client(address: str) -> Any:
    try:
        import distributed
    except ImportError:
        raise ClusterError(
            "--cluster needs Dask, which is not installed; install it with: pip install 'coproduce[cluster]'"
        ) from None
    try:
        connect: Any = distributed.Client
        return connect(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as failure:
        raise ClusterError(f"no cluster answers at {address} ({type(failure).__name__})") from None


def _own_version() -> str:
    return version("coproduce")


def _check_workers(client: Any, address: str) -> None:
    found = client.run(_own_version, on_error="return")
    if not found:
        raise ClusterError(f"the cluster at {address} has no worker")
    other = {worker: said for worker, said in found.items() if said != _own_version()}
    for worker, said in other.items():
        raise ClusterError(
            f"the worker {worker} has no coproduce {_own_version()} ({said}); install the same version on all workers"
        )


class _Workers:
    """Workers of a cluster; what a worker loses with its machine is carried out by another one."""

    def __init__(self, client: Any, study: Any, replications: int) -> None:
        self._client, self._study, self._replications = client, study, replications

    def outcomes(self, numbers: Sequence[int]) -> Outcome:
        """Yield chunks as they end."""
        import distributed

        try:
            yield from self._outcomes(numbers, cast("Any", distributed.as_completed))
        except (distributed.KilledWorker, distributed.CancelledError, OSError) as failure:
            raise ClusterError(
                f"the cluster was lost ({type(failure).__name__}); the chunks that came back are kept for --resume"
            ) from None

    def _outcomes(self, numbers: Sequence[int], as_completed: Any) -> Outcome:
        waiting = list(reversed(numbers))
        sent: dict[str, int] = {}
        first = [self._send(waiting.pop(), sent) for _ in range(min(len(waiting), self._room()))]
        running = as_completed(first, loop=self._client.loop)
        for future in running:
            chunk: Chunk = future.result()
            if waiting:
                running.add(self._send(waiting.pop(), sent))
            yield sent.pop(future.key), chunk

    def _room(self) -> int:
        return max(int(sum(self._client.nthreads().values())), 1) * _AHEAD

    def _send(self, number: int, sent: dict[str, int]) -> Any:
        bounds = chunk_bounds(self._replications, number)
        future = self._client.submit(carry_out, self._study, *bounds, pure=False)
        sent[future.key] = number
        return future
