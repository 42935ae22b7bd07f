// A warm process that answers requests, each in a fresh worker: for replaying and shrinking, where
// every program needs a process of its own and there are thousands.
//
//   WorkerService service(warm, serve, limits);
//   if (std::string error = service.start(); !error.empty()) ...     exit code 3
//   Answer answer = service.call(encode_program(program));
//
// The caller never runs warm() or serve(). The processes end with the object, or with the caller.
#ifndef LASTREF_HARNESS_EXECUTE_WORKER_SERVICE_H_
#define LASTREF_HARNESS_EXECUTE_WORKER_SERVICE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/execute/shared_memory.h"
#include "harness/execute/shared_progress.h"
#include "harness/execute/worker_process.h"

namespace lastref {

struct Answer {
  VerdictRecord record;             // kNone: serve() returned without convict()
  std::vector<std::uint8_t> bytes;  // what serve() appended, also before a crash
  MemoryEvidence memory;            // of progress.memory, with names for its stacks
  StruckEvidence struck;            // of progress.struck, likewise
};

class WorkerService {
 public:
  using Warm = std::function<std::string()>;
  using Serve = std::function<void(std::span<const std::uint8_t> request, SharedProgress& progress,
                                   SharedBytes& answer)>;

  WorkerService(Warm warm, Serve serve, WorkerLimits limits);
  // Ends the warm process and waits for it.
  ~WorkerService();
  WorkerService(const WorkerService&) = delete;
  WorkerService& operator=(const WorkerService&) = delete;

  // Forks and warms. Empty on success, else why it could not start. Once.
  std::string start();

  // Runs serve() on the request in a fresh worker. At most SharedBytes::kCapacity bytes. A warm
  // process that is gone gives an internal_error, and so does every later call.
  Answer call(std::span<const std::uint8_t> request);

 private:
  struct Channel;
  // The life of the warm process.
  [[noreturn]] void serve_requests(int parent_pid, int socket);

  Warm warm_;
  Serve serve_;
  WorkerLimits limits_;
  std::unique_ptr<Channel> channel_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_WORKER_SERVICE_H_
