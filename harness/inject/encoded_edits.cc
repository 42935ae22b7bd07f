#include "harness/inject/encoded_edits.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

#include "harness/vocabulary/limits.h"

namespace lastref {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Of a number in the encoding: how many bytes, which first, and which value it gets.
constexpr std::array<std::size_t, 3> kWidths = {2, 4, 8};
constexpr std::size_t kOrders = 2;
constexpr std::size_t kValues = 11;
constexpr std::size_t kNumbers = kWidths.size() * kOrders * kValues;

// What comes behind the end, so many times.
constexpr std::array<std::pair<std::uint8_t, int>, 5> kTails = {
    {{0, 1}, {0xff, 1}, {0, 64}, {0xff, 64}, {0x30, 1}}};

// Lengths as DER writes them that are not the field's own: huge, of no end, and so on.
constexpr std::array<std::array<std::uint8_t, 9>, 13> kHugeLengths = {{
    // how many bytes, and these
    {1, 0x00},
    {1, 0x01},
    {1, 0x7f},
    {1, 0x80},
    {1, 0xff},
    {2, 0x81, 0xff},
    {3, 0x82, 0xff, 0xff},
    {4, 0x83, 0xff, 0xff, 0xff},
    {5, 0x84, 0x7f, 0xff, 0xff, 0xff},
    {5, 0x84, 0x80, 0x00, 0x00, 0x00},
    {5, 0x84, 0xff, 0xff, 0xff, 0xff},
    {8, 0x87, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
    {8, 0x87, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
}};
// And such as are near it: one less, one more, and right ones of two, three and five bytes.
constexpr std::size_t kNearLengths = 5;
constexpr std::size_t kLengths = kHugeLengths.size() + kNearLengths;

std::uint64_t number_at(std::span<const std::uint8_t> bytes, bool low_first) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    number = number << 8 | bytes[low_first ? bytes.size() - 1 - i : i];
  }
  return number;
}

void set_number(std::span<std::uint8_t> bytes, bool low_first, std::uint64_t number) {
  for (std::size_t i = 0; i < bytes.size(); ++i, number >>= 8) {
    bytes[low_first ? i : bytes.size() - 1 - i] = static_cast<std::uint8_t>(number);
  }
}

// Puts the `which`-th number at a place, as far as there is room for it.
void put_number(Bytes& bytes, std::size_t at, std::size_t which) {
  const std::size_t width = kWidths[which / (kOrders * kValues)];
  const bool low_first = which / kValues % kOrders == 1;
  const std::size_t value = which % kValues;
  if (at + width > bytes.size()) return;
  const std::span<std::uint8_t> place(bytes.data() + at, width);
  const std::uint64_t now = number_at(place, low_first);
  const std::uint64_t rest = bytes.size() - at - width;
  const std::uint64_t most = width == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * width)) - 1;
  const std::array<std::uint64_t, kValues> values = {
      0, 1, most, most - 1, most / 2, most / 2 + 1, now + 1, now - 1, rest, rest + 1, rest - 1};
  set_number(place, low_first, values[value]);
}

Bytes part(const Bytes& bytes, std::size_t from, std::size_t end) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
          bytes.begin() + static_cast<std::ptrdiff_t>(end)};
}

Bytes joined(Bytes one, const Bytes& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

// The header's length, written otherwise.
Bytes wrong_length(std::size_t which, std::size_t length) {
  if (which < kHugeLengths.size()) {
    const auto& huge = kHugeLengths[which];
    return {huge.begin() + 1, huge.begin() + 1 + huge[0]};
  }
  const auto high = static_cast<std::uint8_t>(length >> 8);
  const auto low = static_cast<std::uint8_t>(length);
  switch (which - kHugeLengths.size()) {
    case 0:
      return {0x82, static_cast<std::uint8_t>((length - 1) >> 8),
              static_cast<std::uint8_t>(length - 1)};
    case 1:
      return {0x82, static_cast<std::uint8_t>((length + 1) >> 8),
              static_cast<std::uint8_t>(length + 1)};
    case 2:
      return {0x81, low};
    case 3:
      return {0x82, high, low};
    default:
      return {0x84, 0, 0, high, low};
  }
}

}  // namespace

EncodedEdits::EncodedEdits(Bytes encoding)
    : encoding_(std::move(encoding)), fields_(fields_of(encoding_)) {
  encoding_.resize(std::min<std::size_t>(encoding_.size(), kMaxGivenBytes));
  const auto size = static_cast<std::uint16_t>(encoding_.size());
  edits_.push_back({});
  for (std::uint16_t at = 0; at < size; ++at) edits_.push_back({Kind::kCut, 0, at});
  for (std::uint16_t at = 0; at < size; ++at) {
    for (int by = 1; by < 256; ++by) {
      edits_.push_back({Kind::kByte, static_cast<std::uint8_t>(by), at});
    }
  }
  for (std::uint16_t at = 0; at < size; ++at) {
    for (std::uint8_t which = 0; which < kNumbers; ++which) {
      const std::size_t width = kWidths[which / (kOrders * kValues)];
      if (at + width <= size) edits_.push_back({Kind::kNumber, which, at});
    }
  }
  for (std::uint8_t which = 0; which < kTails.size(); ++which) {
    edits_.push_back({Kind::kLonger, which, 0});
  }
  add_fields();
}

void EncodedEdits::add_fields() {
  for (std::uint16_t field = 0; field < fields_.all.size(); ++field) {
    for (const std::uint8_t follow : {std::uint8_t{0}, kLengthsFollow}) {
      if (follow != 0 && !fields_.der) break;
      for (const Kind kind : {Kind::kDrop, Kind::kRepeat, Kind::kSwap}) {
        edits_.push_back({kind, follow, field});
      }
      if (!fields_.der) break;  // the numbers have been there already
      for (std::uint8_t which = 0; which < kLengths; ++which) {
        edits_.push_back({Kind::kLength, static_cast<std::uint8_t>(which | follow), field});
      }
    }
  }
}

Bytes EncodedEdits::field_edited(const Edit& edit) const {
  const EncodedField& field = fields_.all[edit.at];
  const bool follow = (edit.how & kLengthsFollow) != 0;
  Bytes instead = part(encoding_, field.at, field.end);
  std::size_t end = field.end;
  switch (edit.kind) {
    case Kind::kDrop:
      instead.clear();
      break;
    case Kind::kRepeat:
      instead = joined(instead, instead);
      break;
    case Kind::kSwap: {
      // With the one that follows: as many bytes as before, so that no length has to.
      const auto next = std::find_if(
          fields_.all.begin(), fields_.all.end(),
          [&](const EncodedField& of) { return of.at == field.end && of.parent == field.parent; });
      if (next == fields_.all.end()) break;
      instead = joined(part(encoding_, next->at, next->end), instead);
      end = next->end;
      break;
    }
    default: {
      const std::size_t which = edit.how & ~std::size_t{kLengthsFollow};
      instead = joined(joined(part(encoding_, field.at, field.length_at),
                              wrong_length(which, field.end - field.body_at)),
                       part(encoding_, field.body_at, field.end));
      break;
    }
  }
  if (follow && end == field.end) return with_field(encoding_, fields_, edit.at, instead);
  return joined(joined(part(encoding_, 0, field.at), instead),
                part(encoding_, end, encoding_.size()));
}

Bytes EncodedEdits::edited(std::size_t index) const {
  const Edit& edit = edits_[index];
  Bytes bytes = encoding_;
  switch (edit.kind) {
    case Kind::kNone:
      break;
    case Kind::kCut:
      bytes.resize(edit.at);
      break;
    case Kind::kByte:
      bytes[edit.at] = static_cast<std::uint8_t>(bytes[edit.at] ^ edit.how);
      break;
    case Kind::kNumber:
      put_number(bytes, edit.at, edit.how);
      break;
    case Kind::kLonger: {
      const auto [value, times] = kTails[edit.how];
      bytes.insert(bytes.end(), static_cast<std::size_t>(times), value);
      break;
    }
    default:
      bytes = field_edited(edit);
      break;
  }
  bytes.resize(std::min<std::size_t>(bytes.size(), kMaxGivenBytes));
  return bytes;
}

void EncodedEdits::draw_one(Random& random, Bytes& bytes) const {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::uint32_t at = size == 0 ? 0 : random.below(size);
  const std::uint32_t most = size - at;
  const auto place = bytes.begin() + at;
  // Of a run of bytes: short ones more often.
  const auto length = static_cast<std::ptrdiff_t>(most == 0 ? 0 : 1 + random.low(most));
  switch (random.below(10)) {
    case 0:
    case 1:
      if (size > 0) *place = static_cast<std::uint8_t>(random.next());
      return;
    case 2:
      if (size > 0) *place = static_cast<std::uint8_t>(*place ^ 1U << random.below(8));
      return;
    case 3:
      if (size > 0) *place = static_cast<std::uint8_t>(*place + (random.one_in(2) ? 1 : 0xff));
      return;
    case 4:
    case 5:
      put_number(bytes, at, random.below(kNumbers));
      return;
    case 6:
      bytes.erase(place, place + length);
      return;
    case 7: {
      const Bytes run(place, place + length);
      bytes.insert(bytes.begin() + (size == 0 ? 0 : random.below(size)), run.begin(), run.end());
      return;
    }
    case 8:
      bytes.insert(place, static_cast<std::uint8_t>(random.next()));
      return;
    default:
      bytes.resize(at);
      return;
  }
}

Bytes EncodedEdits::drawn(Random& random) const {
  // On one of the others, and on itself as often.
  Bytes bytes =
      random.one_in(2) ? encoding_ : edited(random.below(static_cast<std::uint32_t>(count())));
  constexpr std::uint32_t kMostEdits = 8;
  for (std::uint32_t left = 1 + random.low(kMostEdits); left > 0; --left) {
    draw_one(random, bytes);
    bytes.resize(std::min<std::size_t>(bytes.size(), kMaxGivenBytes));
  }
  return bytes;
}

}  // namespace lastref
