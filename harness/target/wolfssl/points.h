// Memory for points of elliptic curves. wolfSSL keeps the points that handshakes used, and what it
// works out of them, in a cache of the process: as blocks of the host's they would come and go with
// what former programs did. So they are not the host's.
#ifndef LASTREF_HARNESS_TARGET_WOLFSSL_POINTS_H_
#define LASTREF_HARNESS_TARGET_WOLFSSL_POINTS_H_

#include <cstddef>

namespace lastref::wolfssl {

// Whether a block of so many bytes is a point. No other of the library's has their size.
bool has_size_of_point(std::size_t bytes);

// Room for a point, or NULL when there is none left.
void* take_point();

// Whether take_point() gave the block, and taking it back.
bool is_point(const void* block);
void give_back_point(void* block);

}  // namespace lastref::wolfssl

#endif  // LASTREF_HARNESS_TARGET_WOLFSSL_POINTS_H_
