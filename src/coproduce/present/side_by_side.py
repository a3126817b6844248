"""Carries out tasks side by side, each in a process of its own, and shows what each does when its turn has come.

The pool of the standard library ends all tasks where one process is killed, and carries no steps.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Generic, Self, TypeVar

from ..errors import CoproduceError, ExitCode

Task = TypeVar("Task")
Done = TypeVar("Done")
Show = Callable[[str], None]
# Libraries that would each take every core of the machine read here how many they may take.
_THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


class EndedFromOutsideError(CoproduceError):
    """The process of a task ended before its task did."""

    exit_code = ExitCode.NO_PLAN


class DefectError(RuntimeError):
    """A task met a defect of ours in its process."""


@dataclass
class _Begun(Generic[Done]):
    """A task that was begun.

    Attributes
    ----------
    steps : what it has said and nobody was shown yet
    ended : what it returned, or the failure with which it ended; None while it runs
    """

    steps: list[str] = field(default_factory=list)
    ended: Done | CoproduceError | OSError | DefectError | None = None


@dataclass
class _Worker(Generic[Done]):
    """A process and the task it is at; None while it waits for one."""

    process: SpawnProcess
    connection: Connection
    at: _Begun[Done] | None = None

    def take(self) -> bool:
        """Take the next message; return whether the process goes on."""
        assert self.at is not None
        try:
            kind, content = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            self.at.ended = EndedFromOutsideError(
                f"its process was ended from outside (exit code {self.process.exitcode}), perhaps for want of memory; "
                "--workers 1 plans one after another"
            )
            return False
        if kind == "step":
            self.at.steps.append(content)
        else:
            self.at.ended = DefectError(content) if kind == "defect" else content
            self.at = None
        return True


class SideBySide(Generic[Task, Done]):
    """Tasks on their way; used in a `with` statement, at whose end, as by an interrupt, all processes are ended.

    A process begins the next task as soon as it has ended one.
    """

    def __init__(self, work: Callable[[Task, Show], Done], tasks: Sequence[Task], workers: int, threads: int) -> None:
        """Take the tasks; none is begun yet.

        Parameters
        ----------
        work : a function of a module; it gets a task and a function that shows what it does
        workers : tasks carried out at the same time
        threads : what libraries with threads of their own are held to in each process
        """
        self._work, self._tasks, self._most, self._threads = work, tasks, workers, threads
        self._begun: list[_Begun[Done]] = []
        self._workers: list[_Worker[Done]] = []

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(self, *failure: object) -> None:
        """End what still runs."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()

    def ended(self, at: int, show: Show) -> Done | CoproduceError | OSError:
        """Return what a task returned, or the failure with which it ended, once it has.

        Parameters
        ----------
        at : the number of the task
        show : what shows its steps, the earlier ones too; those of other tasks wait for their turn

        Raises
        ------
        DefectError
            if it ended otherwise than by a failure that a user may meet.
        """
        while True:
            self._begin()
            if at < len(self._begun):
                one = self._begun[at]
                for step in one.steps:
                    show(step)
                one.steps.clear()
                if isinstance(one.ended, DefectError):
                    raise one.ended
                if one.ended is not None:
                    return one.ended
            self._take()

    def _begin(self) -> None:
        """Give tasks to processes that wait for one, and to new ones while there may be more."""
        for task in self._tasks[len(self._begun) :]:
            worker = next((one for one in self._workers if one.at is None), None)
            if worker is None and len(self._workers) == self._most:
                return
            if worker is None:
                with _bounded(self._threads):
                    worker = _started(self._work)
                self._workers.append(worker)
            worker.at = _Begun()
            self._begun.append(worker.at)
            worker.connection.send(task)

    def _take(self) -> None:
        """Wait for messages and take them."""
        ready = wait([worker.connection for worker in self._workers if worker.at is not None])
        for worker in [one for one in self._workers if one.connection in ready]:
            if not worker.take():
                worker.connection.close()
                self._workers.remove(worker)


def _started(work: Callable[[Task, Show], Done]) -> _Worker[Done]:
    """Start a process that waits for tasks; an interrupt is for the parent, which ends it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_carry_out, args=(work, theirs), daemon=True)
    on_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if on_main else None
    try:
        process.start()
    finally:
        if on_main:
            signal.signal(signal.SIGINT, before)
    # The only other end is that of the process, so that its death is seen.
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _bounded(threads: int) -> Iterator[None]:
    """Let processes started now use so many threads in libraries for which the user has not said otherwise."""
    own = {name: str(threads) for name in _THREADS if name not in os.environ}
    os.environ.update(own)
    try:
        yield
    finally:
        for name in own:
            del os.environ[name]


def _carry_out(work: Callable[[Task, Show], Done], connection: Connection) -> None:
    """Carry out tasks in a process until it is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        connection.send(_outcome(work, task, connection))


def _outcome(work: Callable[[Task, Show], Done], task: Task, connection: Connection) -> tuple[str, object]:
    """Return what came of a task and of which kind it is."""
    try:
        return "done", work(task, lambda step: connection.send(("step", step)))
    except (CoproduceError, OSError) as failure:
        return "failed", failure
    except Exception as failure:
        debug = os.environ.get("COPRODUCE_DEBUG")
        return "defect", traceback.format_exc() if debug else f"{type(failure).__name__}: {failure}"
