// Contexts that are reset and used again: making one costs thirty times a short program.
#ifndef LASTREF_HARNESS_EXECUTE_CONTEXT_POOL_H_
#define LASTREF_HARNESS_EXECUTE_CONTEXT_POOL_H_

#include <cstddef>
#include <optional>
#include <vector>

namespace lastref {

// A context and how many blocks it holds when it is as new. Owns nothing: contexts belong to the
// target, and those in the pool end with the process.
struct PooledContext {
  void* context = nullptr;
  std::size_t blocks = 0;
};

class ContextPool {
 public:
  void put(const PooledContext& context) {
    contexts_.push_back(context);
    blocks_ += context.blocks;
  }
  std::optional<PooledContext> take() {
    if (contexts_.empty()) return std::nullopt;
    const PooledContext taken = contexts_.back();
    contexts_.pop_back();
    blocks_ -= taken.blocks;
    return taken;
  }
  // Blocks that the pool's contexts hold, all together: no leak of any program.
  std::size_t blocks() const { return blocks_; }

 private:
  std::vector<PooledContext> contexts_;
  std::size_t blocks_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_CONTEXT_POOL_H_
