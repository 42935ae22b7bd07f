"""What one operation on one thread takes, counted and not timed: instructions by callgrind, which no
other work moves, and what the hardware counts where it does."""

import os
import re
import subprocess

from benchmarks.measure import programs, say

# A difference of two counts, so that what a process does until its first operation does not matter.
FEW, MANY = 1000, 11_000
HARDWARE_FEW, HARDWARE_MANY = 100_000, 1_100_000
EVENTS = ("instructions:u", "cycles:u", "cache-misses:u")


def _collected(path, deed, count):
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", path, "--do", deed,
             str(count)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def parse_perf(text):
    """Event to count, of what `perf stat -x,` writes; without those that are not counted here."""
    counts = {}
    for line in text.splitlines():
        fields = line.split(",")
        if len(fields) > 2 and fields[0].isdigit():
            counts[fields[2]] = int(fields[0])
    return counts


def _hardware(path, deed, count):
    words = ["perf", "stat", "-x,", "-e", ",".join(EVENTS), path, "--do", deed, str(count)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return {}
    return parse_perf(done.stderr) if done.returncode == 0 else {}


def _deeds(path, full):
    listing = subprocess.run([path, "--do", "?", "0"], capture_output=True, text=True, check=False)
    known = re.findall(r"^  (\S+)$", listing.stderr, re.M)
    return [deed for deed in known if full or re.match(r"pair/|look_up/", deed)]


def count(result, build, full, only):
    for program in dict.fromkeys(p.name for p in programs()):
        path = os.path.join(build, "bin", program)
        # Others do not take --do.
        if not re.match(r"bench_(refcount|library_)", program) or not re.search(only, program):
            continue
        for deed in _deeds(path, full) if os.path.exists(path) else ():
            say(f"instructions of {deed}")
            try:
                few, many = (_collected(path, deed, count) for count in (FEW, MANY))
            except (OSError, subprocess.CalledProcessError, AttributeError) as error:
                result.notes.append(f"{deed}: its instructions could not be counted: {error}")
                continue
            result.instructions[deed] = (many - few) / (MANY - FEW)
            few, many = (_hardware(path, deed, count) for count in (HARDWARE_FEW, HARDWARE_MANY))
            result.hardware[deed] = {event: (many[event] - few[event])
                                     / (HARDWARE_MANY - HARDWARE_FEW)
                                     for event in few if event in many}
    result.hardware = {deed: counts for deed, counts in result.hardware.items() if counts}
    if not result.hardware:
        result.notes.append("the hardware counts nothing here that perf can read")
