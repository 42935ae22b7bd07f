#include "harness/execute/worker_service.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <utility>

#include "harness/execute/symbols.h"

namespace lastref {

// What the caller and the warm process share. A byte through the socket hands it over: to the warm
// process with a request in it, to the caller with an answer.
struct WorkerService::Channel {
  struct Memory {
    SharedProgress progress;
    SharedBytes request;
    SharedBytes answer;
    SharedBytes stacks;  // four: a frame a line, each ended by an empty line
    VerdictRecord record;
  };
  Shared<Memory> memory;
  int socket = -1;
  pid_t pid = 0;
};

namespace {

constexpr char kTurn = '.';
constexpr int kWarmFailed = 3;

// False when the other side is gone.
bool pass_turn(int socket) {
  ssize_t sent = 0;
  do {
    sent = send(socket, &kTurn, 1, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == 1;
}

bool await_turn(int socket) {
  char turn = 0;
  ssize_t got = 0;
  do {
    got = read(socket, &turn, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1;
}

// A frame a line, and an empty line at the end.
std::string stack_lines(const CallStack& stack) {
  std::string text;
  for (const std::string& frame : symbolised(stack)) text += frame + "\n";
  return text + "\n";
}

// The first stack of `lines`, which is taken from them.
std::vector<std::string> take_stack(std::string_view& lines) {
  std::vector<std::string> stack;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
    if (line.empty()) break;
    stack.emplace_back(line);
  }
  return stack;
}

std::string warmed(const WorkerService::Warm& warm) {
  try {
    return warm();
  } catch (const std::exception& error) {
    return std::string("starting the target failed: ") + error.what();
  }
}

}  // namespace

WorkerService::WorkerService(Warm warm, Serve serve, WorkerLimits limits)
    : warm_(std::move(warm)),
      serve_(std::move(serve)),
      limits_(limits),
      channel_(std::make_unique<Channel>()) {}

WorkerService::~WorkerService() {
  if (channel_->pid > 0) {
    kill(channel_->pid, SIGKILL);  // a worker would die with it
    while (waitpid(channel_->pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (channel_->socket >= 0) close(channel_->socket);
}

std::string WorkerService::start() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return std::string("cannot make a socket: ") + std::strerror(errno);
  }
  Channel::Memory& memory = *channel_->memory;
  const pid_t self = getpid();
  channel_->pid = fork();
  if (channel_->pid == 0) {
    close(ends[0]);
    serve_requests(self, ends[1]);
  }
  close(ends[1]);
  channel_->socket = ends[0];
  if (channel_->pid < 0) return std::string("cannot fork: ") + std::strerror(errno);
  if (!await_turn(channel_->socket)) return "the process ended while the target was started";
  const auto error = memory.answer.view();
  return {error.begin(), error.end()};
}

void WorkerService::serve_requests(int parent_pid, int socket) {
  for (const int ignored : {SIGINT, SIGTERM, SIGHUP}) signal(ignored, SIG_IGN);
  die_with_parent(parent_pid);
  Channel::Memory& memory = *channel_->memory;
  const std::string error = warmed(warm_);
  if (!error.empty()) {
    memory.answer.append(std::string_view(error).substr(0, SharedBytes::kCapacity));
    pass_turn(socket);
    _exit(kWarmFailed);
  }
  prepare_for_workers(memory.progress, limits_);
  pass_turn(socket);
  while (await_turn(socket)) {
    memory.answer.clear();
    memory.stacks.clear();
    memory.progress.begin_program(0);
    memory.record = run_isolated(memory.progress, limits_, [&] {
      serve_(memory.request.view(), memory.progress, memory.answer);
    });
    // Here and not in the worker: it may have died in the midst of anything.
    const MemoryFault& fault = memory.progress.memory;
    const CallStack& asked = memory.progress.struck.asked();
    for (const CallStack* stack : {&fault.allocated, &fault.released, &fault.touched, &asked}) {
      memory.stacks.append(stack_lines(*stack));
    }
    pass_turn(socket);
  }
  _exit(0);
}

Answer WorkerService::call(std::span<const std::uint8_t> request) {
  Channel::Memory& memory = *channel_->memory;
  Answer answer;
  memory.request.clear();
  const char* failure = nullptr;
  if (!memory.request.append(request)) {
    failure = "the request is too long";
  } else if (!pass_turn(channel_->socket) || !await_turn(channel_->socket)) {
    failure = "the process that starts workers is gone";
  }
  if (failure != nullptr) {
    answer.record.internal_error = 1;
    answer.record.set_detail(failure);
    return answer;
  }
  answer.record = memory.record;
  const auto bytes = memory.answer.view();
  answer.bytes.assign(bytes.begin(), bytes.end());
  answer.memory.fault = memory.progress.memory;
  answer.struck.operation = memory.progress.struck;
  const auto stacks = memory.stacks.view();
  std::string_view lines(reinterpret_cast<const char*>(stacks.data()), stacks.size());
  answer.memory.allocated = take_stack(lines);
  answer.memory.released = take_stack(lines);
  answer.memory.touched = take_stack(lines);
  answer.struck.asked = take_stack(lines);
  return answer;
}

}  // namespace lastref
