"""Runs the programs of the suite, in turns and in an order that a seed shuffles."""

import json
import os
import random
import re
import subprocess
import sys

from benchmarks import machine as machines
from benchmarks.result import Result

# So often each program runs, unless --rounds asks for more, so that what the machine does for a while
# meets all alike.
ROUNDS = 3
REPETITIONS = 3  # of each round: nine samples
SEED = 1
# How much more work a row of the full set does. Its rows of a million sessions and of threads that
# wait for one lock make up most of its time: with ten times the work the first of three rounds had not
# ended after a quarter of an hour.
FULL_SCALE = 2


class Program:
    """One of the suite: which rows it runs in the quick set, all in the full one."""

    def __init__(self, name, quick, full=".*", wrapper=(), rename=None, timed=False):
        self.name = name
        self.quick = quick
        self.full = full
        self.wrapper = list(wrapper)
        self.timed = timed
        self.rename = rename or (lambda row: row)


COUNTS = r"^(pair|life)/"
CACHE = r"^cache/(look_up|read_mostly|write_heavy|add|remove|evict|flush)/(100|10000)/"
LIBRARY = f"{COUNTS}|{CACHE}"


def _tracked(mode):
    return lambda row: f"{row}/{mode}" if row.startswith("track/") else row


def programs():
    track = r"^track/"
    return [
        Program("bench_refcount", f"^calibration|{COUNTS}"),
        Program("bench_library_reference", LIBRARY),
        Program("bench_library_reference_biased", COUNTS, COUNTS),
        Program("bench_library_reference_split", COUNTS, COUNTS),
        Program("bench_library_openssl", LIBRARY),
        Program("bench_library_boringssl", LIBRARY),
        Program("bench_library_wolfssl", COUNTS),
        *(Program(f"bench_resumption_{target}", r"/(100|10000)/",
                  rename=lambda row: row.replace("reference-bare", "reference"))
          for target in ("reference", "openssl", "boringssl", "wolfssl")),
        Program("bench_tracking_bare", track, rename=_tracked("none")),
        Program("bench_tracking_ledger", track),
        Program("bench_tracking_asan", track, rename=_tracked("AddressSanitizer")),
        Program("bench_tracking_tsan", track, rename=_tracked("ThreadSanitizer")),
        Program("bench_tracking_bare", track, wrapper=["valgrind", "-q", "--tool=memcheck"],
                rename=_tracked("valgrind")),
        Program("bench_ledger", r"one_of_several_threads/pair|threads_started", timed=True),
        Program("bench_harness", ".*"),
    ]


def say(text):
    print(f"scripts/bench: {text}", file=sys.stderr, flush=True)


def _command(program, path, expression, full):
    # The programs of the suite do the same work in each repetition; bench_ledger is timed.
    scale = str(FULL_SCALE if full else 1)
    work = ["--benchmark_min_time=0.05"] if program.timed else ["--scale", scale]
    return [*program.wrapper, path, *work, f"--benchmark_filter={expression}",
            f"--benchmark_repetitions={REPETITIONS}",
            "--benchmark_enable_random_interleaving=true", "--benchmark_format=json"]


def run(build, full, only, rounds=ROUNDS):
    """The result of all programs that were built. `only` is an expression for names of programs."""
    before = machines.load()
    plan = []
    missing = []
    for program in programs():
        if not re.search(only, program.name):
            continue
        path = os.path.join(build, "bin", program.name)
        if os.path.exists(path):
            plan += [(program, path)] * rounds
        elif program.name not in missing:
            missing.append(program.name)
    if not plan:
        raise FileNotFoundError(f"no program of the suite that matches '{only}' is in {build}/bin")
    order = random.Random(SEED)
    # A round is through before the next begins, each in an order of its own.
    turns = [plan[i::rounds] for i in range(rounds)]
    for one in turns:
        order.shuffle(one)
    result = None
    for number, (program, path) in enumerate([turn for one in turns for turn in one], 1):
        say(f"{number} of {len(plan)}: {program.name} {' '.join(program.wrapper[:1])}")
        words = _command(program, path, program.full if full else program.quick, full)
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            report = json.loads(done.stdout) if done.returncode == 0 else None
            failure = f"exit code {done.returncode}: {done.stderr.strip()[-300:]}"
        except (OSError, ValueError) as error:
            report, failure = None, str(error)
        if result is None:
            result = Result(machines.describe((report or {}).get("context", {})))
        if report is None:
            result.notes.append(f"{program.name} could not be measured: {failure}")
            continue
        if result.machine["compiler"] == "unknown":
            result.machine.update(machines.describe(report["context"]))
        result.add_report(report, program.rename)
    result.notes += [f"{name} was not built, so its rows are left out" for name in missing]
    result.notes = list(dict.fromkeys(result.notes))
    result.machine["load_before"] = before
    result.machine["load_after"] = machines.load()
    result.machine["calibration"] = result.rows.pop(("calibration", 1), [])
    return result
