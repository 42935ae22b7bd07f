// The comparisons of a Lockstep: what was seen against what the model expects.

#include <algorithm>
#include <bit>

#include "harness/execute/lockstep.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/model/fault.h"
#include "harness/program/reentry.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

bool contains(const EventList& list, const Event& event) {
  const auto view = list.view();
  return std::find(view.begin(), view.end(), event) != view.end();
}

bool is_callback(const Event& event) {
  return event.kind == EventKind::kRemoveCallback || event.kind == EventKind::kNewCallback ||
         event.kind == EventKind::kGetCallback || event.kind == EventKind::kServername;
}

Discrepancy missing(const Event& event) {
  switch (event.kind) {
    case EventKind::kBirth:
      return Discrepancy::kMissingBirth;
    case EventKind::kDeath:
      return Discrepancy::kMissingDeath;
    case EventKind::kNestedEnd:
      return Discrepancy::kNestedResult;
    default:
      return Discrepancy::kMissingCallback;
  }
}

Discrepancy unexpected(const Event& event) {
  switch (event.kind) {
    case EventKind::kBirth:
      return Discrepancy::kUnexpectedBirth;
    case EventKind::kDeath:
      return Discrepancy::kUnexpectedDeath;
    case EventKind::kNestedEnd:
      return Discrepancy::kNestedResult;
    default:
      return Discrepancy::kUnexpectedCallback;
  }
}

Discrepancy result_kind(Op code) {
  switch (code) {
    case Op::GET_ID:
    case Op::GET_ID_CONTEXT:
    case Op::GET_TIME:
    case Op::GET_TIMEOUT:
    case Op::GET_HOSTNAME:
    case Op::GET_ALPN:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
    case Op::GET_MASTER_KEY:
    case Op::GET_EX_DATA:
    case Op::GET_VERSION:
    case Op::IS_RESUMABLE:
    case Op::HAS_TICKET:
      return Discrepancy::kContentResult;
    case Op::GET_NUMBER:
    case Op::GET_CACHE_FULL:
    case Op::GET_HITS:
    case Op::GET_MISSES:
    case Op::GET_TIMEOUTS:
    case Op::GET_CALLBACK_HITS:
      return Discrepancy::kStatisticResult;
    default:
      return Discrepancy::kResult;
  }
}

bool decodes(Op code) { return code == Op::D2I || code == Op::D2I_FRESH || code == Op::D2I_INTO; }

lastref_session_view view_of(const lastref_target& target, const void* session) {
  lastref_session_view view;
  view.size = sizeof view;
  const TargetScope inside;
  target.view_session(session, &view);
  return view;
}

}  // namespace

void Lockstep::report(Discrepancy what, const Operation& operation, std::uint8_t subject,
                      std::int64_t expected, std::int64_t found) {
  Symptom symptom;
  symptom.verdict = verdict_of(what);
  symptom.what = what;
  symptom.subject = subject;
  symptom.code = operation.code;
  symptom.operation = static_cast<std::uint16_t>(operation_);
  symptom.expected = expected;
  symptom.found = found;
  symptoms_.add(symptom);
  if (what == Discrepancy::kMissingDeath && memory_fault_.empty() && subject < kMaxSessions) {
    memory_fault_ = never_released(witness_.address(subject));
  }
}

// Nothing of a program that breaks a rule is judged; but what it left over when all that can still
// be reached was given back is what the misuse came to.
void Lockstep::report_left_over(const Operation& operation) {
  for (int number = 0; number < witness_.born(); ++number) {
    const auto session = static_cast<std::uint8_t>(number);
    if (witness_.address(session) == nullptr) continue;
    report(Discrepancy::kMissingDeath, operation, session, 0, 0);
  }
}

void Lockstep::compare(const Operation& operation, std::int64_t result) {
  if (!(expected_.events == witness_.events())) compare_events(operation);
  if (!expected_.any_result && result != expected_.result) compare_result(operation, result);
  if (operation.code == Op::I2D && performer_.pointer_stayed() &&
      !model_.contract().hazards.has(Hazard::I2D_POINTER_STAYS)) {
    report(Discrepancy::kEncoding, operation, kNoSubject, result, 0);
  }
  if (decodes(operation.code)) [[unlikely]]
    compare_input(operation, result);
  if (!witness_.observers_agree()) {
    report(Discrepancy::kObservers, operation, kNoSubject, witness_.block_balance(),
           witness_.ex_data_balance());
  }
  if (watch_.quarantine) heap().check_quarantine();
  if (heap().faults_pending()) collect_faults(operation);
  // Once objects are lost track of, reading them is no longer safe.
  if (!symptoms_.empty()) {
    compare_contexts(operation);
    return;
  }
  compare_sessions(operation);
  compare_contexts(operation);
  if (watch_.encodings) compare_encodings(operation, result);
}

// d2i_X509(3): "When there is no error, [...] *ppin is incremented to the byte following the parsed
// data", which of bytes that i2d gave are all; of other bytes it is for the library to say.
void Lockstep::compare_input(const Operation& operation, std::int64_t result) {
  const std::uint8_t blob = operation.operand[operation.code == Op::D2I_INTO ? 1 : 0];
  const std::size_t length = performer_.blob(blob).bytes.size();
  if (const std::size_t changed = performer_.input_changed(); changed < length) {
    report(Discrepancy::kInputChanged, operation, kNoSubject, 0,
           static_cast<std::int64_t>(changed));
  }
  // "On error (NULL return value), the object is freed and *a is set to NULL".
  const bool into = operation.code == Op::D2I_INTO && result == kResultNull;
  if (into && operation.operand[0] < kMaxHandles &&
      state_.handles[operation.operand[0]] == kNobody &&
      performer_.session(operation.operand[0]) != nullptr) {
    report(Discrepancy::kResult, operation, kNoSubject, kResultNull, kResultUnknown);
  }
  const std::int64_t end = performer_.input_end();
  if (result == kResultNull || end < 0) return;
  const auto all = static_cast<std::int64_t>(length);
  const bool whole = state_.blobs[blob].damaged == 0;
  if (whole ? end != all : end == 0 || end > all) {
    report(Discrepancy::kInputEnd, operation, kNoSubject, all, end);
  }
}

void Lockstep::compare_events(const Operation& operation) {
  const EventList& seen = witness_.events();
  const int before = symptoms_.count;
  for (const Event& event : expected_.events.view()) {
    if (contains(seen, event)) continue;
    // A callback that got another session than the one it is about.
    const auto other =
        std::find_if(seen.view().begin(), seen.view().end(), [&](const Event& candidate) {
          return candidate.kind == event.kind && is_callback(event) &&
                 !contains(expected_.events, candidate);
        });
    if (other != seen.view().end()) {
      report(Discrepancy::kCallbackSession, operation, event.session, event.session,
             other->session == kNobody ? kResultUnknown : other->session);
    } else {
      report(missing(event), operation, event.session, event.value, 0);
    }
  }
  for (const Event& event : seen.view()) {
    if (contains(expected_.events, event)) continue;
    if (is_callback(event) && symptoms_.count > before &&
        symptoms_.view().back().what == Discrepancy::kCallbackSession) {
      continue;  // told already
    }
    if (event.kind != EventKind::kDeath || event.session >= kMaxSessions) {
      report(unexpected(event), operation, event.session, 0, event.value);
      continue;
    }
    const SessionState& dead = state_.sessions[event.session];
    report(Discrepancy::kUnexpectedDeath, operation, event.session, dead.holders(), 0);
    // Early for the application, dangling for whoever else still holds it alone.
    if (dead.application == 0 && symptoms_.count <= Symptoms::kMax) {
      symptoms_.all[static_cast<std::size_t>(symptoms_.count - 1)].verdict =
          dead.cached()          ? Verdict::kDanglingCache
          : dead.connections > 0 ? Verdict::kDanglingConnection
                                 : Verdict::kEarlyFree;
    }
  }
  if (symptoms_.count == before) report(Discrepancy::kEventOrder, operation, kNoSubject, 0, 0);
}

void Lockstep::compare_result(const Operation& operation, std::int64_t result) {
  report(result_kind(operation.code), operation, kNoSubject, expected_.result, result);
}

// Inside of the target's scope all through: bytes that a getter lends are the target's.
void Lockstep::compare_sessions(const Operation& operation) {
  const TargetScope inside;
  const auto view_session = target_.view_session;
  for (std::uint64_t live = state_.live; live != 0; live &= live - 1) {
    const auto number = static_cast<std::uint8_t>(std::countr_zero(live));
    lastref_session_view view;
    view.size = sizeof view;
    view_session(witness_.address(number), &view);
    if (!check_.agrees(state_.sessions[number].contents, view, id_digests_[number])) [[unlikely]] {
      explain_session(operation, number, view);
    }
  }
}

// Reports each field that differs.
void Lockstep::explain_session(const Operation& operation, std::uint8_t number,
                               const lastref_session_view& view) {
  const Contents& contents = state_.sessions[number].contents;
  const std::uint64_t has = target_.capabilities;
  const auto check = [&](Discrepancy what, std::uint64_t needed, std::int64_t expected,
                         std::int64_t found) {
    if ((has & needed) == needed && expected != found) {
      report(what, operation, number, expected, found);
    }
  };
  check(Discrepancy::kId, 0, contents.id, digest(view.id, view.id_length));
  check(Discrepancy::kTimeout, 0, contents.timeout, view.timeout);
  check(Discrepancy::kTime, 0, contents.time, view.time);
  check(Discrepancy::kIdContext, LASTREF_CAN_SET_ID_CONTEXT, contents.id_context,
        digest(view.id_context, view.id_context_length));
  check(Discrepancy::kVersion, LASTREF_CAN_VERSION, contents.version, view.version);
  check(Discrepancy::kExData, LASTREF_CAN_EX_DATA, contents.ex_data, view.ex_data);
  check(Discrepancy::kHostname, LASTREF_CAN_HOSTNAME, contents.hostname,
        hostname_digest(view.hostname));
  check(Discrepancy::kAlpn, LASTREF_CAN_ALPN, contents.alpn,
        digest_or_none(view.alpn, view.alpn_length));
  if (contents.unknown != 0) return;
  check(Discrepancy::kHasTicket, LASTREF_CAN_TICKET, contents.ticket != 0 ? 1 : 0, view.has_ticket);
  check(Discrepancy::kResumable, 0, resumable(contents) ? 1 : 0, view.resumable);
}

void Lockstep::compare_contexts(const Operation& operation) {
  const TargetScope inside;
  for (std::uint8_t number = 0; number < kMaxContexts; ++number) {
    const ContextState& context = state_.contexts[number];
    if (!context.alive()) continue;
    const void* address = performer_.context(number);
    if (address == nullptr) continue;
    lastref_context_view view;
    view.size = LASTREF_CONTEXT_VIEW_CHEAP;
    target_.view_context(address, &view);
    view.cache_full -= performer_.counters_at_birth(number).cache_full;
    if (((view.number ^ context.count) | (view.cache_full ^ context.cache_full)) != 0)
        [[unlikely]] {
      explain_context(operation, number, view);
    }
  }
}

// Reports each number that differs.
void Lockstep::explain_context(const Operation& operation, std::uint8_t number,
                               const lastref_context_view& view) {
  const ContextState& context = state_.contexts[number];
  if (view.number != context.count) {
    // A copy in an entry may outlive every session.
    const bool dangles = context.has_entries == 0 && view.number > state_.alive();
    report(dangles ? Discrepancy::kDanglingNumber : Discrepancy::kCacheNumber, operation, number,
           context.count, view.number);
  }
  if (view.cache_full != context.cache_full) {
    report(Discrepancy::kCacheFull, operation, number, context.cache_full, view.cache_full);
  }
}

namespace {

bool sets(const Operation& operation, const State& state, std::uint8_t session) {
  const std::uint8_t handle = operation.operand[0];
  return is_named_by("setters", operation.code) && handle < kMaxHandles &&
         state.handles[handle] == session;
}

}  // namespace

// "What is shared does not change": equal contents, equal bytes, whoever else did something.
void Lockstep::compare_encodings(const Operation& operation, std::int64_t result) {
  if ((target_.capabilities & LASTREF_CAN_I2D) == 0) return;
  // The three forms of i2d say the same: how long, and which bytes. One that fails for want of
  // memory says neither.
  const bool failed = operation.fault.any() && reports_failure(operation, result);
  if (!failed && row(operation.code).capability_name.starts_with("I2D") && operation.is_body == 0 &&
      row(operation.code).operands == "s") {
    const auto bytes = performer_.encode(performer_.session(operation.operand[0]));
    const auto size = static_cast<std::int64_t>(bytes.size());
    if (size != result) report(Discrepancy::kEncoding, operation, kNoSubject, size, result);
    if (operation.code != Op::I2D_LENGTH) {
      const auto& blob = performer_.blob(operation.result).bytes;
      const bool same = std::equal(bytes.begin(), bytes.end(), blob.begin(), blob.end());
      if (!same) report(Discrepancy::kEncoding, operation, kNoSubject, size, result);
    }
  }
  for (std::uint64_t live = state_.live; live != 0; live &= live - 1) {
    const auto number = static_cast<std::uint8_t>(std::countr_zero(live));
    const SessionState& session = state_.sessions[number];
    if (session.holders() < 2) continue;
    const auto bytes = performer_.encode(witness_.address(number));
    const std::uint32_t now = digest(bytes.data(), bytes.size());
    Encoding& before = encodings_[number];
    // What a session is not known to have, behind a setter that failed, the next one may give it;
    // a body may be one.
    if (session.contents.unknown != 0 && (ran_body() || sets(operation, state_, number))) {
      before.digest = 0;
    }
    if (before.digest != 0 && before.contents == session.contents && before.digest != now) {
      report(Discrepancy::kEncoding, operation, number, before.digest, now);
    }
    before = {session.contents, now};
  }
}

void Lockstep::collect_faults(const Operation& operation) {
  for (const HeapFault& seen : heap().faults()) {
    MemoryFault fault = seen_by_heap(seen);
    fault.touched_at = static_cast<std::uint16_t>(operation_ + 1);
    if (memory_fault_.empty()) memory_fault_ = fault;
    symptoms_.add(symptom_of(fault, pack_operation(operation_, operation.code)));
  }
  heap().clear_faults();
}

void Lockstep::adopt(std::uint8_t number) {
  Contents& contents = state_.sessions[number].contents;
  if (witness_.address(number) == nullptr) return;
  const lastref_session_view view = view_of(target_, witness_.address(number));
  contents.id = digest(view.id, view.id_length);
  contents.id_context = digest(view.id_context, view.id_context_length);
  contents.time = view.time;
  contents.timeout = view.timeout;
  contents.version = view.version;
  contents.hostname = hostname_digest(view.hostname);
  contents.alpn = digest_or_none(view.alpn, view.alpn_length);
}

}  // namespace lastref
