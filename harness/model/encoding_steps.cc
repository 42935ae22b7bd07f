// Steps on encoded sessions. Sources: d2i_SSL_SESSION(3), d2i_X509(3).

#include "harness/model/stepper.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// The timeout of a decoded session that carries none, in seconds, where the contract has a default.
constexpr std::int64_t kDefaultDecodedTimeout = 3;

}  // namespace

Contents Stepper::decoded(const Contents& encoded) const {
  Contents contents = encoded;
  contents.marked = 0;
  contents.ex_data = 0;
  contents.table_ex_data = 0;
  if (contract_.is(Switch::D2I_ZERO, d2i_zero::kDefaulted)) {
    if (contents.time == 0) contents.time = state_.now;
    if (contents.timeout == 0) contents.timeout = kDefaultDecodedTimeout;
  }
  return contents;
}

Legality Stepper::i2d(const Operation& operation) {
  Number number = kNobody;
  if (const Legality legality = use(operation.operand[0], number); legality != Legality::kLegal) {
    return legality;
  }
  if (operation.code == Op::I2D_ALLOCATE && hazard(Hazard::I2D_ALLOCATE)) return Legality::kHazard;
  expected_.any_result = true;  // the length is the library's; the runner compares it with others
  if (operation.code == Op::I2D_LENGTH) return Legality::kLegal;
  BlobState& blob = state_.blobs[operation.result];
  blob.contents = session(number).contents;
  blob.written = 1;
  blob.damaged = blob.contents.unknown;
  return Legality::kLegal;
}

// Damage that does not change anything is none, but that is for the target to know: from here on
// the bytes may decode to anything or to nothing.
Legality Stepper::damage(const Operation& operation) {
  if (in_body_) return Legality::kInsideCallback;
  BlobState& blob = state_.blobs[operation.operand[0]];
  if (blob.written == 0) return Legality::kNoObject;
  blob.damaged = 1;
  expected_.result = 0;
  return Legality::kLegal;
}

// Nobody knows what the bytes are, as of a file or of a peer.
Legality Stepper::give(const Operation& operation) {
  if (in_body_) return Legality::kInsideCallback;
  BlobState& blob = state_.blobs[operation.result];
  blob = BlobState{};
  blob.written = 1;
  blob.damaged = 1;
  expected_.result = 0;
  return Legality::kLegal;
}

Legality Stepper::d2i(const Operation& operation) {
  const BlobState& blob = state_.blobs[operation.operand[0]];
  if (blob.written == 0) return Legality::kNoObject;
  if (state_.born >= kMaxSessions) return Legality::kTooMany;
  if (const Legality legality = assignable(operation.result); legality != Legality::kLegal) {
    return legality;
  }
  if (blob.damaged != 0 && in_callback()) return Legality::kInsideCallback;
  if (blob.damaged != 0) {
    expected_.choices = 2;
    if (choice_ == 0) {
      state_.handles[operation.result] = kNobody;
      expected_.result = kResultNull;
      return Legality::kLegal;
    }
  }
  const Number number = birth(decoded(blob.contents));
  if (blob.damaged != 0) {
    session(number).contents.unknown = 1;
    expected_.adopt = number;
  }
  state_.handles[operation.result] = number;
  expected_.result = number;
  return Legality::kLegal;
}

// "reuse is only supported when *a points to a newly allocated, and not otherwise modified, TYPE
// object"; "On error (NULL return value), the object is freed and *a is set to NULL", unless the
// contract has it kept as it was.
Legality Stepper::d2i_into(const Operation& operation) {
  const BlobState& blob = state_.blobs[operation.operand[1]];
  if (blob.written == 0) return Legality::kNoObject;
  if (operation.operand[0] >= kMaxHandles) return Legality::kNoObject;
  Number number = kNobody;
  if (const Legality legality = use(operation.operand[0], number); legality != Legality::kLegal) {
    return legality;
  }
  if (session(number).fresh == 0) return Legality::kNotFresh;
  if (hazard(Hazard::D2I_INTO_LEAKS)) return Legality::kHazard;
  if (state_.born >= kMaxSessions) return Legality::kTooMany;
  std::uint8_t& handle = state_.handles[operation.operand[0]];
  if (blob.damaged != 0 && in_callback()) return Legality::kInsideCallback;
  if (blob.damaged != 0) {
    expected_.choices = 2;
    if (choice_ == 0) {
      expected_.result = kResultNull;
      if (contract_.is(Switch::D2I_FAILURE, d2i_failure::kKeeps)) return Legality::kLegal;
      if (hazard(Hazard::D2I_REUSE_KEEPS)) {
        session(number).contents.unknown = 1;
        session(number).fresh = 0;
        expected_.adopt = number;
        return Legality::kLegal;
      }
      --session(number).application;
      settle(number);
      handle = kNobody;
      return Legality::kLegal;
    }
  }
  const Contents contents = decoded(blob.contents);
  Number filled = number;
  if (contract_.is(Switch::D2I_INTO, d2i_into::kReplaces)) {
    filled = birth(contents);
    --session(number).application;
    settle(number);
    handle = filled;
  } else {
    session(number).contents = contents;
    session(number).fresh = 0;
  }
  if (blob.damaged != 0) {
    session(filled).contents.unknown = 1;
    expected_.adopt = filled;
  }
  expected_.result = filled;
  return Legality::kLegal;
}

}  // namespace lastref
