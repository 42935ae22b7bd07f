// The median of a few searches, some of which were given up.
#ifndef LASTREF_HARNESS_SCORE_MEDIAN_H_
#define LASTREF_HARNESS_SCORE_MEDIAN_H_

#include <limits>
#include <vector>

namespace lastref {

// A search that was given up: it would have taken longer than all that were not.
inline constexpr double kCensored = std::numeric_limits<double>::infinity();

struct Median {
  double value = kCensored;
  // A confidence interval by order statistics, which assumes nothing of the distribution (David and
  // Nagaraja, Order Statistics, 7.1).
  double low = kCensored;
  double high = kCensored;
  // How sure it is: at least kConfidence, where there are enough samples for that (six); with fewer
  // the interval is from the least to the largest, and this says what that amounts to.
  double confidence = 0;
};
inline constexpr double kConfidence = 0.95;

// Of at least one sample.
Median median(std::vector<double> samples);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_MEDIAN_H_
