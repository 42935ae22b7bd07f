// Who took which reference to a session, and who gave it back: what a leak is told from, and a
// reference that was released too often.
#ifndef LASTREF_HARNESS_REPORT_BALANCE_H_
#define LASTREF_HARNESS_REPORT_BALANCE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/execute/symptom.h"
#include "harness/report/timeline.h"

namespace lastref {

// What one owner did. The application's references to a session are interchangeable: which of those
// that it took it gave back, nobody can say.
struct Account {
  std::string owner;       // "application", "cache c0", "connection n1"
  std::vector<int> taken;  // indices of steps, one for each reference, in order
  std::vector<int> given;

  int outstanding() const {
    return static_cast<int>(taken.size()) - static_cast<int>(given.size());
  }
};

// All who ever held a reference to the session, by the model, up to the operation of that index and
// with it. The application first.
std::vector<Account> balance(const Timeline& timeline, int session, int last);

// The session whose references a finding or a broken rule is about: a death that was missed or came
// early, a release too many, a handle that was lost. kNoSubject for none.
int session_in_question(const Symptoms& symptoms, const TimelineStep* illegal);

// The section of a text report: a line for each owner, and below it each operation. `illegal`: the
// step that breaks a rule, or NULL. Empty when nobody ever held the session.
std::string balance_section(const Timeline& timeline, int session, int last,
                            const TimelineStep* illegal);
nlohmann::ordered_json balance_json(const Timeline& timeline, int session, int last);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_BALANCE_H_
