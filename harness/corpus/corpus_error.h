// What is wrong with a file of corpus/, and where.
#ifndef LASTREF_HARNESS_CORPUS_CORPUS_ERROR_H_
#define LASTREF_HARNESS_CORPUS_CORPUS_ERROR_H_

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace lastref {

struct CorpusError {
  int line = 1;         // counts from 1
  std::string message;  // what was found, what was expected, what to do

  // "corpus/expected.txt:3: found ..."
  std::string text(std::string_view file) const {
    return fmt::format("{}:{}: {}", file, line, message);
  }
};

inline CorpusError corpus_error(int line, std::string_view found, std::string_view expected,
                                std::string_view advice) {
  return {line, fmt::format("found {}, expected {}; {}", found, expected, advice)};
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_CORPUS_CORPUS_ERROR_H_
