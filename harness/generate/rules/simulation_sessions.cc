// What operations do to sessions, handles and encodings.
#include <string_view>

#include "harness/generate/rules/body_rules.h"
#include "harness/generate/rules/cache.h"
#include "harness/generate/rules/simulation.h"
#include "harness/program/values.h"

namespace lastref::rules {
namespace {

// What d2i_SSL_SESSION sets for a timeout of zero, in seconds, where it sets one.
constexpr std::int64_t kDecodedTimeout = 3;

std::string_view bytes(OperandKind kind, std::uint8_t index) {
  const ByteValue& value = byte_values(kind)[index];
  return {reinterpret_cast<const char*>(value.data), value.size};
}

std::int64_t number(OperandKind kind, std::uint8_t index) {
  return number_values(kind)[index].value;
}

}  // namespace

void Simulation::happen_to_session(const Operation& operation) {
  const std::uint8_t first = operation.operand[0];
  int& result = world_.handles[operation.result];
  switch (operation.code) {
    case Op::SESSION_NEW:
      result = birth(new_contents());
      world_.session(result).fresh = true;
      return;
    case Op::SESSION_NEW_WITH_ID: {
      Contents contents = new_contents();
      contents.id = bytes(OperandKind::kId, first);
      result = contents.id->size() > kMaxIdLength ? kNone : birth(contents);
      return;
    }
    case Op::SESSION_DUP:
      result = birth(Contents(world_.session(world_.named(first)).contents));
      return;
    case Op::SESSION_UP_REF:
    case Op::SESSION_KEEP: {
      const int number_of = world_.named(first);
      Session& session = world_.session(number_of);
      ++session.application;
      session.fresh = false;
      if (operation.code == Op::SESSION_KEEP) result = number_of;
      return;
    }
    case Op::SESSION_FREE:
      if (const int session = world_.named(first); session != kNone) {
        --world_.session(session).application;
      }
      return;
    case Op::SESSION_FORGET:
      if (first < kMaxHandles) world_.handles[first] = kNone;
      return;
    case Op::I2D:
    case Op::I2D_ALLOCATE: {
      const Contents& contents = world_.session(world_.named(first)).contents;
      world_.blobs[operation.result] = {true, contents.out_of_damage, contents};
      return;
    }
    case Op::BLOB_TRUNCATE:
    case Op::BLOB_CHANGE:
      world_.blobs[first].damaged = true;
      return;
    case Op::BLOB_GIVE:
      world_.blobs[operation.result] = {true, true, {}};
      return;
    case Op::D2I:
    case Op::D2I_FRESH:
      return decode(operation);
    case Op::D2I_INTO:
      return decode_into(operation);
    default:
      if (is_setter(operation.code)) set(operation);
      return;
  }
}

void Simulation::set(const Operation& operation) {
  const std::uint8_t value = operation.operand[1];
  const int number_of = world_.named(operation.operand[0]);
  Session& session = world_.session(number_of);
  Contents& contents = session.contents;
  const auto longest_key = static_cast<std::size_t>(contract_.value(Switch::MASTER_KEY_LIMIT));
  switch (operation.code) {
    case Op::SET_ID: {
      const std::string_view id = bytes(OperandKind::kId, value);
      if (id.size() > kMaxIdLength) return;  // refused
      contents.id = id;
      break;
    }
    case Op::SET_ID_CONTEXT:
      if (bytes(OperandKind::kIdContext, value).size() > kMaxIdContextLength) return;
      break;
    case Op::SET_TIME:
      contents.time = number(OperandKind::kTime, value);
      move_in_caches(number_of);
      break;
    case Op::SET_TIMEOUT: {
      std::int64_t timeout = number(OperandKind::kTimeout, value);
      if (contract_.is(Switch::TIMEOUT_TYPE, timeout_type::kUint32)) timeout &= 0xffffffff;
      if (timeout < 0) {
        if (contract_.is(Switch::NEGATIVE_TIMEOUT, negative_timeout::kRefused)) return;
        if (contract_.is(Switch::NEGATIVE_TIMEOUT, negative_timeout::kZero)) timeout = 0;
      }
      if (contract_.hazards.has(Hazard::TIMEOUT_TRUNCATED)) timeout &= 0xffffffff;
      contents.timeout = timeout;
      move_in_caches(number_of);
      break;
    }
    case Op::SET_TICKET:
      contents.has_ticket = !bytes(OperandKind::kTicket, value).empty();
      break;
    case Op::SET_APPDATA:
      contents.knows_appdata = true;
      break;
    case Op::SET_MASTER_KEY:
      if (bytes(OperandKind::kMasterKey, value).size() > longest_key) return;
      contents.knows_master_key = true;
      break;
    case Op::SET_VERSION:
      contents.version = number(OperandKind::kVersion, value);
      break;
    default:
      break;
  }
  session.fresh = false;
}

// Setting a time or a timeout puts a session in its new place, behind its equals.
void Simulation::move_in_caches(int session) {
  if (contract_.is(Switch::EVICTION_ORDER, eviction_order::kInsertion)) return;
  for (Context& of : world_.contexts) {
    if (of.links(session)) move_to_place(of, session);
  }
}

Contents Simulation::new_contents() const {
  Contents contents;
  contents.version = contract_.value(Switch::NEW_VERSION);
  contents.time = contract_.is(Switch::NEW_TIME, new_time::kNow) ? world_.now : 0;
  contents.timeout = contract_.value(Switch::NEW_TIMEOUT);
  return contents;
}

int Simulation::birth(const Contents& contents) {
  Session session;
  session.contents = contents;
  session.application = 1;
  world_.sessions.push_back(session);
  return static_cast<int>(world_.sessions.size()) - 1;
}

void Simulation::decode(const Operation& operation) {
  const Blob& blob = world_.blobs[operation.operand[0]];
  world_.handles[operation.result] = decodes(blob) ? birth(decoded(blob)) : kNone;
}

void Simulation::decode_into(const Operation& operation) {
  int& handle = world_.handles[operation.operand[0]];
  const Blob& blob = world_.blobs[operation.operand[1]];
  const int before = handle;
  const bool decoded_well = decodes(blob);
  if (!decoded_well && contract_.is(Switch::D2I_FAILURE, d2i_failure::kKeeps)) return;
  world_.session(before).fresh = false;
  if (!decoded_well) {
    if (contract_.hazards.has(Hazard::D2I_REUSE_KEEPS)) return;
    --world_.session(before).application;
    handle = kNone;
  } else if (contract_.is(Switch::D2I_INTO, d2i_into::kReplaces)) {
    handle = birth(decoded(blob));
    --world_.session(before).application;
  } else {
    world_.session(before).contents = decoded(blob);
  }
}

bool Simulation::decodes(const Blob& blob) {
  if (!blob.damaged) return true;
  const std::size_t number_of = decodes_of_damage_++;
  return number_of < decode_successes_.size() && decode_successes_[number_of];
}

Contents Simulation::decoded(const Blob& blob) const {
  Contents contents = blob.contents;
  if (blob.damaged) {
    contents.id.reset();
    contents.version.reset();
    contents.time.reset();
    contents.timeout.reset();
    contents.has_ticket.reset();
    contents.knows_appdata = false;
    contents.knows_master_key = false;
    contents.out_of_damage = true;
  } else if (contract_.is(Switch::D2I_ZERO, d2i_zero::kDefaulted)) {
    if (contents.time == 0) contents.time = world_.now;
    if (contents.timeout == 0) contents.timeout = kDecodedTimeout;
  }
  return contents;
}

}  // namespace lastref::rules
