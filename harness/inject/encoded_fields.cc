#include "harness/inject/encoded_fields.h"

#include <utility>

namespace lastref {
namespace {

constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kLongForm = 0x80;
// Tags of more than a byte, which no encoding of a session has, begin with all of these.
constexpr std::uint8_t kLongTag = 0x1f;
// Shorter runs are found everywhere by accident.
constexpr std::size_t kShortestCounted = 4;

using Bytes = std::span<const std::uint8_t>;

// The element at [at, limit) and what is in it. False when there is none that ends there or before.
bool read_element(Bytes bytes, std::size_t at, std::size_t limit, std::size_t parent,
                  std::vector<EncodedField>& fields) {
  if (limit - at < 2 || (bytes[at] & kLongTag) == kLongTag) return false;
  EncodedField field{at, at + 1, at + 2, 0, parent};
  std::size_t length = bytes[at + 1];
  if ((length & kLongForm) != 0) {
    const std::size_t digits = length & ~std::size_t{kLongForm};
    if (digits == 0 || digits > 3 || limit - field.body_at < digits) return false;
    length = 0;
    for (std::size_t i = 0; i < digits; ++i) length = length << 8 | bytes[field.body_at++];
  }
  if (length > limit - field.body_at) return false;
  field.end = field.body_at + length;
  const std::size_t self = fields.size();
  fields.push_back(field);
  if ((bytes[at] & kConstructed) == 0) return true;
  for (std::size_t next = field.body_at; next < field.end;) {
    const std::size_t child = fields.size();
    if (!read_element(bytes, next, field.end, self, fields)) return false;
    next = fields[child].end;
  }
  return true;
}

void read_counted(Bytes bytes, std::vector<EncodedField>& fields) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::size_t length = 0;
    for (std::size_t width = 1; width <= 2 && at + width <= bytes.size(); ++width) {
      length = length << 8 | bytes[at + width - 1];
      const std::size_t body = at + width;
      if (length < kShortestCounted || length > bytes.size() - body) continue;
      fields.push_back({at, at, body, body + length, EncodedField::kNone});
    }
  }
}

void append_length(std::vector<std::uint8_t>& bytes, std::size_t length) {
  if (length < kLongForm) {
    bytes.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  std::uint8_t digits = 1;
  while (length >> (8 * digits) != 0) ++digits;
  bytes.push_back(kLongForm | digits);
  while (digits-- > 0) bytes.push_back(static_cast<std::uint8_t>(length >> (8 * digits)));
}

void append(std::vector<std::uint8_t>& bytes, Bytes more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

}  // namespace

EncodedFields fields_of(Bytes bytes) {
  EncodedFields fields;
  fields.der = !bytes.empty() &&
               read_element(bytes, 0, bytes.size(), EncodedField::kNone, fields.all) &&
               fields.all.front().end == bytes.size();
  if (fields.der) return fields;
  fields.all.clear();
  read_counted(bytes, fields.all);
  return fields;
}

std::vector<std::uint8_t> with_field(Bytes bytes, const EncodedFields& fields, std::size_t field,
                                     Bytes instead) {
  std::vector<std::uint8_t> now(instead.begin(), instead.end());
  std::size_t at = fields.all[field].at;
  std::size_t end = fields.all[field].end;
  for (std::size_t around = fields.all[field].parent; around != EncodedField::kNone;
       around = fields.all[around].parent) {
    const EncodedField& of = fields.all[around];
    std::vector<std::uint8_t> whole(bytes.begin() + static_cast<std::ptrdiff_t>(of.at),
                                    bytes.begin() + static_cast<std::ptrdiff_t>(of.length_at));
    append_length(whole, (at - of.body_at) + now.size() + (of.end - end));
    append(whole, bytes.subspan(of.body_at, at - of.body_at));
    append(whole, now);
    append(whole, bytes.subspan(end, of.end - end));
    now = std::move(whole);
    at = of.at;
    end = of.end;
  }
  std::vector<std::uint8_t> all(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  append(all, now);
  append(all, bytes.subspan(end));
  return all;
}

}  // namespace lastref
