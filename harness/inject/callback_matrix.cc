// Every answer of the get callback, with every answer of the new callback, with the internal cache
// used for storing, for looking up, both or neither.

#include <fmt/format.h>

#include <algorithm>

#include "harness/inject/callback_programs.h"
#include "harness/inject/program_draft.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint8_t kClients = 0;  // the contexts of the two ends, and their connections
constexpr std::uint8_t kServers = 1;

// Bits of a server's cache mode.
struct InternalCache {
  std::string_view name;
  std::int64_t bits;
};
constexpr InternalCache kInternal[] = {{"internal", 0},
                                       {"no_lookup", kModeNoInternalLookup},
                                       {"no_store", kModeNoInternalStore},
                                       {"no_internal", kModeNoInternal}};

// The first of the modes of a server's that differs from the usual one in these bits alone; what it
// says of clients is of no account, for the context has none.
std::uint8_t mode_with(std::int64_t bits) {
  const auto pool = number_values(OperandKind::kCacheMode);
  const auto found = std::ranges::find_if(pool, [bits](const NumberValue& of) {
    return (of.value & ~kModeClient) == (kModeServer | bits);
  });
  return static_cast<std::uint8_t>(found - pool.begin());
}

struct Cell {
  std::uint8_t on_get;
  std::uint8_t on_new;
  std::int64_t internal;
};

class CellWriter {
 public:
  CellWriter(const Contract& contract, std::uint64_t capabilities, const Cell& cell)
      : model_(contract), capabilities_(capabilities), cell_(cell) {}

  void write(CallbackProgram& made) {
    made.missing = "the callbacks are not both called in that mode";
    // A session that the internal cache has is found there, and nobody is asked. So the first one
    // is made while nothing is stored; where a mode cannot be changed back, in the cell's own.
    for (const bool hides_first : {true, false}) {
      for (const int variant : {3, 2, 1, 0}) {
        const Program program = draft(hides_first, (variant & 1) != 0, (variant & 2) != 0);
        const Judgement judged = watch(program);
        if (judged.legality == Legality::kHazard) {
          made.hidden = true;
          made.missing = name(judged.legality);
        } else if (judged.legality != Legality::kLegal && !made.hidden) {
          made.missing =
              fmt::format("operation {} {}", judged.operation + 1, name(judged.legality));
        }
        if (judged.legality != Legality::kLegal || !asked_ || !told_) continue;
        made.program = program;
        made.missing.clear();
        made.hidden = false;
        return;
      }
    }
  }

 private:
  // A session is made, offered again while the callbacks are those of the cell, then another one is
  // made, and offered again.
  // A variable whose reference was handed over is made NULL: another session may get its address.
  Program draft(bool hides_first, bool forgets, bool resumes_last) const {
    ProgramDraft draft(capabilities_);
    draft.add(Op::CONTEXT_NEW, {}, kClients).add(Op::CONTEXT_NEW, {}, kServers);
    const auto tls12 = static_cast<std::uint8_t>(value_index(OperandKind::kProtocol, kTls12));
    for (const std::uint8_t context : {kClients, kServers}) {
      draft.add(Op::SET_PROTOCOL, {context, tls12});
    }
    draft.add(Op::SET_TICKETS, {kServers, 0});
    const std::uint8_t mode = mode_with(cell_.internal);
    const std::uint8_t hiding = mode_with(kModeNoInternalStore);
    draft.add(Op::SET_MODE, {kServers, hides_first ? hiding : mode});
    connect(draft);
    shake_hands(draft);
    draft.add(Op::GET1_SESSION, {kServers}, 0).add(Op::GET1_SESSION, {kClients}, 1);
    disconnect(draft);
    if (hides_first) draft.add(Op::SET_MODE, {kServers, mode});
    draft.add(Op::ON_NEW, {kServers, cell_.on_new}).add(Op::ON_GET, {kServers, cell_.on_get});
    connect(draft);
    draft.add(Op::SET_SESSION, {kClients, 1});
    shake_hands(draft);
    disconnect(draft);
    if (forgets) draft.add(Op::SESSION_FORGET, {0});
    connect(draft);
    shake_hands(draft);
    if (!resumes_last) return draft.program();
    draft.add(Op::GET1_SESSION, {kClients}, 3);
    disconnect(draft);
    connect(draft);
    draft.add(Op::SET_SESSION, {kClients, 3});
    shake_hands(draft);
    return draft.program();
  }

  static void connect(ProgramDraft& draft) {
    draft.add(Op::CONNECTION_NEW, {kClients}, kClients);
    draft.add(Op::CONNECTION_NEW, {kServers}, kServers);
  }
  static void disconnect(ProgramDraft& draft) {
    constexpr std::uint8_t kQuietly = 1;
    for (const std::uint8_t connection : {kClients, kServers}) {
      draft.add(Op::SHUTDOWN, {connection, kQuietly}).add(Op::CONNECTION_FREE, {connection});
    }
  }
  static void shake_hands(ProgramDraft& draft) {
    draft.add(Op::HANDSHAKE, {kClients, kServers, kStopComplete});
  }

  // Whether both callbacks run in the cell's mode, and the get callback gives what it is to give.
  Judgement watch(const Program& program) {
    asked_ = told_ = false;
    return predict(
        model_, program, [this](const Operation&, const State& state, const Expectation& expected) {
          const ContextState& context = state.contexts[kServers];
          const bool in_mode = (context.mode & kModeNoInternal) == cell_.internal;
          if (!in_mode || context.on_get != cell_.on_get) return;
          for (const Event& event : expected.events.view()) {
            if (event.kind == EventKind::kNewCallback) told_ = true;
            const bool nothing = get_callback_has_nothing(cell_.on_get);
            if (event.kind == EventKind::kGetCallback && (event.session == kNobody) == nothing) {
              asked_ = true;
            }
          }
        });
  }

  Model model_;
  std::uint64_t capabilities_;
  Cell cell_;
  bool asked_ = false;
  bool told_ = false;
};

}  // namespace

std::vector<CallbackProgram> matrix_programs(const Contract& contract, std::uint64_t capabilities) {
  std::vector<CallbackProgram> cells;
  const auto gets = number_values(OperandKind::kOnGet);
  const auto news = number_values(OperandKind::kOnNew);
  for (std::size_t get = kOnGetOff + 1; get < gets.size(); ++get) {
    for (std::size_t on_new = kOnNewOff + 1; on_new < news.size(); ++on_new) {
      for (const InternalCache& internal : kInternal) {
        CallbackProgram made;
        made.name =
            fmt::format("matrix-{}-{}-{}", gets[get].name, news[on_new].name, internal.name);
        made.source = "SSL_CTX_sess_set_get_cb(3), SSL_CTX_set_session_cache_mode(3)";
        const ProgramDraft draft(capabilities);
        made.applies = draft.can(Op::ON_GET) && draft.can(Op::HANDSHAKE) &&
                       draft.can(Op::GET1_SESSION) && draft.can(Op::SET_MODE);
        const Cell cell{static_cast<std::uint8_t>(get), static_cast<std::uint8_t>(on_new),
                        internal.bits};
        if (made.applies) {
          CellWriter(contract, capabilities, cell).write(made);
        } else {
          made.missing = "the target has no callbacks, or no handshakes";
        }
        cells.push_back(made);
      }
    }
  }
  return cells;
}

}  // namespace lastref
