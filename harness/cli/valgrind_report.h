// What valgrind's memcheck found in a program, read from its report in XML.
#ifndef LASTREF_HARNESS_CLI_VALGRIND_REPORT_H_
#define LASTREF_HARNESS_CLI_VALGRIND_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

namespace lastref {

struct ValgrindError {
  int operation = 0;               // counted from 1, of the program; 0 outside of any
  std::string kind;                // "InvalidRead"
  std::string what;                // "Invalid read of size 4"
  std::string where;               // "Address 0x... is 720 bytes inside a block of size 928 free'd"
  std::vector<std::string> stack;  // innermost first: "SSL_SESSION_free (libssl.so.3)"
};

// In order. Reports of a process that was killed end in the middle: what is complete is read.
std::vector<ValgrindError> parse_valgrind_report(std::string_view xml);

// The lines that confirm a finding, or say that nothing was seen.
std::string valgrind_text(const std::vector<ValgrindError>& errors);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_VALGRIND_REPORT_H_
