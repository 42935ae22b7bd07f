"""What a run of the suite came to: machine, rows of samples, instruction counts. A JSON file."""

import json
import os
import re

FORMAT = 1
# Google Benchmark divides the time of a row by its threads in versions before this one.
UNDIVIDED_SINCE = (1, 9)


class ResultError(Exception):
    """A file that is no result. Says which, what was found and what to do."""


def version_of(text):
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


SCALES = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def thread_time(run, benchmark_version):
    """Nanoseconds on the wall that one operation takes the thread that does it."""
    threads = run.get("threads", 1)
    divided = threads > 1 and version_of(benchmark_version) < UNDIVIDED_SINCE
    return run["real_time"] * SCALES[run["time_unit"]] * (threads if divided else 1)


def processor_time(run):
    """Nanoseconds of a processor that one operation takes. What else runs on the machine does not
    count; nor does waiting."""
    # A row that times parts by itself has a processor time of all of it.
    timed = "real_time" if "/manual_time" in run["run_name"] else "cpu_time"
    return run[timed] * SCALES[run["time_unit"]]


def row_name(run_name):
    """The name as it was registered, without what Google Benchmark appends."""
    return re.sub(r"/(real_time|manual_time|process_time|threads:\d+|iterations:\d+)", "", run_name)


class Result:
    def __init__(self, machine):
        self.machine = machine
        self.notes = []
        self.rows = {}  # (name, threads) to samples in ns, on the wall
        self.processor = {}  # the same, of a processor
        self.ratios = {}  # name to samples of what a program compared by itself
        self.instructions = {}  # name to instructions of one operation
        self.hardware = {}  # name to what the hardware counts of one, by event

    def add_report(self, report, rename=lambda name: name):
        """The JSON that a program of the suite wrote."""
        version = report["context"].get("benchmark_version", "1.7.1")
        for run in report["benchmarks"]:
            if run.get("run_type") != "iteration":
                continue
            if run.get("error_occurred"):
                self.notes.append(f"{run['name']}: {run.get('error_message', 'failed')}")
                continue
            name = rename(row_name(run["run_name"]))
            key = (name, run.get("threads", 1))
            self.rows.setdefault(key, []).append(thread_time(run, version))
            self.processor.setdefault(key, []).append(processor_time(run))
            if "ratio" in run:
                self.ratios.setdefault(name, []).append(run["ratio"])

    def samples(self, name, threads=1, processor=False):
        return (self.processor if processor else self.rows).get((name, threads), [])

    def threads(self, name):
        return sorted(threads for row, threads in self.rows if row == name)

    def names(self, pattern):
        return list(dict.fromkeys(n for n, _ in self.rows if re.fullmatch(pattern, n)))

    def save(self, path):
        rows = [{"name": key[0], "threads": key[1], "ns": ns, "processor_ns": self.processor[key]}
                for key, ns in self.rows.items()]
        text = {"lastref_bench": FORMAT, "machine": self.machine, "notes": self.notes, "rows": rows,
                "ratios": self.ratios, "instructions": self.instructions, "hardware": self.hardware}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(text, file, indent=1)
            file.write("\n")

    @staticmethod
    def load(path):
        if os.path.isdir(path):
            path = os.path.join(path, "result.json")
        try:
            with open(path, encoding="utf-8") as file:
                text = json.load(file)
        except (OSError, ValueError) as error:
            raise ResultError(f"{path}: {error}; expected the result.json of scripts/bench") from error
        if not isinstance(text, dict) or text.get("lastref_bench") != FORMAT:
            raise ResultError(f"{path}: found no result of scripts/bench of format {FORMAT};"
                              " make it again")
        try:
            return Result._read(text)
        except (KeyError, TypeError) as error:
            raise ResultError(f"{path}: found no {error}, which a result has; make it again") from error

    @staticmethod
    def _read(text):
        result = Result(text["machine"])
        result.notes = text["notes"]
        result.rows = {(row["name"], row["threads"]): row["ns"] for row in text["rows"]}
        result.processor = {(row["name"], row["threads"]): row["processor_ns"]
                            for row in text["rows"]}
        result.ratios = text["ratios"]
        result.instructions = text["instructions"]
        result.hardware = text["hardware"]
        return result
