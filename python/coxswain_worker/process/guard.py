"""What code does to its process is told before it happens."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Callable
from typing import Any

from ..channel import REPLIES_FD, REQUESTS_FD, WATCH_FD, say
from ..scope import current_id

# The server ends it. A supervisor that tells all processes of a service to end tells the server as well.
_NOT_OURS = ("SIGINT", "SIGTERM", "SIGHUP")


def ignore_signals() -> None:
    """By a handler that does nothing: what is ignored would be ignored by every process that is started, too."""
    for name in _NOT_OURS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)


def guard_process(crashes_fd: int) -> None:
    """
    Args:
        crashes_fd: takes which thread was at work when native code crashes
    """
    faulthandler.enable(os.fdopen(crashes_fd, "wb", 0, closefd=False), all_threads=True)
    pid = os.getpid()
    os.register_at_fork(after_in_child=_leave_channel)

    def told(original: Callable[..., Any], reason_of: Callable[..., str | None]) -> Callable[..., Any]:
        def guarded(*args: Any) -> Any:
            reason = reason_of(*args)
            if reason is not None and os.getpid() == pid:
                say({"type": "ends", "call": current_id(), "reason": reason})
            return original(*args)

        return guarded

    os._exit = told(os._exit, lambda code=None: f"it called os._exit({code})")
    os.abort = told(os.abort, lambda: "it called os.abort()")
    os.kill = told(os.kill, lambda target, number: _by_signal(target == pid, number))
    os.killpg = told(os.killpg, lambda target, number: _by_signal(target in (0, pid), number))


def end_process() -> None:
    """Ends this process at once, with everything that it has started."""
    try:
        # Its own group, of which it is the first.
        _killpg(os.getpid(), signal.SIGKILL)
    finally:
        _kill(os.getpid(), signal.SIGKILL)


# Before they are guarded.
_kill = os.kill
_killpg = os.killpg


def _by_signal(is_own: bool, number: int) -> str | None:
    harmless = [0, *(getattr(signal, name, 0) for name in (*_NOT_OURS, "SIGCHLD", "SIGCONT"))]
    if not is_own or number in harmless:
        return None
    return f"it ended its process with {signal.Signals(number).name}"


def _leave_channel() -> None:
    """A forked process is no worker."""
    for fd in (REQUESTS_FD, REPLIES_FD, WATCH_FD):
        try:
            os.close(fd)
        except OSError:
            pass
