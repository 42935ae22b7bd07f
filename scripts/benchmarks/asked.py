"""What is asked of the figures, and whether a result has it: by time on the wall; on a machine that
was noisy by processor time, which says less of contention."""

from dataclasses import dataclass

from benchmarks import machine, samples

LIBRARIES = ("openssl", "boringssl", "wolfssl")
LOOK_UP = "cache/look_up/10000"


@dataclass
class Demand:
    what: str
    found: str
    met: object  # True, False, or None where this machine cannot say


def _interval(ratio):
    middle, low, high = ratio
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


class _Timed:
    """A result's samples of the time that can be trusted."""

    def __init__(self, result):
        self.result = result
        self.processor = machine.is_noisy(result.machine)
        self.kind = "processor time, for the machine was noisy" if self.processor else "wall time"

    def samples(self, name, threads):
        return self.result.samples(name, threads, self.processor)

    def threads(self, name):
        return self.result.threads(name)


def _pairs(result):
    for pattern in ("shared", "own", "pool"):
        name = f"pair/{pattern}/reference"
        for threads in result.threads(name):
            others = {library: result.samples(f"pair/{pattern}/{library}", threads)
                      for library in LIBRARIES}
            others = {library: ns for library, ns in others.items() if ns}
            if not others:
                continue
            fastest = min(others, key=lambda library: samples.median(others[library]))
            ratio = samples.ratio(others[fastest], result.samples(name, threads))
            yield Demand(f"up_ref and free, {pattern}, {threads} threads: reference at most 1.1 times "
                         "the fastest library, at the interval's end",
                         f"{_interval(ratio)} of {fastest}, {result.kind}", ratio[2] <= 1.1)


def _look_ups(result):
    for threads in result.threads(f"{LOOK_UP}/reference"):
        other = result.samples(f"{LOOK_UP}/openssl", threads)
        if not other:
            continue
        ratio = samples.ratio(other, result.samples(f"{LOOK_UP}/reference", threads))
        limit = 0.5 if threads == 1 else 0.25
        yield Demand(f"look-up, get1 and free at 10 000 sessions, {threads} threads: at most {limit} "
                     "times OpenSSL's", f"{_interval(ratio)}, {result.kind}", ratio[0] <= limit)


def _scaling(result):
    for threads in result.threads("pair/shared/split"):
        plain = result.samples("pair/shared/acquire_release", threads)
        if threads < 2 or not plain:
            continue
        ratio = samples.ratio(result.samples("pair/shared/split", threads), plain)
        meant = threads == 4 and result.result.machine["processors"] >= 4
        yield Demand(f"one shared object, {threads} threads: split cells do at least 5 times the pairs "
                     "of one atomic count, at 4 threads on as many processors",
                     f"{_interval(ratio)}, {result.kind}", ratio[0] >= 5 if meant else None)


def _ledger(result):
    for name, ratios in result.ratios.items():
        limit = {"caller": 3, "stack": 4}.get(name.rsplit("/", 1)[-1])
        if limit is None or "/pair/" not in name:
            continue
        middle = samples.median(ratios)
        yield Demand(f"ledger, {name}: at most {limit} times the bare pair", f"{middle:.2f}",
                     middle <= limit)


def demands(result):
    timed = _Timed(result)
    return [*_pairs(timed), *_look_ups(timed), *_scaling(timed), *_ledger(result)]
