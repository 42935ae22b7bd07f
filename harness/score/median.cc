#include "harness/score/median.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lastref {

Median median(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const std::size_t count = samples.size();
  Median of;
  // Of an even number the lower of the two in the middle may be all that was measured: the upper
  // one, which is never too good, stands for both.
  of.value = samples[count / 2];
  if (count % 2 == 0 && std::isfinite(samples[count / 2])) {
    of.value = (samples[count / 2 - 1] + samples[count / 2]) / 2;
  }
  // The interval from the k-th least to the k-th largest misses the true median when fewer than k
  // samples lie on one side of it: twice the tail of Binomial(count, 1/2) below k.
  double tail = 0;
  double term = std::pow(0.5, static_cast<double>(count));  // of 0 samples on a side
  std::size_t k = 0;
  of.confidence = 1 - 2 * term;
  while (k + 1 <= count / 2) {
    const double next = tail + term;
    if (k > 0 && 1 - 2 * next < kConfidence) break;
    tail = next;
    of.confidence = 1 - 2 * tail;
    ++k;
    term *= static_cast<double>(count - k + 1) / static_cast<double>(k);
  }
  k = std::max<std::size_t>(k, 1);
  of.low = samples[k - 1];
  of.high = samples[count - k];
  return of;
}

}  // namespace lastref
