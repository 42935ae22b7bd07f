"""A result for people: a Markdown text, and one page that needs nothing else."""

import html
import re

from benchmarks import asked, machine, samples, svg
from benchmarks.result import UNDIVIDED_SINCE, version_of

NONE = "none"


def _facts(result):
    facts = result.machine
    libraries = ", ".join(f"{name} {version}" for name, version in facts["libraries"].items())
    divides = version_of(facts["benchmark_version"]) < UNDIVIDED_SINCE
    noise = machine.noise(facts)
    return [
        ("measured", facts["date"]),
        ("processor", f"{facts['processors']} of {facts['processor']}"
         + (", virtual" if facts["virtual"] else "") + f"; governor: {facts['governor']}"),
        ("system", facts["system"]),
        ("compiler", f"{facts['compiler']}, {facts['flags']}"),
        ("libraries", libraries),
        ("load", f"{facts['load_before']:.2f} before, {facts['load_after']:.2f} after"),
        ("noise", "NOISY: " + "; ".join(noise) if noise else "quiet"),
        ("figures", "nanoseconds on the wall of one operation as its thread sees it; samples in random "
         "order, threads start together. Google Benchmark "
         + f"{facts['benchmark_version']} "
         + ("divides by the number of threads, which is taken back here" if divides else
            "does not divide by the number of threads")),
    ]


def _rows(result):
    rows = []
    for (name, threads), ns in sorted(result.rows.items(), key=lambda item: item[0]):
        middle = samples.median(ns)
        processor = result.samples(name, threads, processor=True)
        rows.append((name, str(threads), f"{middle:.2f}", f"{min(ns):.2f}",
                     f"{100 * samples.variation(ns):.1f} %", f"{samples.median(processor):.2f}",
                     f"{1e3 * threads / middle:.2f}", str(len(ns))))
    return rows


HEADINGS = ("row", "threads", "median ns", "least ns", "CV", "processor ns",
            "M operations/s, all threads", "samples")


def _met(met):
    return {True: "yes", False: "no", None: "not to be said here"}[met]


def _tables(result):
    """(title, headings, rows) of all tables."""
    tables = [("What is asked", ("asked", "found", "met"),
               [(d.what, d.found, _met(d.met)) for d in asked.demands(result)])]
    if result.instructions:
        tables.append(("Instructions of one operation, on one thread, by callgrind",
                       ("operation", "instructions"),
                       [(name, f"{count:.1f}") for name, count in sorted(result.instructions.items())]))
    if result.hardware:
        tables.append(("Counted by the hardware, of one operation on one thread",
                       ("operation", "event", "count"),
                       [(name, event, f"{count:.2f}") for name, counts in result.hardware.items()
                        for event, count in counts.items()]))
    if result.ratios:
        tables.append(("With the ledger over without, in turns of one program", ("row", "ratio"),
                       [(name, f"{samples.median(ratios):.2f}")
                        for name, ratios in sorted(result.ratios.items())]))
    tables.append(("All rows", HEADINGS, _rows(result)))
    return [table for table in tables if table[2]]


def summary(result):
    """What a terminal shows."""
    lines = [f"{label}: {text}" for label, text in _facts(result) if label in ("load", "noise")]
    width = max(len(name) for name, _ in result.rows)
    lines.append(f"{'row':<{width}} threads  median ns   least ns      CV  processor ns")
    for name, threads, middle, least, variation, processor, _, _ in _rows(result):
        lines.append(f"{name:<{width}} {threads:>7} {middle:>10} {least:>10} {variation:>7} "
                     f"{processor:>13}")
    lines += [f"{_met(demand.met):>19}  {demand.what}: {demand.found}"
              for demand in asked.demands(result)]
    return "\n".join(lines)


def markdown(result):
    lines = ["# What a reference costs", ""]
    lines += [f"- {label}: {text}" for label, text in _facts(result)]
    lines += [f"- note: {note}" for note in result.notes]
    for title, headings, rows in _tables(result):
        lines += ["", f"## {title}", "", "| " + " | ".join(headings) + " |",
                  "|---" * len(headings) + "|"]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _against_threads(result, prefix):
    series = []
    for name in sorted(result.names(re.escape(prefix) + "[^/]+(::[^/]+)?")):
        points = [(t, samples.median(result.samples(name, t))) for t in result.threads(name)]
        if len(points) > 1:
            series.append((name[len(prefix):], points))
    return series


def _against_size(result, what, threads):
    series = {}
    for name in result.names(f"cache/{what}/\\d+/[^/]+"):
        _, _, size, way = name.split("/")
        ns = result.samples(name, threads)
        if ns:
            series.setdefault(way, []).append((int(size), samples.median(ns)))
    return [(way, sorted(points)) for way, points in sorted(series.items())]


def _overheads(result, what):
    bare = result.samples(f"track/{what}/{NONE}")
    if not bare:
        return []
    floor = samples.median(bare)
    found = {name.rsplit("/", 1)[1]: samples.median(result.samples(name)) / floor
             for name in result.names(f"track/{re.escape(what)}/[^/]+")}
    return sorted(found.items(), key=lambda item: item[1])


def plots(result):
    drawn = []
    for prefix, title in (("pair/shared/", "Acquire and release, all threads on one object"),
                          ("pair/own/", "Acquire and release, each thread on its own object"),
                          ("pair/pool/", "Acquire and release in a pool of 1000, few of them hot"),
                          ("life/own/", "Make, acquire, release, release"),
                          ("cache/look_up/10000/", "Look-up, get1, free at 10 000 sessions"),
                          ("cache/read_mostly/10000/", "Of 100 operations 5 write, 10 000 sessions"),
                          ("cache/write_heavy/10000/", "Of 100 operations 50 write, 10 000 sessions")):
        drawn.append(svg.lines(title, "threads", _against_threads(result, prefix)))
    for what in ("look_up", "add", "remove", "evict", "flush", "resume"):
        drawn.append(svg.lines(f"{what}, one thread", "sessions in the cache",
                               _against_size(result, what, 1)))
    for what, title in (("pair", "What a pair costs when it is watched"),
                        ("program", "What a program costs when it is watched")):
        drawn.append(svg.bars(title, _overheads(result, what)))
    return [plot for plot in drawn if plot]


STYLE = """body{font:15px/1.5 sans-serif;max-width:72em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:2px 8px;
text-align:left}td{font-variant-numeric:tabular-nums}.noisy{background:#fff3cd;padding:.5em}
svg{max-width:100%;height:auto;border:1px solid #eee;margin:.5em 0}"""


def page(result):
    parts = ["<!doctype html><html lang='en'><meta charset='utf-8'><title>What a reference costs"
             f"</title><style>{STYLE}</style><h1>What a reference costs</h1>"]
    if machine.is_noisy(result.machine):
        parts.append("<p class='noisy'>This was measured on a noisy machine: the instruction counts "
                     "and the least times say more than the medians.</p>")
    parts.append("<ul>" + "".join(f"<li>{html.escape(label)}: {html.escape(text)}</li>"
                                  for label, text in
                                  [*_facts(result), *(("note", note) for note in result.notes)]) + "</ul>")
    tables = _tables(result)
    parts += [_table(*table) for table in tables[:-1]]
    parts += plots(result)
    parts.append(_table(*tables[-1]))
    return "\n".join(parts) + "\n"


def _table(title, headings, rows):
    def cells(tag, row):
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"
    return (f"<h2>{html.escape(title)}</h2><table>{cells('th', headings)}"
            + "".join(cells("td", row) for row in rows) + "</table>")
