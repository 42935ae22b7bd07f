// The page that a campaign leaves: what was run, and what was found.
#ifndef LASTREF_HARNESS_CAMPAIGN_SUMMARY_H_
#define LASTREF_HARNESS_CAMPAIGN_SUMMARY_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/campaign/finding_group.h"
#include "harness/campaign/record.h"

namespace lastref {

// Of one fuzzer, as the disk has it.
struct KeptInputs {
  std::size_t corpus = 0;
  std::size_t waiting = 0;  // that ended it and that nobody has looked at yet
};

// In Markdown. Deterministic: the same campaign, the same bytes.
std::string campaign_page(const CampaignRecord& record,
                          const std::map<std::string, KeptInputs>& kept,
                          const std::vector<FindingGroup>& groups);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_SUMMARY_H_
