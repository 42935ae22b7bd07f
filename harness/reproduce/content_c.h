// What sessions and contexts say of themselves, as checks in C.
#ifndef LASTREF_HARNESS_REPRODUCE_CONTENT_C_H_
#define LASTREF_HARNESS_REPRODUCE_CONTENT_C_H_

#include <cstdint>
#include <string>
#include <vector>

#include "harness/execute/symptom.h"
#include "harness/report/timeline.h"
#include "harness/reproduce/source_draft.h"

namespace lastref {

// Whether the getter's result is bytes.
bool gives_bytes(Op getter);

// "  EXPECT(1, SSL_SESSION_is_resumable(s0));": empty for what the library chose. `expected` is as
// the model has a result.
std::string getter_c(SourceDraft& draft, Op getter, const std::string& session,
                     std::int64_t expected);

// Which getters are asked between the program's own operations: of a finding that is about contents
// the one that shows it; else those of fields that the program changes.
class ContentChecks {
 public:
  ContentChecks(const Program& program, const Symptoms& symptoms);

  // Before the step at which the finding is that bytes are others which the library had chosen:
  // keeps them. Empty at any other.
  std::string before(SourceDraft& draft, const TimelineStep& step) const;

  // Of sessions that are new or changed, or that the finding is about, after the step.
  std::string after(SourceDraft& draft, const TimelineStep& step) const;

  // Behind a failed allocation, where nothing is known but what the finding says: what it expects
  // of a session, which may be one that the step has made. Empty at any other step.
  std::string finding(SourceDraft& draft, const TimelineStep& step) const;

 private:
  bool is_due(const TimelineStep& step, Op getter, std::uint8_t session) const;
  bool changes_chosen_bytes(const SourceDraft& draft, const TimelineStep& step) const;
  std::string kept_bytes() const;
  bool misses_bytes(const TimelineStep& step, Op getter, std::int64_t expected) const;
  std::string numbers_after(SourceDraft& draft, const TimelineStep& step) const;

  Symptom symptom_;
  std::vector<Op> getters_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_CONTENT_C_H_
