// Each operation from inside each callback, and the end of each object that the callback has.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "harness/inject/callback_programs.h"
#include "harness/inject/program_draft.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// The contexts of the two ends, and their connections. The callback is the server's.
constexpr std::uint8_t kClients = 0;
constexpr std::uint8_t kServers = 1;
// The application's variables: what handshakes left, one that nobody else knows, one as it was
// made.
constexpr std::uint8_t kServersSession = 0;
constexpr std::uint8_t kClientsSession = 1;
constexpr std::uint8_t kStranger = 5;
constexpr std::uint8_t kAsMade = 6;
constexpr std::uint8_t kUnused = 7;

// So many values of a pool are tried, of which the first are the usual ones.
constexpr int kValuesTried = 3;

std::uint8_t index_of(OperandKind kind, std::int64_t value) {
  return static_cast<std::uint8_t>(value_index(kind, value));
}

Op inside_of(Callback callback) {
  if (callback == Callback::kNew) return Op::IN_NEW;
  return callback == Callback::kGet ? Op::IN_GET : Op::IN_SERVERNAME;
}

// In which of the ways a callback is called: the first that leads to a legal program counts.
struct Setting {
  // The client has a context of its own, in whose place the body could make one else.
  bool own_context = true;
  // Where the last handshake stops, before the client's callbacks run as well.
  std::uint8_t stop = kStopComplete;
  // Of a session that is removed: the connections that there are.
  enum class Beside : std::uint8_t { kNone, kFresh, kEstablished, kItsOwn };
  Beside beside = Beside::kNone;
};
using Beside = Setting::Beside;
constexpr Setting kInHandshake[] = {{true, kStopComplete},
                                    {false, kStopComplete},
                                    {false, kStopAfterClientHello},
                                    {false, kStopAfterServerFlight},
                                    {false, kStopAfterClientFlight}};
constexpr Setting kAtRemoval[] = {{true, 0, Beside::kNone},
                                  {true, 0, Beside::kFresh},
                                  {true, 0, Beside::kEstablished},
                                  {false, 0, Beside::kNone},
                                  {true, 0, Beside::kItsOwn}};

// What surrounds a body: what there is to be worked on, and what calls the callback.
class Scaffold {
 public:
  Scaffold(Callback callback, std::uint64_t capabilities, const Setting& setting)
      : callback_(callback),
        draft_(capabilities),
        client_(setting.own_context ? kClients : kServers),
        setting_(setting) {}

  Program around(const Operation& body) {
    if (callback_ == Callback::kRemove) return removal(body);
    begin();
    if (callback_ == Callback::kGet) {
      const auto mode = kModeServer | kModeNoInternalLookup;
      draft_.add(Op::SET_MODE, {kServers, index_of(OperandKind::kCacheMode, mode)});
      shake_hands(kStopComplete);
      draft_.add(Op::GET1_SESSION, {kServers}, kServersSession);
      draft_.add(Op::GET1_SESSION, {kClients}, kClientsSession);
      disconnect();
      draft_.add(Op::ON_GET, {kServers, kOnGetBorrowedCopy1});
    } else if (callback_ == Callback::kNew) {
      draft_.add(Op::ON_NEW, {kServers, kOnNewKeep});
    } else {
      draft_.add(Op::ON_SERVERNAME, {kServers, answers(body) ? kClients : kServers});
    }
    if (!answers(body)) {
      draft_.add(inside_of(callback_), {kServers, kInsideDo}).add_body(body);
    }
    shake_hands(setting_.stop);
    return draft_.program();
  }

 private:
  void begin() {
    if (setting_.own_context) draft_.add(Op::CONTEXT_NEW, {}, kClients);
    draft_.add(Op::CONTEXT_NEW, {}, kServers);
    const std::uint8_t tls12 = index_of(OperandKind::kProtocol, kTls12);
    if (setting_.own_context) draft_.add(Op::SET_PROTOCOL, {kClients, tls12});
    draft_.add(Op::SET_PROTOCOL, {kServers, tls12}).add(Op::SET_TICKETS, {kServers, 0});
    make_strangers();
  }

  void make_strangers() {
    if (draft_.can(Op::SESSION_NEW_WITH_ID)) {
      draft_.add(Op::SESSION_NEW_WITH_ID, {0}, kStranger);
    } else {
      draft_.add(Op::SESSION_NEW, {}, kStranger).add(Op::SET_ID, {kStranger, 0});
    }
    draft_.add(Op::SESSION_NEW, {}, kAsMade).add(Op::I2D, {kStranger}, 0);
  }

  // What a servername callback does to answer.
  bool answers(const Operation& body) const {
    return callback_ == Callback::kServername && body.code == Op::SET_CONTEXT;
  }

  void shake_hands(std::uint8_t stop) {
    connect();
    const bool resumes = has(Op::GET1_SESSION);
    if (resumes) draft_.add(Op::SET_SESSION, {kClients, kClientsSession});
    draft_.add(Op::HANDSHAKE, {kClients, kServers, stop});
  }

  void connect() {
    draft_.add(Op::CONNECTION_NEW, {client_}, kClients);
    draft_.add(Op::CONNECTION_NEW, {kServers}, kServers);
  }

  void disconnect() {
    constexpr std::uint8_t kQuietly = 1;
    for (const std::uint8_t connection : {kClients, kServers}) {
      draft_.add(Op::SHUTDOWN, {connection, kQuietly}).add(Op::CONNECTION_FREE, {connection});
    }
  }

  bool has(Op code) const {
    return std::ranges::any_of(draft_.program().view(),
                               [code](const Operation& of) { return of.code == code; });
  }

  // A session leaves the cache by request, or, where that calls nobody back, ends with the
  // connection that alone has it.
  Program removal(const Operation& body) {
    begin();
    if (setting_.beside == Beside::kFresh) connect();
    if (setting_.beside == Beside::kEstablished) shake_hands(kStopComplete);
    if (setting_.beside == Beside::kItsOwn) draft_.add(Op::CONNECTION_NEW, {kServers}, kServers);
    draft_.add(Op::SESSION_NEW_WITH_ID, {1}, kServersSession);
    draft_.add(Op::ON_REMOVE, {kServers, kOnRemoveDo}).add_body(body);
    if (setting_.beside == Beside::kItsOwn) {
      draft_.add(Op::CONNECTION_FREE, {kServers});
    } else {
      draft_.add(Op::CACHE_ADD, {kServers, kServersSession});
      draft_.add(Op::CACHE_REMOVE, {kServers, kServersSession});
    }
    return draft_.program();
  }

  Callback callback_;
  ProgramDraft draft_;
  std::uint8_t client_;
  Setting setting_;
};

// The operands of an operation, one choice after the other; those that concern the callback first.
class Operands {
 public:
  Operands(Op code, const std::optional<Operation>& only) : code_(code), only_(only) {}

  // Until `take` says that one will do.
  template <typename Take>
  void each(Take take) const {
    if (only_) {
      take(*only_);
      return;
    }
    Operation operation;
    operation.code = code_;
    choose(operation, 0, take);
  }

 private:
  static std::vector<std::uint8_t> choices(OperandKind kind) {
    switch (kind) {
      case OperandKind::kSession:
        return {kArgumentHandle, kStranger, kAsMade, kServersSession, kClientsSession, 2};
      case OperandKind::kSessionOrNull:
        return {kArgumentHandle, kStranger, kAsMade, kServersSession, kClientsSession, kNullHandle};
      case OperandKind::kContext:
      case OperandKind::kConnection:
        return {kServers, kClients};
      case OperandKind::kBlob:
        return {0};
      default:
        break;
    }
    std::vector<std::uint8_t> values;
    for (int i = 0; i < std::min(operand_range(kind), kValuesTried); ++i) {
      values.push_back(static_cast<std::uint8_t>(i));
    }
    return values;
  }

  template <typename Take>
  bool choose(Operation& operation, std::size_t place, Take& take) const {
    const OperationRow& of = row(code_);
    if (place == of.operands.size()) return assign(operation, take);
    const OperandKind kind = operand_kind(of, place);
    for (const std::uint8_t value : choices(kind)) {
      operation.operand[place] = without_body(kind, value);
      if (choose(operation, place + 1, take)) return true;
    }
    return false;
  }

  template <typename Take>
  bool assign(Operation& operation, Take& take) const {
    const Result result = row(code_).result;
    for (const std::uint8_t variable : {kUnused, kClients, kServers}) {
      if (result == Result::NONE || result_range(result) > variable) {
        operation.result = result == Result::NONE ? std::uint8_t{0} : variable;
        if (take(operation)) return true;
      }
      if (result == Result::NONE) return false;
    }
    return false;
  }

  Op code_;
  std::optional<Operation> only_;
};

class PairWriter {
 public:
  PairWriter(const Contract& contract, std::uint64_t capabilities)
      : contract_(contract), capabilities_(capabilities) {}

  CallbackProgram write(Callback callback, Op code, const std::string& called,
                        const std::optional<Operation>& only = std::nullopt) {
    CallbackProgram made;
    made.name = fmt::format("reentry-{}-{}", name(callback), called);
    made.verdict = verdict_of(callback, code, made.source);
    const ProgramDraft draft(capabilities_);
    made.applies = draft.can(code) && can_call(callback, draft);
    if (!made.applies) {
      made.missing = draft.can(code)
                         ? "the target has no such callback"
                         : fmt::format("the target has no {}", row(code).capability_name);
    } else if (made.verdict == Reentry::FORBIDDEN) {
      made.missing = "a source forbids it: what it came to would be the caller's mistake";
    } else {
      find(callback, code, only, made);
    }
    return made;
  }

 private:
  static bool can_call(Callback callback, const ProgramDraft& draft) {
    if (callback == Callback::kRemove) return draft.can(Op::ON_REMOVE);
    if (callback == Callback::kServername && !draft.can(Op::ON_SERVERNAME)) return false;
    return draft.can(Op::ON_NEW) && draft.can(Op::HANDSHAKE) && draft.can(Op::GET1_SESSION);
  }

  Reentry verdict_of(Callback callback, Op code, std::string& source) const {
    const ReentryRow& of = reentry_of(callback, code);
    source = of.source;
    if (of.verdict == Reentry::BY_SWITCH) {
      return contract_.is(Switch::CONTEXT_CALLS_IN_REMOVE, context_calls::kAllowed)
                 ? Reentry::ALLOWED
                 : Reentry::UNDOCUMENTED;
    }
    const bool asks = code == Op::GET0_SESSION || code == Op::GET1_SESSION;
    if (asks && (callback == Callback::kGet || callback == Callback::kServername) &&
        contract_.is(Switch::SESSION_IN_HANDSHAKE, session_in_handshake::kUndefined)) {
      source = source_of(Switch::SESSION_IN_HANDSHAKE);
      return Reentry::FORBIDDEN;
    }
    if (callback != Callback::kRemove && of.verdict != Reentry::ALLOWED &&
        contract_.is(Switch::CALLBACK_CALLS, callback_calls::kAny)) {
      if (const ReentryRow* but = exception_of(code); but != nullptr) {
        source = but->source;
        return but->verdict;
      }
      source = source_of(Switch::CALLBACK_CALLS);
      return Reentry::ALLOWED;
    }
    return of.verdict;
  }

  static std::string source_of(Switch which) {
    return std::string(switch_table()[static_cast<std::size_t>(which)].source);
  }

  static ContractMarks marks_for(Callback callback) {
    ContractMarks marks;
    if (callback == Callback::kRemove) {
      marks.set(Switch::CONTEXT_CALLS_IN_REMOVE, context_calls::kAllowed);
    } else {
      marks.set(Switch::CALLBACK_CALLS, callback_calls::kAny);
    }
    return marks;
  }

  // The first operands that are legal where the callback runs.
  void find(Callback callback, Op code, const std::optional<Operation>& only,
            CallbackProgram& made) {
    const bool named = made.verdict == Reentry::ALLOWED;
    const Model model(named ? contract_ : allowing_any_call(contract_));
    const std::span<const Setting> settings =
        callback == Callback::kRemove ? std::span<const Setting>(kAtRemoval) : kInHandshake;
    for (const Setting& setting : settings) {
      Operands(code, only).each([&](const Operation& body) {
        const Program program = Scaffold(callback, capabilities_, setting).around(body);
        const Judgement judged = watch(model, program, callback, code);
        if (judged.legality == Legality::kHazard) made.hidden = true;
        if (judged.legality == Legality::kLegal && runs_) {
          made.program = program;
          if (!named) made.program.contract = marks_for(callback);
          return true;
        }
        // The first one tells most: it is about the object that calls back.
        if (made.missing.empty()) {
          made.missing = judged.legality == Legality::kLegal ? "the callback does not run"
                                                             : lastref::name(judged.legality);
        }
        return false;
      });
      if (made.program.size == 0) continue;
      made.missing.clear();
      made.hidden = false;
      return;
    }
  }

  // Sets runs_: the operation ends inside the callback, or is the callback's answer.
  Judgement watch(const Model& model, const Program& program, Callback callback, Op code) {
    const bool answers = callback == Callback::kServername && code == Op::SET_CONTEXT;
    const EventKind wanted = answers ? EventKind::kServername : EventKind::kNestedEnd;
    runs_ = false;
    return predict(model, program,
                   [&](const Operation&, const State&, const Expectation& expected) {
                     for (const Event& event : expected.events.view()) {
                       runs_ = runs_ || event.kind == wanted;
                     }
                   });
  }

  const Contract& contract_;
  std::uint64_t capabilities_;
  bool runs_ = false;
};

Operation operation_on(Op code, std::uint8_t operand) {
  Operation made;
  made.code = code;
  made.operand[0] = operand;
  return made;
}

}  // namespace

Contract allowing_any_call(Contract contract) {
  contract.set("callback-calls", "any");
  contract.set("context-calls-in-remove", "allowed");
  return contract;
}

std::vector<CallbackProgram> reentry_programs(const Contract& contract,
                                              std::uint64_t capabilities) {
  PairWriter writer(contract, capabilities);
  std::vector<CallbackProgram> pairs;
  for (const Callback callback : kCallbacks) {
    for (const OperationRow& of : operation_table()) {
      // What the application does alone calls nobody.
      if (is_local(of.code)) continue;
      pairs.push_back(writer.write(callback, of.code, std::string(of.name)));
    }
    const bool has_argument = callback == Callback::kNew || callback == Callback::kRemove;
    if (has_argument) {
      pairs.push_back(writer.write(callback, Op::SESSION_FREE, "ends-session",
                                   operation_on(Op::SESSION_FREE, kArgumentHandle)));
    }
    if (callback != Callback::kRemove) {
      pairs.push_back(writer.write(callback, Op::CONNECTION_FREE, "ends-connection",
                                   operation_on(Op::CONNECTION_FREE, kServers)));
    }
    for (int step = 0; step < operand_range(OperandKind::kClockStep); ++step) {
      const auto operand = static_cast<std::uint8_t>(step);
      pairs.push_back(writer.write(
          callback, Op::CLOCK_ADVANCE,
          fmt::format("clock{}", number_values(OperandKind::kClockStep)[operand].value),
          operation_on(Op::CLOCK_ADVANCE, operand)));
    }
    pairs.push_back(writer.write(callback, Op::CONTEXT_FREE, "ends-context",
                                 operation_on(Op::CONTEXT_FREE, kServers)));
  }
  return pairs;
}

}  // namespace lastref
