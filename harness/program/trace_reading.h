// A trace while it is read: the line at hand, and what is wrong with it.
#ifndef LASTREF_HARNESS_PROGRAM_TRACE_READING_H_
#define LASTREF_HARNESS_PROGRAM_TRACE_READING_H_

#include <string>

#include "harness/program/program.h"
#include "harness/program/trace.h"
#include "harness/program/trace_words.h"

namespace lastref {

// A function that reads returns false after it has put down the error; its caller then returns at
// once.
struct TraceReading {
  WordLine line;
  TraceError error;

  // Puts down that `at` should have been something else; an empty word is the end of the line.
  bool fail(const Word& at, std::string expected, std::string advice = {});

  // Reads the end of the line.
  bool read_end(std::string advice = {});
};

// Reads the operations that stand on one line, one or a callback's and its body, and appends them.
bool read_operations(TraceReading& reading, Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_TRACE_READING_H_
