// corpus/bugs.md: the public bugs, with their traces, or what a program has no words for.
#ifndef LASTREF_HARNESS_CORPUS_BUG_TABLE_H_
#define LASTREF_HARNESS_CORPUS_BUG_TABLE_H_

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/corpus/corpus_error.h"

namespace lastref {

struct PublicBug {
  std::string id;                    // "O04"
  std::vector<std::string> traces;   // "regressions/o04-twin-id-add"
  std::vector<std::string> missing;  // what it needs and programs have not
  int line = 0;
};

struct BugTable {
  std::vector<PublicBug> bugs;
  std::map<std::string, int> missing;  // the page's second table: how many bugs need what
  std::string summary;                 // the page's sentence with the sums
};

// What BugTable::summary must be for these bugs.
std::string summary_of(const std::vector<PublicBug>& bugs);

// Reads the two tables, by their first cells, and the sentence; other lines mean nothing. An error
// is a row that is not as its table has them, a second row for one thing, and a bug that has
// neither trace nor reason. Never crashes, on any bytes.
std::variant<BugTable, CorpusError> parse_bug_table(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CORPUS_BUG_TABLE_H_
