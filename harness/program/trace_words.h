// The words of a trace, line by line: what the parser reads.
#ifndef LASTREF_HARNESS_PROGRAM_TRACE_WORDS_H_
#define LASTREF_HARNESS_PROGRAM_TRACE_WORDS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastref {

// A word and its place; lines and columns count from 1. Words that say where something is missing
// are empty.
struct Word {
  std::string_view text;  // borrowed from the trace
  int line = 1;
  int column = 1;
};

// One line, read from left to right. A comment is no part of it.
class WordLine {
 public:
  WordLine() = default;
  // `text` is the line without its end.
  WordLine(std::string_view text, int number);

  bool at_end() const { return next_ == words_.size(); }
  // The word `ahead` of the next; beyond the last, an empty word where the line ends.
  const Word& peek(std::size_t ahead = 0) const;
  // The next word, which is then behind; at the end as peek().
  Word take();

 private:
  std::vector<Word> words_;
  Word end_;
  std::size_t next_ = 0;
};

// The lines of `text`, which end with LF or CR LF, the last one also with nothing.
std::vector<std::string_view> lines_of(std::string_view text);

// A number from 1 on as it is printed: digits alone, no zero in front.
std::optional<int> counting_number(std::string_view text);

// A word for a message: in quotes, bytes that are no printable ASCII as \xNN, long ones cut short.
std::string show_word(std::string_view word);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_TRACE_WORDS_H_
