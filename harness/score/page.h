// The scoreboard as a table in Markdown.
#ifndef LASTREF_HARNESS_SCORE_PAGE_H_
#define LASTREF_HARNESS_SCORE_PAGE_H_

#include <map>
#include <string>
#include <vector>

#include "harness/score/bug.h"
#include "harness/score/sheet.h"

namespace lastref {

// For each bug and engine, in the order in which they first stand in the rows: how many of the
// searches found it, and the median programs and seconds until then, each with its confidence
// interval; searches that were given up count as longer than all others, so that a median that lies
// among them is "-". Below, for each engine for how many bugs it was left out, how many searches
// reached the place of the mistake, triggered it, so that some program failed, and detected it as
// what it is; the share of all bugs, those included that it was left out for, that a search
// detects; the bugs that every search, or any, found; and of how many operations the smallest
// programs are, by their median. Then for each engine but the first what it detects beside the
// first, and the ratio of its medians to the first one's over the bugs of which both have one.
std::string score_page(const std::vector<ScoreRow>& rows);

// A table of the bugs that no search found, with their place, how far the searches came, and the
// argument of those that are said to be no bugs. Empty when all were found.
std::string survivor_page(const std::vector<ScoreRow>& rows, const std::vector<Bug>& bugs,
                          const std::map<std::string, std::string>& equivalents);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_PAGE_H_
