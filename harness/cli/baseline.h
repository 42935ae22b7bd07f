// The baseline: findings that are known, with what they break, where they are reported, and the
// hazard by which a search goes round them. Its format is described in corpus/baseline/openssl.txt.
#ifndef LASTREF_HARNESS_CLI_BASELINE_H_
#define LASTREF_HARNESS_CLI_BASELINE_H_

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/cli/version_range.h"
#include "harness/execute/finding.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// The outcome of a finding of which the library's maintainers are still to be told: the entry has a
// hazard, so that a search goes round it, and nothing that says what it is (docs/disclosure.md).
inline constexpr std::string_view kWithheld = "withheld";

struct BaselineEntry {
  std::string name;
  std::string target;
  VersionRange versions;
  Hazard hazard = Hazard::REKEY_CACHED;
  std::string outcome;  // "library bug", "manual wrong" or kWithheld
  std::string breaks;   // the manual's sentence, with its page
  std::vector<std::string> citations;
  std::string date;                     // of the measurement, YYYY-MM-DD
  std::vector<std::string> signatures;  // of the findings that it explains
  std::vector<std::string> behind;  // entries that hide it: their hazards are dropped with its own
  std::string asked_by;             // the function whose request has to fail; empty for any
  int line = 0;                     // at which it begins
};

struct BaselineError {
  int line = 1;  // lines and columns count from 1, columns in bytes
  int column = 1;
  std::string message;  // what was found, what was expected, what to do

  // "openssl.txt:3:7: found ..."
  std::string text(std::string_view file) const;
};

// The entries of one file. Never crashes, on any bytes.
std::variant<std::vector<BaselineEntry>, BaselineError> parse_baseline(std::string_view text);

class Baseline {
 public:
  // Of a file, or of all *.txt in a directory. Throws Failure (usage) with file, line and column.
  static Baseline load(const std::string& path);

  void add(std::vector<BaselineEntry> entries);
  bool empty() const { return entries_.empty(); }
  const std::vector<BaselineEntry>& all() const { return entries_; }
  // The entries for a target whose library says it is of that version.
  std::vector<BaselineEntry> of(std::string_view target, std::string_view version) const;

 private:
  std::vector<BaselineEntry> entries_;
};

// The hazards of entries.
Hazards hazards_of(const std::vector<BaselineEntry>& entries);

// Those without the entry's own, and without those of the entries that hide it.
Hazards hazards_beside(const BaselineEntry& entry, const std::vector<BaselineEntry>& entries);

// The name of the entry that lists the signature and whose hazard is off: with it on, the search
// goes round the finding, and what still shows with that signature is something else. Of several
// the first that `explains` it is meant. Empty for none.
std::string known_by(const std::vector<BaselineEntry>& entries, const Signature& signature,
                     Hazards on, const std::function<bool(const BaselineEntry&)>& explains);

// Tells of the entries whose hazards are on: known findings that a search goes round. Empty for
// none.
std::string gone_round_text(const std::vector<BaselineEntry>& entries, Hazards on,
                            std::string_view version);

// Where the baseline lies if the command line names none: share/lastref/baseline beside the
// program's directory, or corpus/baseline of the repository it was built in. Empty if it is in
// neither.
std::string default_baseline();

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_BASELINE_H_
