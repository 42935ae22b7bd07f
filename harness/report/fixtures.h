// Findings for the tests of the reports: one for each verdict, made by hand.
#ifndef LASTREF_HARNESS_REPORT_FIXTURES_H_
#define LASTREF_HARNESS_REPORT_FIXTURES_H_

#include <string>
#include <string_view>

#include "harness/execute/finding.h"

namespace lastref {

// The program of a trace without its first line, which is added. Fails the test if it is none.
Program program_of(const std::string& operations);

Symptom symptom_of(Discrepancy what, int operation, Op code, int subject = kNoSubject,
                   std::int64_t expected = 0, std::int64_t found = 0);

// A finding with that verdict for its cause.
Finding finding_with(Verdict verdict);

// A handshake that was short of memory, in the operation of that number.
StruckEvidence struck_handshake(int number);

// Compares with golden/<name>; rewrites it instead when LASTREF_UPDATE_GOLDEN is 1.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_FIXTURES_H_
