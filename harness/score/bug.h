// A bug that is known to be there, and what a search for it came to.
#ifndef LASTREF_HARNESS_SCORE_BUG_H_
#define LASTREF_HARNESS_SCORE_BUG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/program/program.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// One way in which a bug shows.
struct BugSign {
  Verdict verdict = Verdict::kNone;
  Op code = Op::SESSION_NEW;  // the kind of operation it shows at
  std::string what;           // what differs, by its name; empty: whatever does
};

// What a program must have in it to show a bug, beside calls that return; or what an engine's
// programs have.
struct Means {
  bool handshakes = false;
  bool failures = false;  // of requests for memory and the like

  bool suffice(const Means& needed) const {
    return (handshakes || !needed.handshakes) && (failures || !needed.failures);
  }
  friend bool operator==(const Means&, const Means&) = default;
};

// What the program has.
Means means_of(const Program& program);

// A bug, and how it shows. A finding that shows in another way is not a detection of it.
struct Bug {
  std::string name;
  std::string target;          // a name, or the path of an adapter
  std::vector<BugSign> signs;  // each shows it; where there is none, whatever a program fails with
  Means needs;
  Hazards hazards;    // other bugs of the target, which a search goes round
  std::string place;  // for people: "lib/session/store.cc:98:7"
  std::string about;  // and what is wrong there

  bool shown_by(const Signature& signature) const;
  // By their cause; false where there is none.
  bool shown_by(const Symptoms& symptoms) const {
    return !symptoms.empty() && shown_by(signature(symptoms.cause()));
  }
};

// Reads "crash/signal/add". Empty on success, else what is wrong with it.
std::string read_signature(std::string_view text, BugSign& sign);

struct SeekLimits {
  std::uint64_t programs = 1'000'000;
  // Processor time, so that a busy machine gives no search up early; looked at ten times a second.
  double seconds = 5;
  std::string fuzzer;  // the program fuzz_adapter of a build with libFuzzer, for the engine fuzz
};

struct Sighting {
  bool found = false;
  // A program failed, if in another way: the bug was triggered, and something was seen.
  bool shown = false;
  // The place of its mistake was come to; unknown where an adapter or an engine cannot say.
  std::optional<bool> reached;
  // Operations of the smallest program that shows it, once it was found; 0 when nobody shrunk it.
  int operations = 0;
  // Programs run until then, the one that showed it included; or in all.
  std::uint64_t programs = 0;
  // Processor time of the processes that ran them, the start and each closer look included.
  double seconds = 0;
  bool interrupted = false;   // a signal ended the search
  std::string could_not_run;  // why nothing was run, or only a part; empty for a whole search
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_BUG_H_
