// The fields of an encoded session, as far as the bytes themselves show them.
#ifndef LASTREF_HARNESS_INJECT_ENCODED_FIELDS_H_
#define LASTREF_HARNESS_INJECT_ENCODED_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lastref {

// A field: a header, which has the length, and what it counts.
struct EncodedField {
  static constexpr std::size_t kNone = ~std::size_t{0};

  std::size_t at = 0;          // of its first byte
  std::size_t length_at = 0;   // of the first byte of its length
  std::size_t body_at = 0;     // of the first byte behind the header
  std::size_t end = 0;         // of the first byte behind the field
  std::size_t parent = kNone;  // the index of the field that it is in

  friend bool operator==(const EncodedField&, const EncodedField&) = default;
};

// Fields of DER, the outermost first, where the bytes are one element of it and nothing behind. Of
// other formats each run of bytes that is preceded by its length, in one byte or two with the high
// one first: what is no field but looks like one does no harm to a mutation.
struct EncodedFields {
  std::vector<EncodedField> all;
  bool der = false;
};
EncodedFields fields_of(std::span<const std::uint8_t> bytes);

// The same bytes with the ones of a field, [field.at, field.end), replaced; in DER the lengths of
// the fields around it follow.
std::vector<std::uint8_t> with_field(std::span<const std::uint8_t> bytes,
                                     const EncodedFields& fields, std::size_t field,
                                     std::span<const std::uint8_t> instead);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_ENCODED_FIELDS_H_
