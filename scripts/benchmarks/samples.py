"""Statistics of two handfuls of samples: whether they differ, and by what ratio."""

import math
import statistics
from collections import Counter
from functools import lru_cache

# Above this the normal approximation is good to three digits, and the exact count is slow.
EXACT_AT_MOST = 25


def median(samples):
    return statistics.median(samples)


def variation(samples):
    """The coefficient of variation."""
    mean = statistics.fmean(samples)
    return statistics.stdev(samples) / mean if len(samples) > 1 and mean > 0 else 0.0


def _u(left, right):
    """How often one of `left` lies above one of `right`; equal ones count half."""
    return sum((a > b) + 0.5 * (a == b) for a in left for b in right)


@lru_cache(maxsize=None)
def _distribution(n, m):
    """Of all orders of n and m samples, how many have each U from 0 to n * m."""
    if n == 0 or m == 0:
        return (1,)
    # The largest of all is one of the n, and above all m, or one of the m.
    ways = [0] * (n * m + 1)
    for u, count in enumerate(_distribution(n - 1, m)):
        ways[u + m] += count
    for u, count in enumerate(_distribution(n, m - 1)):
        ways[u] += count
    return tuple(ways)


def _below(n, m, u):
    """The probability of a U of at most `u` when both come from one source."""
    ways = _distribution(n, m)
    return sum(ways[: u + 1]) / math.comb(n + m, n) if u >= 0 else 0.0


def mann_whitney(left, right):
    """The two-sided probability of a difference like this when there is none."""
    n, m = len(left), len(right)
    if n == 0 or m == 0:
        raise ValueError("found no samples; expected some of both")
    u = _u(left, right)
    ties = [count for count in Counter([*left, *right]).values() if count > 1]
    if not ties and max(n, m) <= EXACT_AT_MOST:
        return min(1.0, 2 * _below(n, m, int(min(u, n * m - u))))
    total = n + m
    tied = sum(count**3 - count for count in ties)
    spread = math.sqrt(n * m / 12 * (total + 1 - tied / (total * (total - 1))))
    if spread == 0:
        return 1.0
    distance = max(0.0, abs(u - n * m / 2) - 0.5) / spread
    return min(1.0, math.erfc(distance / math.sqrt(2)))


def ratio(left, right, confidence=0.95):
    """The median of right over left, pair by pair (Hodges and Lehmann), with the interval that the
    Mann-Whitney test would not reject: (median, low, high)."""
    ratios = sorted(b / a for a in left for b in right)
    n, m = len(left), len(right)
    tail = (1 - confidence) / 2
    if max(n, m) <= EXACT_AT_MOST:
        outside = 0
        while _below(n, m, outside) <= tail:
            outside += 1
    else:
        spread = math.sqrt(n * m * (n + m + 1) / 12)
        z = statistics.NormalDist().inv_cdf(1 - tail)
        outside = max(0, math.floor(n * m / 2 - z * spread))
    # With too few samples for any confidence, the interval is all that was seen.
    first = max(outside - 1, 0)
    return median(ratios), ratios[first], ratios[-1 - first]


def adjusted(probabilities):
    """Each probability as it stands beside the others (Benjamini and Hochberg): of those below a
    limit, that share is expected to be chance."""
    order = sorted(range(len(probabilities)), key=lambda i: probabilities[i])
    result = [1.0] * len(probabilities)
    least = 1.0
    for rank in range(len(order), 0, -1):
        index = order[rank - 1]
        least = min(least, probabilities[index] * len(order) / rank)
        result[index] = least
    return result
