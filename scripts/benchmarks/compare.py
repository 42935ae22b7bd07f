"""Two results against each other: which rows have become slower."""

from dataclasses import dataclass

from benchmarks import samples

SIGNIFICANT = 0.05


@dataclass
class Change:
    name: str
    before: float
    after: float
    ratio: tuple
    probability: float = 1.0  # beside all other rows
    verdict: str = ""


def compare(left, right, threshold, processor=False):
    """A change for each row that both have, of time on the wall or of a processor. A regression is one
    that is not chance, and by more than the threshold also at the near end of the interval."""
    shared = [key for key in left.rows if key in right.rows]
    changes = []
    chances = []
    for name, threads in shared:
        before, after = (of.samples(name, threads, processor) for of in (left, right))
        label = name if threads == 1 else f"{name} x{threads}"
        changes.append(Change(label, samples.median(before), samples.median(after),
                              samples.ratio(before, after)))
        chances.append(samples.mann_whitney(before, after))
    for change, probability in zip(changes, samples.adjusted(chances)):
        change.probability = probability
        _, low, high = change.ratio
        if probability >= SIGNIFICANT:
            change.verdict = "same"
        elif low > 1 + threshold:
            change.verdict = "REGRESSION"
        elif high < 1 / (1 + threshold):
            change.verdict = "faster"
        else:
            change.verdict = "small"
    return changes


def text_of(changes, threshold):
    lines = [f"{'row':<46} {'before':>10} {'after':>10}  {'ratio':>6} {'95 % interval':>15} "
             f"{'p':>8}"]
    for change in sorted(changes, key=lambda c: -c.ratio[1]):
        if change.verdict == "same":
            continue
        middle, low, high = change.ratio
        lines.append(f"{change.name:<46} {change.before:>10.2f} {change.after:>10.2f}  "
                     f"{middle:>6.3f} {f'{low:.3f} to {high:.3f}':>15} "
                     f"{change.probability:>8.2g}  {change.verdict}")
    count = {verdict: sum(c.verdict == verdict for c in changes)
             for verdict in ("REGRESSION", "faster", "small", "same")}
    lines.append(f"{len(changes)} rows: {count['REGRESSION']} slower by more than "
                 f"{100 * threshold:g} %, {count['faster']} faster by as much, {count['small']} changed "
                 f"by less, {count['same']} the same (Mann-Whitney U, {100 * SIGNIFICANT:g} %)")
    return "\n".join(lines)
