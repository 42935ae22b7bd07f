"""On what a result was measured, and whether it was quiet meanwhile."""

import os
import platform
import re
import subprocess
import time

from benchmarks import samples

# Over this, other work than ours moves the figures.
NOISY_VARIATION = 0.05
NOISY_LOAD = 0.3  # of each processor, before we begin


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _processor():
    text = _read("/proc/cpuinfo")
    fields = dict(re.findall(r"^([^\t\n]+)\t*: (.*)$", text, re.M))
    return ", ".join(f"{label} {fields[key]}" if label else fields[key]
                     for label, key in (("", "model name"), ("family", "cpu family"),
                                        ("model", "model"), ("stepping", "stepping"))
                     if key in fields) or platform.machine()


def _package_version(name):
    words = ["dpkg-query", "-W", "-f=${Version}", name]
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def describe(context):
    """`context` is that of a report of Google Benchmark."""
    governor = _read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").strip()
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "virtual": "hypervisor" in _read("/proc/cpuinfo"),
        "governor": governor or "not told",
        "system": f"{platform.system()} {platform.release()}",
        "compiler": context.get("compiler", "unknown"),
        "flags": context.get("flags", "unknown"),
        "benchmark_version": context.get("benchmark_version", "unknown"),
        "libraries": {name: _package_version(name) for name in (
            "libssl3", "android-libboringssl", "libwolfssl35", "libbenchmark1debian")},
    }


def load():
    """Processors that are in use, over the last minute."""
    return os.getloadavg()[0]


def is_noisy(machine):
    return bool(noise(machine))


def noise(machine):
    """What speaks against the figures, as sentences; none on a quiet machine."""
    found = []
    before = machine.get("load_before", 0.0)
    if before > NOISY_LOAD * machine["processors"]:
        found.append(f"the load was {before:.2f} before the run began, on {machine['processors']} "
                     "processors")
    calibration = machine.get("calibration", [])
    if len(calibration) > 1 and samples.variation(calibration) > NOISY_VARIATION:
        found.append(f"the same work took times that vary by {100 * samples.variation(calibration):.0f}"
                     f" % (at most {100 * NOISY_VARIATION:.0f} % is quiet)")
    return found
