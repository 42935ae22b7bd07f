#include "harness/inject/damaged_blobs.h"

#include <algorithm>

#include "harness/generate/random.h"
#include "harness/inject/decoding.h"

namespace lastref {
namespace {

// One drawn blob in so many is of a session with a certificate, whose decoding takes as long as
// that of twenty without, on OpenSSL.
constexpr std::uint32_t kCertificateIn = 10;
// And one in so many is decoded in another way than the plain one.
constexpr std::uint32_t kOtherwiseIn = 4;

void decode(std::size_t way, const std::vector<std::uint8_t>& bytes, Program& program) {
  program = decoding(way);
  program.give(bytes);
}

}  // namespace

void DamagedBlobs::add(const std::vector<std::uint8_t>& encoding, bool certificate) {
  if (!certificate) light_.push_back(sessions_.size());
  sessions_.push_back({EncodedEdits(encoding), systematic_, certificate});
  systematic_ += sessions_.back().edits.count() * (certificate ? 1 : kDecodings);
}

void DamagedBlobs::fill(std::uint64_t index, Program& program) const {
  if (index >= systematic_) return fill_drawn(index, program);
  if (systematic_ <= budget_) return fill_systematic(index, program);
  // One of each run of as many as the budget leaves room for. Both are some millions.
  const auto at = [this](std::uint64_t i) { return i * systematic_ / budget_; };
  Random random(seed_, index);
  const std::uint64_t run = std::max<std::uint64_t>(at(index + 1) - at(index), 1);
  fill_systematic(at(index) + random.next() % run, program);
}

void DamagedBlobs::fill_systematic(std::uint64_t index, Program& program) const {
  const auto after = std::upper_bound(
      sessions_.begin(), sessions_.end(), index,
      [](std::uint64_t value, const Session& session) { return value < session.first; });
  const Session& session = *(after - 1);
  const std::uint64_t within = index - session.first;
  const std::uint64_t ways = session.certificate ? 1 : kDecodings;
  decode(session.certificate ? kPlainDecoding : within % ways, session.edits.edited(within / ways),
         program);
}

void DamagedBlobs::fill_drawn(std::uint64_t index, Program& program) const {
  Random random(seed_, index);
  const bool light = !light_.empty() && !random.one_in(kCertificateIn);
  const auto count = static_cast<std::uint32_t>(light ? light_.size() : sessions_.size());
  const std::uint32_t drawn = random.below(count);
  const Session& session = sessions_[light ? light_[drawn] : drawn];
  const std::size_t way = random.one_in(kOtherwiseIn) ? random.below(kDecodings) : kPlainDecoding;
  decode(way, session.edits.drawn(random), program);
}

}  // namespace lastref
