#include "harness/report/balance.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

Account& account_of(std::vector<Account>& accounts, const std::string& owner) {
  const auto found = std::find_if(accounts.begin(), accounts.end(),
                                  [&](const Account& account) { return account.owner == owner; });
  if (found != accounts.end()) return *found;
  accounts.push_back({owner, {}, {}});
  return accounts.back();
}

int held_by(const State& state, int session, const std::string& owner) {
  int count = 0;
  for (const Holding& holding : holdings(state, session)) {
    if (holding.owner == owner) count += holding.references;
  }
  return count;
}

void enter(std::vector<Account>& accounts, const TimelineStep& step, int session) {
  for (const State* state : {&step.before, &step.after}) {
    for (const Holding& holding : holdings(*state, session)) account_of(accounts, holding.owner);
  }
  for (Account& account : accounts) {
    const int change =
        held_by(step.after, session, account.owner) - held_by(step.before, session, account.owner);
    account.taken.insert(account.taken.end(), static_cast<std::size_t>(std::max(change, 0)),
                         step.index);
    account.given.insert(account.given.end(), static_cast<std::size_t>(std::max(-change, 0)),
                         step.index);
  }
}

std::string step_text(const Timeline& timeline, int index) {
  const TimelineStep* const step = timeline.at(index);
  return fmt::format("operation {} ({})", index + 1, step == nullptr ? "?" : operation_text(*step));
}

std::string lines(const Timeline& timeline, std::string_view what, const std::vector<int>& steps) {
  std::string text;
  for (const int index : steps) {
    text += fmt::format("      {} at {}\n", what, step_text(timeline, index));
  }
  return text;
}

bool is_release(Op code) { return code == Op::SESSION_FREE; }

// What a session operand of the step named before it, or else the variable that it overwrites.
int session_of_operand(const TimelineStep& step) {
  const OperationRow& of = row(step.operation.code);
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const OperandKind kind = operand_kind(of, i);
    if (kind != OperandKind::kSession && kind != OperandKind::kSessionOrNull) continue;
    const std::uint8_t handle = step.operation.operand[i];
    if (handle < step.before.handles.size()) return step.before.handles[handle];
  }
  if (of.result == Result::SESSION) return step.before.handles[step.operation.result];
  return kNoSubject;
}

}  // namespace

std::vector<Account> balance(const Timeline& timeline, int session, int last) {
  std::vector<Account> accounts;
  for (const TimelineStep& step : timeline.steps) {
    if (step.index > last) break;
    if (step.judged && step.legality == Legality::kLegal) enter(accounts, step, session);
  }
  std::stable_partition(accounts.begin(), accounts.end(),
                        [](const Account& account) { return account.owner == "application"; });
  return accounts;
}

int session_in_question(const Symptoms& symptoms, const TimelineStep* illegal) {
  if (illegal != nullptr) return session_of_operand(*illegal);
  if (symptoms.empty()) return kNoSubject;
  const Symptom& cause = symptoms.cause();
  switch (cause.what) {
    case Discrepancy::kUnexpectedDeath:
    case Discrepancy::kMissingDeath:
    case Discrepancy::kDoubleRelease:
    case Discrepancy::kPoisonOverwritten:
    case Discrepancy::kReadAfterRelease:
      return cause.subject;
    default:
      return kNoSubject;
  }
}

std::string balance_section(const Timeline& timeline, int session, int last,
                            const TimelineStep* illegal) {
  if (session == kNoSubject || session == kNobody) return {};
  std::string text;
  for (const Account& account : balance(timeline, session, last)) {
    text += fmt::format("    {}: {} taken, {} given back, {} outstanding\n", account.owner,
                        account.taken.size(), account.given.size(), account.outstanding());
    text += lines(timeline, "taken", account.taken);
    text += lines(timeline, "given back", account.given);
    const bool again = illegal != nullptr && is_release(illegal->operation.code);
    if (again && account.owner == "application") {
      text +=
          lines(timeline, account.given.empty() ? "released" : "released again", {illegal->index});
    }
  }
  return text.empty() ? "" : fmt::format("  References to {}:\n", session_name(session)) + text;
}

Json balance_json(const Timeline& timeline, int session, int last) {
  if (session == kNoSubject || session == kNobody) return {};
  const auto numbered = [](std::vector<int> steps) {
    for (int& index : steps) ++index;
    return steps;
  };
  Json owners = Json::array();
  for (const Account& account : balance(timeline, session, last)) {
    owners.push_back(Json{{"owner", account.owner},
                          {"taken", numbered(account.taken)},
                          {"given_back", numbered(account.given)},
                          {"outstanding", account.outstanding()}});
  }
  return Json{{"session", session_name(session)}, {"owners", owners}};
}

}  // namespace lastref
