// What the generator draws is legal by another's judgement: that of the rule checker, which shares
// no code with the model that the generator asks.
//
// LASTREF_LEGALITY_OPERATIONS sets how many operations are judged; ten million take half a minute.

#include <gtest/gtest.h>
#include <lastref/target_abi.h>

#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "harness/generate/random_program.h"
#include "harness/generate/rules/rule_checker.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kEverything = ~std::uint64_t{0};
constexpr std::uint64_t kOperations = 1'000'000;  // in a plain run of the tests

std::uint64_t operations_to_judge() {
  const char* const asked = std::getenv("LASTREF_LEGALITY_OPERATIONS");
  return asked == nullptr ? kOperations : std::strtoull(asked, nullptr, 10);
}

Contract contract_of_openssl() {
  Contract contract;
  contract.set("cache-capacity", "one-less");
  contract.set("add-again", "refreshes-place");
  return contract;
}

Contract contract_of_boringssl() {
  Contract contract;
  EXPECT_EQ(contract.set_words("cache-key=id eviction-order=insertion remove-matches=object "
                               "remove-marks=no flush-order=unordered one-context=free "
                               "d2i-into=replaces d2i-failure=keeps d2i-zero=kept "
                               "timeout-type=uint32 time-type=unsigned set-time-result=time "
                               "cached-key=fixed cache-full=zero update-time-on-add=no "
                               "new-timeout=7200"),
            "");
  return contract;
}

// A library with one table for the process and a session of its own for each connection.
Contract contract_of_wolfssl() {
  Contract contract;
  EXPECT_EQ(contract.set_words(
                "cache-adds=copy empty-id-add=refused flush=nothing "
                "remove-marks=expires cache-mode=flags cache-size-set=fixed set-session=copies "
                "set-session-cache-off=refused set-session-null=refused "
                "fresh-connection-session=own clear-session=renews new-time=zero "
                "remove-callback-at-end=connection one-context=free d2i-into=replaces"),
            "");
  return contract;
}

// Judges programs until they have so many operations; how many those were.
std::uint64_t judge_generated(const Contract& contract, std::uint64_t operations,
                              std::uint64_t capabilities = kEverything) {
  const Model model(contract);
  const Mix mix(capabilities);
  std::uint64_t judged = 0;
  for (std::uint64_t index = 0; judged < operations; ++index) {
    const Program program = predict_random_program(model, mix, {kSeed, index, 24});
    const Ruling ruling = judge_by_rules(program, contract);
    EXPECT_TRUE(ruling.legal) << "seed " << kSeed << " index " << index << " operation "
                              << ruling.operation + 1 << ": " << ruling.rule << "\n"
                              << print_trace(program);
    if (!ruling.legal) break;
    judged += program.size;
  }
  return judged;
}

TEST(LegalityTest, WhatIsGeneratedForTheManualIsLegalByAnIndependentJudge) {
  const std::uint64_t judged = judge_generated(Contract{}, operations_to_judge() / 2);
  std::printf("%llu operations judged legal\n", static_cast<unsigned long long>(judged));
}

TEST(LegalityTest, WhatIsGeneratedForAnotherContractAndItsHazardsIsLegalToo) {
  Contract contract = contract_of_openssl();
  contract.hazards.add(Hazard::REKEY_CACHED);
  contract.hazards.add(Hazard::EMPTY_ID_CACHED);
  const std::uint64_t judged = judge_generated(contract, operations_to_judge() / 2);
  std::printf("%llu operations judged legal\n", static_cast<unsigned long long>(judged));
}

TEST(LegalityTest, WhatIsGeneratedForTheContractThatDiffersMostIsLegalToo) {
  std::uint64_t judged = judge_generated(contract_of_boringssl(), operations_to_judge() / 2);
  Contract contract = contract_of_boringssl();
  contract.hazards.add(Hazard::I2D_ALLOCATE);
  contract.hazards.add(Hazard::TWO_CACHES);
  contract.hazards.add(Hazard::EMPTY_ID_CACHED);
  contract.hazards.add(Hazard::REPLACE_SILENT);
  contract.hazards.add(Hazard::OVERFLOW_EXPIRES);
  judged += judge_generated(contract, operations_to_judge() / 2);
  std::printf("%llu operations judged legal\n", static_cast<unsigned long long>(judged));
}

TEST(LegalityTest, WhatIsGeneratedForALibraryThatCopiesIsLegalWithItsHazardsAndWithout) {
  constexpr std::uint64_t kNoIdsSet = kEverything & ~LASTREF_CAN_SET_ID;
  Contract contract = contract_of_wolfssl();
  judge_generated(contract, operations_to_judge() / 4, kNoIdsSet);
  for (const Hazard hazard : {Hazard::REMOVE_CALLBACK_ALWAYS, Hazard::REMOVE_MARKS_STRANGER,
                              Hazard::MODE_STICKS, Hazard::EX_DATA_IN_TABLE, Hazard::WITHHELD_1,
                              Hazard::D2I_INTO_LEAKS, Hazard::SET_SESSION_OVERWRITES}) {
    contract.hazards.add(hazard);
  }
  judge_generated(contract, operations_to_judge() / 4, kNoIdsSet);
}

TEST(LegalityTest, WhatIsGeneratedForCachesOfEntriesIsLegalWithItsHazardsAndWithout) {
  Contract contract;
  ASSERT_EQ(contract.set_words("cache-adds=entry cache-size-zero=nothing one-context=free "
                               "negative-default-timeout=zero context-timeout=86400 cache-size=50 "
                               "d2i-failure=keeps d2i-zero=kept new-time=zero"),
            "");
  judge_generated(contract, operations_to_judge() / 4);
  contract.hazards.add(Hazard::PREFIX_ID);
  contract.hazards.add(Hazard::DUPLICATE_ENTRIES);
  judge_generated(contract, operations_to_judge() / 4);
}

// Handshakes. What each came to is told to the judge, which asks of it what must hold of any.

// The bytes of an id, or a name for one that nobody has chosen.
std::string text_of(std::uint32_t id) {
  if (id == empty_fingerprint()) return "";
  for (const ByteValue& value : byte_values(OperandKind::kId)) {
    if (value.fingerprint == id) return {reinterpret_cast<const char*>(value.data), value.size};
  }
  return "#" + std::to_string(id);
}

int told(std::uint8_t number) {
  return number >= kMaxSessions ? HandshakeOutcome::kNobody : number;
}

HandshakeOutcome outcome_of(const State& after, const Expectation& expected) {
  HandshakeOutcome outcome;
  for (std::uint8_t number = 0; number < after.born; ++number) {
    const Contents& contents = after.sessions[number].contents;
    outcome.sessions.push_back({after.is_live(number), contents.unknown == 0, text_of(contents.id),
                                contents.version, contents.time, contents.timeout,
                                contents.ticket != 0});
  }
  for (std::size_t i = 0; i < outcome.ends.size(); ++i) {
    const ConnectionState& end = after.connections[i];
    outcome.ends[i] = {told(end.session), told(end.kept), end.context,
                       end.stage == Stage::kEstablished, end.made != 0};
  }
  for (std::size_t i = 0; i < outcome.caches.size(); ++i) {
    const ContextState& of = after.contexts[i];
    for (int place = of.count; place > 0; --place) {
      outcome.caches[i].push_back(of.order[static_cast<std::size_t>(place) - 1]);
    }
  }
  for (const Event& event : expected.events.view()) {
    const bool asks = event.kind == EventKind::kGetCallback;
    if (!asks && event.kind != EventKind::kNewCallback) continue;
    outcome.calls.push_back({asks, told(event.session), event.context});
  }
  return outcome;
}

std::vector<HandshakeOutcome> outcomes_of(const Model& model, const Program& program) {
  std::vector<HandshakeOutcome> outcomes;
  State state;
  Expectation expected;
  for (std::size_t i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[i];
    const bool pair = has_body(operation);
    const Legality legality =
        model.step(state, operation, pair ? program.operations[i + 1] : Operation{}, expected);
    if (legality != Legality::kLegal) break;
    if (operation.code == Op::HANDSHAKE) outcomes.push_back(outcome_of(state, expected));
    if (pair) ++i;
  }
  return outcomes;
}

std::uint64_t judge_handshakes(const Contract& contract, std::uint64_t operations) {
  const Model model(contract);
  const Mix mix(kEverything, MixKind::kHandshakes);
  std::uint64_t judged = 0;
  for (std::uint64_t index = 0; judged < operations; ++index) {
    const Program program = predict_random_program(model, mix, {kSeed, index, 24});
    const Ruling ruling = judge_by_rules(program, contract, {}, outcomes_of(model, program));
    EXPECT_TRUE(ruling.legal) << "seed " << kSeed << " index " << index << " operation "
                              << ruling.operation + 1 << ": " << ruling.rule << "\n"
                              << print_trace(program);
    if (!ruling.legal) break;
    judged += static_cast<std::uint64_t>(ruling.undecided ? ruling.operation : program.size);
  }
  return judged;
}

TEST(LegalityTest, HandshakesThatAreGeneratedAreLegalToo) {
  std::uint64_t judged = judge_handshakes(Contract{}, operations_to_judge() / 3);
  Contract openssl = contract_of_openssl();
  EXPECT_EQ(openssl.set_words("hello-session=empty ticket-on-resumption=yes "
                              "zero-default-timeout=default stateless-cached=with-remove-callback "
                              "psk-session-id=as-sealed uncached-id=context-in-use"),
            "");
  for (const Hazard hazard :
       {Hazard::REKEY_CACHED, Hazard::EMPTY_ID_CACHED, Hazard::CLIENT_NAMED, Hazard::MARKED_RESUMES,
        Hazard::REPLACE_SILENT, Hazard::REMOVE_CALLBACK_ALWAYS, Hazard::RESUME_KEEPS_TIME}) {
    openssl.hazards.add(hazard);
  }
  judged += judge_handshakes(openssl, operations_to_judge() / 3);
  Contract boringssl = contract_of_boringssl();
  EXPECT_EQ(boringssl.set_words(
                "bad-session=kept single-use=no failed-session=kept uncached-id=context-in-use "
                "handshake-statistics=zero client-cache=external ticket-sessions=callback "
                "stateful-tickets=no resumed-session=kept unoffered-session=dropped "
                "hello-tests=lifetime expires=at-its-end expiry-tested=first session-side=own "
                "refusal=before-lookup ticket-lifetime=renewed tickets-after-resumption=2 "
                "ticket-hello-id=random switched-id-context=always session-in-handshake=undefined "
                "set-session-late=undefined"),
            "");
  judged += judge_handshakes(boringssl, operations_to_judge() / 3);
  std::printf("%llu operations judged legal\n", static_cast<unsigned long long>(judged));
}

// A generator with one precondition removed, which `spoil` does to what it draws: it takes an
// operation that the model forbids for that reason. The judge must say no, at that operation.
template <typename Spoil>
void expect_noticed(const Contract& contract, MixKind kind, Legality broken, Spoil spoil) {
  const Model model(contract);
  const Mix mix(kEverything, kind);
  int noticed = 0;
  for (std::uint64_t index = 0; index < 20000 && noticed < 100; ++index) {
    Generator generator(mix, kSeed, index);
    Program program;
    program.teardown = generator.teardown();
    State state;
    Expectation expected;
    std::vector<HandshakeOutcome> outcomes;
    for (int draws = 0; draws < 60 && program.size < 24; ++draws) {
      const Draft draft = generator.draw(state);
      if (has_body(draft.operation)) continue;  // bodies have tests of their own
      const Operation careless = spoil(draft.operation, generator.random());
      State after = state;
      const Legality legality = model.step(after, careless, Operation{}, expected);
      const bool shakes_hands = careless.code == Op::HANDSHAKE;
      if (legality == Legality::kLegal) {
        state = after;
        program.append(careless);
        if (shakes_hands) outcomes.push_back(outcome_of(state, expected));
        continue;
      }
      // Of a handshake that does not happen nobody tells what its callbacks would have answered.
      if (legality != broken || (shakes_hands && broken == Legality::kTwoContexts)) continue;
      Program wrong = program;
      wrong.append(careless);
      const Ruling ruling = judge_by_rules(wrong, contract, {}, outcomes);
      ASSERT_FALSE(ruling.legal) << name(legality) << "\n" << print_trace(wrong);
      ASSERT_EQ(ruling.operation, wrong.size - 1) << ruling.rule << "\n" << print_trace(wrong);
      ++noticed;
      break;
    }
  }
  EXPECT_GT(noticed, 0) << "no occasion in 20000 programs";
}

// A handle, context or connection that is drawn without a look at the state.
std::uint8_t any_of(OperandKind kind, Random& random) {
  const bool is_session = kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull;
  const int range = is_session ? kMaxHandles : operand_range(kind);
  return static_cast<std::uint8_t>(random.below(static_cast<std::uint32_t>(range)));
}

// Looks at less of the state: any session and any context, whatever it holds.
Operation with_any_handles(Operation careless, Random& random) {
  const OperationRow& of = row(careless.code);
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const OperandKind kind = operand_kind(of, i);
    if (kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull ||
        kind == OperandKind::kContext) {
      careless.operand[i] = any_of(kind, random);
    }
  }
  if (of.result == Result::SESSION) {
    careless.result = static_cast<std::uint8_t>(random.below(kMaxHandles));
  }
  return careless;
}

// Now and then looks at nothing, not even at how far a connection has come.
Operation with_any_connections(const Operation& drawn, Random& random) {
  constexpr Op kCodes[] = {Op::HANDSHAKE,   Op::SHUTDOWN,     Op::SET_SESSION,   Op::GET0_SESSION,
                           Op::SET_CONTEXT, Op::SESSION_FREE, Op::ON_SERVERNAME, Op::CONTEXT_FREE};
  if (!random.one_in(8)) return drawn;
  Operation careless;
  careless.code = kCodes[random.below(std::size(kCodes))];
  const OperationRow& of = row(careless.code);
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    careless.operand[i] = any_of(operand_kind(of, i), random);
  }
  return careless;
}

class RemovedPreconditionTest : public ::testing::TestWithParam<Legality> {};

TEST_P(RemovedPreconditionTest, IsNoticedAtTheOperation) {
  expect_noticed(Contract{}, MixKind::kCommon, GetParam(), with_any_handles);
}

INSTANTIATE_TEST_SUITE_P(Rules, RemovedPreconditionTest,
                         ::testing::Values(Legality::kDoubleFree, Legality::kDeadSession,
                                           Legality::kTwoContexts, Legality::kLosesReference,
                                           Legality::kNoObject, Legality::kNotFresh));

// Which rule of handshakes is broken, and by which contract.
class RemovedHandshakeRuleTest : public ::testing::TestWithParam<std::pair<Legality, const char*>> {
};

TEST_P(RemovedHandshakeRuleTest, IsNoticedAtTheOperation) {
  Contract contract;
  ASSERT_EQ(contract.set_words(GetParam().second), "");
  expect_noticed(contract, MixKind::kHandshakes, GetParam().first, with_any_connections);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, RemovedHandshakeRuleTest,
    ::testing::Values(std::pair{Legality::kNotReady, ""},
                      std::pair{Legality::kNotReady,
                                "set-session-late=undefined session-in-handshake=undefined"},
                      std::pair{Legality::kDeadContext, ""}, std::pair{Legality::kDoubleFree, ""},
                      std::pair{Legality::kTwoContexts, ""}));

}  // namespace
}  // namespace lastref
