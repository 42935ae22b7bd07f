// The scoreboard as a table in Markdown.
#ifndef LASTREF_HARNESS_SCORE_PAGE_H_
#define LASTREF_HARNESS_SCORE_PAGE_H_

#include <string>
#include <vector>

#include "harness/score/sheet.h"

namespace lastref {

// For each bug and engine, in the order in which they first stand in the rows: how many of the
// searches found it, and the median programs and seconds until then, each with its confidence
// interval; searches that were given up count as longer than all others, so that a median that lies
// among them is "-". Below, for each engine the bugs that every search, or any, found, and for each
// engine but the first the ratio of its medians to the first one's over the bugs of which both have
// one.
std::string score_page(const std::vector<ScoreRow>& rows);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_PAGE_H_
