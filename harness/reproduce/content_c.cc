#include "harness/reproduce/content_c.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>

#include "harness/model/symbols.h"
#include "harness/reproduce/spelling.h"

namespace lastref {
namespace {

// A field of a session: what shows that it is wrong, what asks for it, and which setter changes it.
struct Field {
  Discrepancy what;
  Op getter;
  Op setter;
};
constexpr Field kFields[] = {
    {Discrepancy::kId, Op::GET_ID, Op::SET_ID},
    {Discrepancy::kIdContext, Op::GET_ID_CONTEXT, Op::SET_ID_CONTEXT},
    {Discrepancy::kTime, Op::GET_TIME, Op::SET_TIME},
    {Discrepancy::kTimeout, Op::GET_TIMEOUT, Op::SET_TIMEOUT},
    {Discrepancy::kResumable, Op::IS_RESUMABLE, Op::CACHE_REMOVE},
    {Discrepancy::kVersion, Op::GET_VERSION, Op::SET_VERSION},
    {Discrepancy::kExData, Op::GET_EX_DATA, Op::SET_EX_DATA},
    {Discrepancy::kHostname, Op::GET_HOSTNAME, Op::SET_HOSTNAME},
    {Discrepancy::kAlpn, Op::GET_ALPN, Op::SET_ALPN},
    {Discrepancy::kHasTicket, Op::HAS_TICKET, Op::SET_TICKET},
    {Discrepancy::kNone, Op::GET_TICKET, Op::SET_TICKET},
    {Discrepancy::kNone, Op::GET_APPDATA, Op::SET_APPDATA},
    {Discrepancy::kNone, Op::GET_MASTER_KEY, Op::SET_MASTER_KEY},
};

std::int64_t content_of(const Contents& contents, Op getter) {
  switch (getter) {
    case Op::GET_ID:
      return contents.id;
    case Op::GET_ID_CONTEXT:
      return contents.id_context;
    case Op::GET_TIME:
      return contents.time;
    case Op::GET_TIMEOUT:
      return contents.timeout;
    case Op::GET_VERSION:
      return contents.version;
    case Op::GET_EX_DATA:
      return contents.ex_data;
    case Op::GET_HOSTNAME:
      return contents.hostname;
    case Op::GET_ALPN:
      return contents.alpn;
    case Op::HAS_TICKET:
      return contents.ticket != 0 ? 1 : 0;
    case Op::GET_TICKET:
      return contents.ticket;
    case Op::GET_APPDATA:
      return contents.appdata;
    case Op::GET_MASTER_KEY:
      return contents.master_key;
    default:
      return resumable(contents) ? 1 : 0;
  }
}

// Of a session whose handshake did not finish, some fields are nobody's business.
bool is_defined(const Contents& contents, Op getter) {
  if (contents.unknown == 0) return true;
  switch (getter) {
    case Op::HAS_TICKET:
    case Op::IS_RESUMABLE:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
    case Op::GET_MASTER_KEY:
      return false;
    default:
      return true;
  }
}

bool is_about_contents(Discrepancy what) {
  return what >= Discrepancy::kId && what <= Discrepancy::kHasTicket;
}

bool is_about_context(Discrepancy what) {
  return what == Discrepancy::kCacheNumber || what == Discrepancy::kCacheFull ||
         what == Discrepancy::kDanglingNumber;
}

}  // namespace

bool gives_bytes(Op getter) {
  switch (getter) {
    case Op::GET_ID:
    case Op::GET_ID_CONTEXT:
    case Op::GET_HOSTNAME:
    case Op::GET_ALPN:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
    case Op::GET_MASTER_KEY:
      return true;
    default:
      return false;
  }
}

std::string getter_c(SourceDraft& draft, Op getter, const std::string& session,
                     std::int64_t expected) {
  if (!gives_bytes(getter)) {
    draft.used.emplace("expect");
    if (getter == Op::GET_EX_DATA) draft.used.emplace("ex_data");
    const std::string call = call_of_c(draft, getter, session);
    return fmt::format("  EXPECT({}, {});\n", number_c(expected), call);
  }
  if (expected != 0 && is_symbol(static_cast<std::uint32_t>(expected))) return {};
  const std::optional<std::string> bytes = bytes_of_c(draft, expected);
  if (!bytes) return {};
  const std::string name(row(getter).name);
  draft.used.emplace("bytes");
  draft.used.emplace(name);
  return fmt::format("  EXPECT_BYTES({}, {}, {});\n", *bytes, name, session);
}

ContentChecks::ContentChecks(const Program& program, const Symptoms& symptoms) {
  if (!symptoms.empty()) symptom_ = symptoms.cause();
  for (const Field& field : kFields) {
    const bool is_set = std::ranges::any_of(program.view(), [&field](const Operation& operation) {
      return operation.code == field.setter;
    });
    const bool wanted =
        symptoms.empty() ? is_set : is_about_contents(symptom_.what) && field.what == symptom_.what;
    if (wanted) getters_.push_back(field.getter);
  }
}

bool ContentChecks::is_due(const TimelineStep& step, Op getter, std::uint8_t session) const {
  const bool finding = symptom_.what != Discrepancy::kNone;
  if (finding && symptom_.subject != session) return false;
  const Contents& now = step.after.sessions[session].contents;
  if (!is_defined(now, getter)) return false;
  if (finding && symptom_.operation == step.index) return true;
  if (session >= step.before.born) return true;
  return content_of(now, getter) != content_of(step.before.sessions[session].contents, getter);
}

// Whether the finding is that bytes which the library chooses are none.
bool ContentChecks::misses_bytes(const TimelineStep& step, Op getter, std::int64_t expected) const {
  return symptom_.what != Discrepancy::kNone && symptom_.operation == step.index &&
         gives_bytes(getter) && is_symbol(static_cast<std::uint32_t>(expected)) &&
         static_cast<std::uint32_t>(symptom_.found) == empty_fingerprint();
}

// Whether the finding is that bytes which the library has chosen are not those that they were.
bool ContentChecks::changes_chosen_bytes(const SourceDraft& draft, const TimelineStep& step) const {
  if (!is_about_contents(symptom_.what) || symptom_.operation != step.index) return false;
  const std::uint8_t session = symptom_.subject;
  const Op getter = getters_.front();
  if (session >= kMaxSessions || !draft.known[session] || !gives_bytes(getter)) return false;
  const std::int64_t now = content_of(step.after.sessions[session].contents, getter);
  return now == content_of(step.before.sessions[session].contents, getter) &&
         is_symbol(static_cast<std::uint32_t>(now));
}

std::string ContentChecks::before(SourceDraft& draft, const TimelineStep& step) const {
  if (!changes_chosen_bytes(draft, step)) return {};
  for (const std::string_view part : {"kept", "numbers", "bytes"}) draft.used.emplace(part);
  draft.used.emplace(row(getters_.front()).name);
  return fmt::format("  KEEP_BYTES({}, session[{}]);\n", row(getters_.front()).name,
                     symptom_.subject + 1);
}

std::string ContentChecks::kept_bytes() const {
  return fmt::format("  EXPECT_BYTES(kept, kept_length, {}, session[{}]);\n",
                     row(getters_.front()).name, symptom_.subject + 1);
}

std::string ContentChecks::numbers_after(SourceDraft& draft, const TimelineStep& step) const {
  std::string text;
  for (std::uint8_t i = 0; i < kMaxContexts; ++i) {
    const ContextState& now = step.after.contexts[i];
    if (!now.alive()) continue;
    const bool found_here = is_about_context(symptom_.what) && symptom_.operation == step.index &&
                            symptom_.subject == i;
    const bool full = found_here && symptom_.what == Discrepancy::kCacheFull;
    if (!found_here && now.count == step.before.contexts[i].count) continue;
    draft.used.emplace("expect");
    const Op getter = full ? Op::GET_CACHE_FULL : Op::GET_NUMBER;
    const std::string context = variable_c(draft, OperandKind::kContext, i);
    text += fmt::format("  EXPECT({}, {});\n", full ? now.cache_full : now.count,
                        call_of_c(draft, getter, context));
  }
  return text;
}

std::string ContentChecks::after(SourceDraft& draft, const TimelineStep& step) const {
  // What the finding is about is looked at first.
  const std::string numbers = numbers_after(draft, step);
  std::string text = is_about_contents(symptom_.what) ? std::string() : numbers;
  if (changes_chosen_bytes(draft, step)) return kept_bytes();
  for (std::uint64_t live = step.after.live; live != 0; live &= live - 1) {
    const auto session = static_cast<std::uint8_t>(std::countr_zero(live));
    if (!draft.known[session] || draft.doubtful[session]) continue;
    for (const Op getter : getters_) {
      if (!is_due(step, getter, session)) continue;
      draft.used.emplace("numbers");
      const std::string asked = fmt::format("session[{}]", session + 1);
      const std::int64_t expected = content_of(step.after.sessions[session].contents, getter);
      if (misses_bytes(step, getter, expected)) {
        draft.used.emplace("some_bytes");
        draft.used.emplace(row(getter).name);
        text += fmt::format("  EXPECT_SOME_BYTES({}, {});\n", row(getter).name, asked);
        continue;
      }
      text += getter_c(draft, getter, asked, expected);
    }
  }
  return is_about_contents(symptom_.what) ? text + numbers : text;
}

std::string ContentChecks::finding(SourceDraft& draft, const TimelineStep& step) const {
  if (!is_about_contents(symptom_.what) || symptom_.operation != step.index) return {};
  if (changes_chosen_bytes(draft, step)) return kept_bytes();
  const Op getter = std::ranges::find(kFields, symptom_.what, &Field::what)->getter;
  if (symptom_.subject < kMaxSessions && draft.known[symptom_.subject]) {
    draft.used.emplace("numbers");
    return getter_c(draft, getter, fmt::format("session[{}]", symptom_.subject + 1),
                    symptom_.expected);
  }
  if (row(step.operation.code).result != Result::SESSION) return {};
  const std::string made = variable_c(draft, OperandKind::kSession, step.operation.result);
  return fmt::format("  if ({} != NULL) {{\n{}  }}\n", made,
                     getter_c(draft, getter, made, symptom_.expected));
}

}  // namespace lastref
