// The verdicts that accuse, kept for whoever asks.
#ifndef LASTREF_LIB_OWNERSHIP_FINDINGS_H_
#define LASTREF_LIB_OWNERSHIP_FINDINGS_H_

#include <array>
#include <cstddef>

#include "lastref/ownership.h"
#include "lib/ownership/moment.h"
#include "lib/ownership/shard.h"
#include "lib/ownership/spin_lock.h"

namespace lastref::ownership {

class Findings {
 public:
  void add(const lastref_ledger_finding& finding);
  std::size_t copy(lastref_ledger_finding* out, std::size_t capacity);
  std::size_t count();
  void clear() { count_ = 0; }

 private:
  SpinLock lock_;
  std::size_t count_ = 0;
  std::array<lastref_ledger_finding, LASTREF_LEDGER_FINDINGS> kept_{};
};
[[gnu::visibility("hidden")]] extern constinit Findings findings;

// As the C API shows it.
lastref_moment shown(Moment moment);
lastref_owner shown(Holder holder, const lastref_moment& moment);

// What a finding says beside its verdict and its object.
struct Charge {
  Holder who;
  Moment moment;
  std::uint32_t count = 0;
  bool release = false;                  // the owner's remembered references are candidates
  const Reference* candidate = nullptr;  // or this one only
};

// Keeps a finding about the object, whose shard's lock is held. UNKNOWN, and nothing kept, when not
// all that happened to the object is known.
lastref_ledger_verdict accuse(lastref_ledger_verdict verdict, Shard& shard, Object& object,
                              const Charge& charge);

// Whether a cache or a connection would be left with a link to nothing.
bool dangles(const Shard& shard, const Object& object);
// What it is to lose the object's storage while it is referenced: OK when it is not.
lastref_ledger_verdict accuse_of_loss(Shard& shard, Object& object, Moment moment);

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_FINDINGS_H_
