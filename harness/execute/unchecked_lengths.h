// What the hazard d2i-unchecked keeps away from a library.
#ifndef LASTREF_HARNESS_EXECUTE_UNCHECKED_LENGTHS_H_
#define LASTREF_HARNESS_EXECUTE_UNCHECKED_LENGTHS_H_

#include <cstdint>
#include <span>

namespace lastref {

// Whether bytes in the format of wolfSSL 5.5 may be decoded by a library that copies fields of any
// length over members that have room for less, and reads one without a look at what is left: each
// field fits its member, and the bytes do not end in the middle of that one. So it is of bytes that
// the library refuses for what comes before such a field.
bool lengths_are_safe(std::span<const std::uint8_t> bytes);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_UNCHECKED_LENGTHS_H_
