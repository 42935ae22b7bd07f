// The trace language: programs as text.
//
//   # comments run to the end of the line
//   lastref 1                          the first line that is no comment: language and version
//   contract one-context=required      optional: what a target's contract must have for it
//   misuse double-free at 4            optional: the rule broken, and the operation that breaks it
//   teardown contexts sessions connections falling unflushed
//                                      optional; the default is order 0, rising, flushed
//   c0 = ctx_new
//   on_remove c0 do up_ref arg         a body stands on the line of its callback
//   s1 = dup s0
//   t1: free s1                        on thread 1; no prefix is thread 0
//
// The optional lines stand before the first operation, in any order. A line ends with LF or CR LF;
// printing writes LF. Words are separated by spaces and tabs; '=' and the ':' of a thread need
// none.
//
// Operations are counted from 1 in text (a body has the number after its callback's), from 0 in
// code.
#ifndef LASTREF_HARNESS_PROGRAM_TRACE_H_
#define LASTREF_HARNESS_PROGRAM_TRACE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "harness/program/program.h"

namespace lastref {

// A longer text is refused unread: the longest program, well commented, needs a hundredth of it.
inline constexpr std::size_t kMaxTraceBytes = std::size_t{1} << 20;

// Where and what a trace's text has wrong. Lines and columns count from 1, columns in bytes.
struct TraceError {
  int line = 1;
  int column = 1;
  std::string found;     // as it stands in a sentence: "'fre'", "the end of the line"
  std::string expected;  // likewise: "an operation"
  std::string advice;    // what to do, may be empty

  // "NAME:3:7: found 'fre', expected an operation; did you mean 'free'?"
  std::string text(std::string_view name) const;
};

// Strict: anything that print() could not have written, but for comments, spaces, blank lines, and
// defaults spelt out (`t0:`, `teardown sessions connections contexts`), is an error. Never crashes,
// on any bytes. A program that it returns is well formed.
std::variant<Program, TraceError> parse_trace(std::string_view text);

// Canonical: parse_trace(print_trace(p)) == p for every well-formed p.
std::string print_trace(const Program& program);

// One operation as it stands in a trace, without its thread and its body: "s1 = dup s0".
std::string print_operation(const Operation& operation);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_TRACE_H_
