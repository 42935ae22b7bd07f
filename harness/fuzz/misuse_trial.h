// Programs that break a rule, on the reference, and whether its ledger accuses them of that.
//
// The program runs up to the operation that breaks the rule. That one never reaches the library:
// the ledger is told what the library would tell it, and its answer is taken before any memory is
// touched. A leak is no event; it shows at the teardown.
#ifndef LASTREF_HARNESS_FUZZ_MISUSE_TRIAL_H_
#define LASTREF_HARNESS_FUZZ_MISUSE_TRIAL_H_

#include <lastref/ownership.h>
#include <lastref/target_abi.h>

#include <cstddef>
#include <optional>
#include <string>

#include "harness/execute/lockstep.h"
#include "harness/fuzz/fitter.h"
#include "harness/model/model.h"
#include "harness/program/program.h"

namespace lastref {

class MisuseTrial {
 public:
  // Starts the reference, which is linked to this program with its ledger and outlives this. One
  // for the process. Throws std::runtime_error where it cannot be run.
  explicit MisuseTrial(const lastref_target& reference);

  const Model& model() const { return model_; }
  const lastref_target& target() const { return target_; }

  // Whom somebody accuses of what: the verdict, and the index of the operation.
  struct Answer {
    lastref_ledger_verdict verdict = LASTREF_LEDGER_OK;
    int operation = -1;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  struct Answers {
    Answer ledger;  // the operation at which it first accuses
    Answer model;
    std::string wrong;  // what else was not as it must be; empty for nothing
  };

  // Runs a program whose last operation breaks the rule that it declares, and gives back what it
  // leaks. One that declares none must be legal, and accused of nothing.
  //
  // What a damaged encoding comes to, or that of a session whose handshake did not finish, is the
  // reference's choice. Where that gives no occasion for the misuse, the ledger must accuse nobody,
  // and there is nothing to compare: the answers of the model are empty then.
  Answers run(const Program& program);

  // Runs it, the operation that breaks the rule included, and counts the ledger's findings: for a
  // rule that is no matter of references.
  std::size_t count_findings(const Program& program);

  // The same as one sentence and the program; empty when the ledger and the model agree.
  std::string complaint(const Program& program);

 private:
  // `visit` is called with the index of each operation, it and its body, and says whether to go on.
  // False when it said no: then the program has not come to its teardown.
  template <typename Visit>
  bool walk(const Program& program, Visit visit);
  Misuse rule_broken_by(const Operation& operation) const;
  void expect(bool holds, const char* claim);
  void abandon(const Program& program);
  void expect_no_finding();
  const void* session_of(const Operation& operation);
  void break_rule(const Operation& wrong);
  bool is_wrong_in_body(const Operation& wrong) const;
  void conclude(const Program& program, const void* leaked);

  lastref_target target_;
  Contract contract_;
  Model model_;
  std::optional<Lockstep> lockstep_;
  Answers answers_;
  // The wrong one is a callback's body. What it would have returned is missing from the
  // application's variables, and with it what was in them before, so that the teardown leaves a
  // session behind.
  bool in_body_ = false;
};

// Any well-formed program as one that breaks the rule which it declares with its last operation:
// what comes before is made legal. Nothing where it declares none, or does not break it.
std::optional<Program> as_misuse(const Model& model, const Fitter& fitter, const Program& program);

// Whether what the program encodes may come to one thing or another.
bool leaves_a_choice(const Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_MISUSE_TRIAL_H_
