"""The process of a crew's Python: it loads and calls what the server asks for, and ends when the server does."""

from __future__ import annotations

import atexit
import json
import os
import queue
import sys
import threading
from typing import Any

from . import crewai_light
from .again import Kept, begin_again, read_kept
from .calls import Calls
from .channel import REPLIES_FD, REQUESTS_FD, WATCH_FD, Requests, say
from .modules import code_hash, find_modules_beside, find_modules_in
from .needs import needs_of
from .process.board import MAIN_SLOT, NO_CALL, Board
from .process.guard import end_process, guard_process, ignore_signals
from .process.output import capture_output
from .process.watcher import start_watcher
from .trouble import set_project
from .values.store import Store, load_error
from .values.tools import ToolDefaults

# What code that is registered to run at the end gets for it.
_END_S = 0.8


def main() -> None:
    options: dict[str, Any] = json.loads(sys.argv[1])
    for fd in (REQUESTS_FD, REPLIES_FD, WATCH_FD):
        os.set_inheritable(fd, False)
    ignore_signals()
    os.chdir(options["dir"])
    set_project(options["dir"])
    board = Board()
    watcher, crashes_fd = start_watcher(board, options["serverPid"], options["memoryMb"])
    guard_process(crashes_fd)
    capture_output()
    find_modules_in(options["dir"])
    _Worker(options, board, watcher).work()


class _Worker:
    def __init__(self, options: dict[str, Any], board: Board, watcher: int) -> None:
        self.options = options
        self.watcher = watcher
        self.kept = read_kept(options.get("keptFd"))
        self.requests = Requests(self.kept.unread)
        self.store = Store(ToolDefaults(options["onCrash"], options["timeoutMs"]))
        self.calls = Calls(board, options["threads"], self.store.find)
        self.loads: queue.SimpleQueue[list[Any] | None] = queue.SimpleQueue()
        self.loaded: list[Any] = []
        # Undecided until it is known what is loaded.
        self.is_real: bool | None = None
        board.enter(MAIN_SLOT, NO_CALL)

    def work(self) -> None:
        prefix, version = sys.prefix, ".".join(map(str, sys.version_info[:3]))
        say({"type": "hello", "version": version, "prefix": prefix, "executable": sys.executable})
        self.decide([*self.kept.loaded, *self.kept.pending, *self.options["known"]])
        for reference in self.kept.loaded:
            self.load_one(reference)
        if self.kept.pending:
            self.load(self.kept.pending)
        threading.Thread(target=self.listen, name="coxswain requests", daemon=True).start()
        while (references := self.loads.get()) is not None:
            self.load(references)
        self.end()

    def listen(self) -> None:
        try:
            self.hear()
        except Exception as error:  # noqa: BLE001 - code has closed what it does not own, say
            print(f"the server cannot be heard any more: {error}", file=sys.__stderr__)
            end_process()
        # The server has ended, or wants this to end.
        timer = threading.Timer(_END_S, end_process)
        timer.daemon = True
        timer.start()
        self.loads.put(None)

    def hear(self) -> None:
        for request in self.requests:
            if request["op"] == "load":
                self.loads.put(request["references"])
            elif request["op"] == "call":
                self.calls.begin(request)
            elif request["op"] == "cancel":
                self.calls.cancel(request["id"])

    def decide(self, references: list[Any]) -> None:
        """Whether the real CrewAI is needed. Once it is imported, that stays so."""
        if self.is_real or (self.is_real is None and not references):
            return
        for reference in references:
            find_modules_beside(reference["at"])
        mode = self.options["mode"]
        needs = needs_of([reference["names"] for reference in references])
        # Where it is not installed, what needs it says so, and the rest goes without.
        is_real = mode == "real" or (mode == "auto" and needs.real and crewai_light.is_real_there())
        if self.is_real is None and not is_real:
            crewai_light.stand_in()
        elif self.is_real is False and is_real:
            self.begin_again(references)
        if is_real:
            self.is_real = True
            self.name_old(needs.old_names)
        self.is_real = is_real

    def name_old(self, imports_old: bool) -> None:
        try:
            crewai_light.stand_in_for_old_names(imports_old)
        except Exception as error:  # noqa: BLE001 - what imports it says so, too
            print(f"crewai cannot be imported: {error}", file=sys.stderr)

    def load(self, references: list[Any]) -> None:
        self.decide(references)
        answers = []
        for reference in references:
            say({"type": "loading", "key": reference["key"]})
            answers.append(self.load_one(reference))
            if self.is_real is False and self.options["mode"] == "auto" and crewai_light.asked_for():
                self.begin_again_if_real(references)
        say({"type": "loaded", "loaded": answers, "codeHash": code_hash()})
        self.loaded.extend(references)

    def load_one(self, reference: Any) -> dict[str, Any]:
        find_modules_beside(reference["at"])
        try:
            return self.store.load(reference)
        except BaseException as error:  # noqa: BLE001 - also SystemExit: it is one reference that cannot be loaded
            told = load_error(reference, error)
            self.store.note_error(reference["key"], told["error"])
            return told

    def begin_again_if_real(self, pending: list[Any]) -> None:
        if crewai_light.is_real_there():
            self.begin_again(pending)
        crewai_light.asked_for().clear()

    def begin_again(self, pending: list[Any]) -> None:
        with self.requests.paused:
            if self.calls.count > 0:
                reason = "it begins anew with the real CrewAI"
                say({"type": "ends", "call": None, "reason": reason})
            else:
                unread = b"".join(self.waiting_loads()) + self.requests.unread
                begin_again(self.options, Kept(self.loaded, pending, unread), self.watcher)
        end_process()

    def waiting_loads(self) -> list[bytes]:
        found = []
        while not self.loads.empty():
            references = self.loads.get()
            if references is not None:
                found.append(json.dumps({"op": "load", "references": references}).encode() + b"\n")
        return found

    def end(self) -> None:
        try:
            atexit._run_exitfuncs()
        finally:
            end_process()
