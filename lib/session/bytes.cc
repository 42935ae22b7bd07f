#include "lib/session/bytes.h"

#include "lastref/session.h"
#include "lib/session/memory.h"

namespace lr {

bool Block::assign(ByteSpan bytes) {
  if (bytes.data() == nullptr) {
    clear();
    return true;
  }
  if (bytes.size() > LR_MAX_BYTES_LENGTH) return false;
  auto* copy = static_cast<std::uint8_t*>(allocate(bytes.size() + 1));
  if (copy == nullptr) return false;
  *std::copy(bytes.begin(), bytes.end(), copy) = 0;
  deallocate(std::exchange(data_, copy));
  size_ = bytes.size();
  return true;
}

void Block::clear() {
  deallocate(std::exchange(data_, nullptr));
  size_ = 0;
}

}  // namespace lr
