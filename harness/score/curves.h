// Survival curves of a scoreboard: what share of the searches of an engine is still without success
// after so many seconds.
#ifndef LASTREF_HARNESS_SCORE_CURVES_H_
#define LASTREF_HARNESS_SCORE_CURVES_H_

#include <string>
#include <vector>

#include "harness/score/sheet.h"

namespace lastref {

// From this time on until the next step that share survives.
struct SurvivalStep {
  double seconds = 0;
  double share = 1;

  friend bool operator==(const SurvivalStep&, const SurvivalStep&) = default;
};

// The product-limit estimate (Kaplan and Meier, JASA 53, 1958) over all searches of one engine, of
// all bugs and seeds. A search that was given up is censored at the time that it had used. Begins
// with a share of 1 at 0 seconds; has a step where a search succeeded, and no others.
std::vector<SurvivalStep> survival(const std::vector<ScoreRow>& rows, const std::string& engine);

// A picture of one curve for each engine of the rows, over time on a logarithmic axis: an SVG that
// needs nothing else.
std::string survival_svg(const std::vector<ScoreRow>& rows);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_CURVES_H_
