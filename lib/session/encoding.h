// How a session is written as bytes. An encoding of our own, because an ASN.1 of OpenSSL's shape
// has no place for a session without cipher and key, and a decoder of it would be most of this
// library.
//
//   offset  size  meaning
//   0       4     magic "LRSE"
//   4       1     format, 1
//   5       4     length of what follows, in bytes
//   9             fields
//
// A field is a tag (1 byte), the length of its value (2 bytes) and the value. Numbers are
// big-endian. Fields stand in ascending order of their tags, each once at most:
//
//   1 version (4 bytes)   2 time (8)   3 timeout (8)   4 id (0 to 32)   5 id context (0 to 32)
//   6 master key (0 to 48)   7 hostname (any)   8 ALPN   9 ticket   10 ticket application data
//
// 1 to 6 are always there. 7 to 10 are left out for none; 8 to 10 have at least one byte. A
// hostname holds no zero byte. A timeout may be negative, as a context's may that a session had
// from its handshake. The decoder accepts nothing else, so that each content has one encoding and
// each encoding one content. Neither the mark of a removed session nor ex_data are content.
#ifndef LASTREF_LIB_SESSION_ENCODING_H_
#define LASTREF_LIB_SESSION_ENCODING_H_

#include <cstddef>
#include <cstdint>

#include "lib/session/content.h"

namespace lr {

std::size_t encoded_size(const Content& content);

// Writes encoded_size() bytes and returns where they end.
std::uint8_t* encode(const Content& content, std::uint8_t* out);

// Reads the encoding at the start of `bytes`; what follows it is not looked at. Its size, or 0 for
// bytes that are none and when memory is short: then `content` is not changed.
std::size_t decode(ByteSpan bytes, Content& content);

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_ENCODING_H_
