// What a session says: all that a dup copies and an encoding carries.
#ifndef LASTREF_LIB_SESSION_CONTENT_H_
#define LASTREF_LIB_SESSION_CONTENT_H_

#include <cstdint>
#include <limits>

#include "lastref/session.h"
#include "lib/session/bytes.h"
#include "lib/session/relaxed.h"

namespace lr {

// Seconds since the epoch at which a session expires. Wider than a time, so that never is later
// than all of them.
__extension__ typedef __int128 Expiry;
inline constexpr Expiry kNever = Expiry{std::numeric_limits<std::int64_t>::max()} + 1;

using SessionId = InlineBytes<LR_MAX_SESSION_ID_LENGTH>;
using IdContext = InlineBytes<LR_MAX_SID_CTX_LENGTH>;

struct Content {
  Content() = default;
  Content(Content&&) = default;
  // The one on the right receives what was ours: sub-blocks are swapped.
  Content& operator=(Content&&) = default;
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;
  ~Content();

  // Becomes equal to `source`. False when memory is short: then nothing has changed.
  bool copy(const Content& source);

  // A sum that the type cannot hold is never. The timeout is not negative.
  Expiry expiry() const {
    std::int64_t sum = 0;
    return __builtin_add_overflow(std::int64_t{time}, std::int64_t{timeout}, &sum) ? kNever : sum;
  }
  bool has_ticket() const { return ticket.size() != 0; }

  SessionId id;
  IdContext id_context;
  InlineBytes<LR_MAX_MASTER_KEY_LENGTH> master_key;
  std::int32_t version = LR_TLS1_2_VERSION;
  // Other threads read them: a cache's mode UPDATE_TIME writes to sessions that are shared.
  Relaxed<std::int64_t> time;
  Relaxed<std::int64_t> timeout;
  Block hostname;
  Block alpn;
  Block ticket;
  Block appdata;
};

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_CONTENT_H_
