// The table that a check ends with: one row for each target.
#ifndef LASTREF_HARNESS_REPORT_SUMMARY_TABLE_H_
#define LASTREF_HARNESS_REPORT_SUMMARY_TABLE_H_

#include <span>
#include <string>

#include "harness/generate/check.h"

namespace lastref {

// Findings that the baseline lists: their number.
int known_findings(const CheckReport& report);

// Columns are as wide as their widest cell; a target that could not be run says so in its row.
std::string summary_table(std::span<const CheckReport> reports);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_SUMMARY_TABLE_H_
