// What the traces of corpus/ come to on each target. The format of the file, and what stands for
// itself in it, are described in corpus/expected.txt.
#ifndef LASTREF_HARNESS_CORPUS_EXPECTATIONS_H_
#define LASTREF_HARNESS_CORPUS_EXPECTATIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/corpus/corpus_error.h"

namespace lastref {

struct ExpectedResult {
  enum class Kind : std::uint8_t { kClean, kAny, kLeftOut, kSignature };

  Kind kind = Kind::kClean;
  std::vector<std::string> signatures;  // of kSignature: one of these, or of these and "clean"
  std::string entry;                    // the baseline's entry that explains it; empty for none
  int line = 0;                         // where it stands
};

// "clean", "any", "left-out", "leak/blocks/free by some-entry", "crash/signal/add or
// leak/blocks/add".
std::string text(const ExpectedResult& expectation);

struct Expectations {
  struct Trace {
    int line = 0;                                           // of its heading
    std::map<std::string, ExpectedResult, std::less<>> on;  // by target
  };

  std::vector<std::string> targets;              // those that the file speaks of
  std::map<std::string, Trace, std::less<>> of;  // by trace: "seeds/free-null"

  // Of a trace on a target; NULL when the file says nothing of it.
  const ExpectedResult* find(std::string_view trace, std::string_view target) const;
};

// Strict: anything that the format does not have is an error. Never crashes, on any bytes.
std::variant<Expectations, CorpusError> parse_expectations(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CORPUS_EXPECTATIONS_H_
