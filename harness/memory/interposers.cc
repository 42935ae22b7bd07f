// Functions of the C library that this executable defines in its place, so that what a target sees
// of time and chance is the program's. Outside of a target call, the C library answers.
//
// Every shared object that is loaded finds these first, provided that the executable exports its
// symbols (ENABLE_EXPORTS). Nothing refers to this file: it is linked as an object.

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>

#include "harness/memory/block.h"
#include "harness/memory/clock.h"
#include "harness/memory/countdown.h"

// Gives a function of ours the C library's name for the linker. Under that name in the source it
// would have to repeat the C library's declaration to the letter.
#define LASTREF_INTERPOSES(name) __asm__(#name) __attribute__((visibility("default"), used))

namespace lastref {
namespace {

using ClockGettime = int (*)(clockid_t, timespec*);
using Syscall = long (*)(long, ...);
using MutexInit = int (*)(pthread_mutex_t*, const pthread_mutexattr_t*);
using RwlockInit = int (*)(pthread_rwlock_t*, const pthread_rwlockattr_t*);
using KeyCreate = int (*)(pthread_key_t*, void (*)(void*));

// The C library's own. NULL until the constructor below has run: sanitizers and loaders ask for the
// time before that.
constinit ClockGettime real_clock_gettime = nullptr;
constinit Syscall real_syscall = nullptr;
constinit MutexInit real_mutex_init = nullptr;
constinit RwlockInit real_rwlock_init = nullptr;
constinit KeyCreate real_key_create = nullptr;

__attribute__((constructor)) void find_real_functions() {
  real_clock_gettime = reinterpret_cast<ClockGettime>(dlsym(RTLD_NEXT, "clock_gettime"));
  real_syscall = reinterpret_cast<Syscall>(dlsym(RTLD_NEXT, "syscall"));
  real_mutex_init = reinterpret_cast<MutexInit>(dlsym(RTLD_NEXT, "pthread_mutex_init"));
  real_rwlock_init = reinterpret_cast<RwlockInit>(dlsym(RTLD_NEXT, "pthread_rwlock_init"));
  real_key_create = reinterpret_cast<KeyCreate>(dlsym(RTLD_NEXT, "pthread_key_create"));
}

// The C library's own function, also before the constructor above has run.
template <typename Function>
Function found(Function& function) {
  if (function == nullptr) find_real_functions();
  return function;
}

Syscall next_syscall() { return found(real_syscall); }

int real_time(clockid_t clock, timespec* to) {
  if (real_clock_gettime != nullptr) return real_clock_gettime(clock, to);
  return static_cast<int>(next_syscall()(SYS_clock_gettime, clock, to));
}

// Clocks that tell the time of day or of the machine. Those of processor time stay real.
bool is_virtual(clockid_t clock) {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_BOOTTIME:
    case CLOCK_TAI:
      return true;
    default:
      return false;
  }
}

// Whether the request for random bytes is one that a program has fail; errno says so then.
bool no_random() {
  if (!random_requests.fails()) return false;
  errno = EIO;
  return true;
}

bool no_lock() { return inside_target && lock_requests.fails(); }

// What a file of random bytes is to a target that opens one for its seed, which it reads at once. A
// seed of wolfSSL's has not half as many.
constexpr std::size_t kSeedBytes = 512;

// A file that ends behind kSeedBytes of the program's chance; -1 and errno as open() has them.
int open_virtual_random() {
  if (no_random()) return -1;
  const auto file = static_cast<int>(next_syscall()(SYS_memfd_create, "lastref-random", 0U));
  if (file < 0) return -1;
  unsigned char bytes[kSeedBytes];
  virtual_random(bytes, sizeof bytes);
  const long start = 0;
  const long written = next_syscall()(SYS_pwrite64, file, bytes, sizeof bytes, start);
  if (written == static_cast<long>(sizeof bytes)) return file;
  next_syscall()(SYS_close, file);
  errno = EIO;
  return -1;
}

}  // namespace
}  // namespace lastref

extern "C" {

int lastref_clock_gettime(clockid_t clock, timespec* to) noexcept LASTREF_INTERPOSES(clock_gettime);
std::time_t lastref_time(std::time_t* to) noexcept LASTREF_INTERPOSES(time);
int lastref_gettimeofday(timeval* to, void* zone) noexcept LASTREF_INTERPOSES(gettimeofday);
ssize_t lastref_getrandom(void* bytes, std::size_t size, unsigned flags)
    LASTREF_INTERPOSES(getrandom);
int lastref_getentropy(void* bytes, std::size_t size) LASTREF_INTERPOSES(getentropy);
int lastref_open(const char* path, int flags, ...) LASTREF_INTERPOSES(open);
long lastref_syscall(long number, ...) noexcept LASTREF_INTERPOSES(syscall);
int lastref_sched_yield() noexcept LASTREF_INTERPOSES(sched_yield);
int lastref_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept
    LASTREF_INTERPOSES(pthread_mutex_init);
int lastref_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) noexcept
    LASTREF_INTERPOSES(pthread_rwlock_init);
int lastref_key_create(pthread_key_t* key, void (*destroy)(void*)) noexcept
    LASTREF_INTERPOSES(pthread_key_create);

int lastref_clock_gettime(clockid_t clock, timespec* to) noexcept {
  if (!lastref::inside_target || !lastref::is_virtual(clock)) return lastref::real_time(clock, to);
  to->tv_sec = lastref::virtual_seconds;
  to->tv_nsec = 0;
  return 0;
}

std::time_t lastref_time(std::time_t* to) noexcept {
  std::time_t seconds = lastref::virtual_seconds;
  if (!lastref::inside_target) {
    timespec now{};
    lastref::real_time(CLOCK_REALTIME_COARSE, &now);
    seconds = now.tv_sec;
  }
  if (to != nullptr) *to = seconds;
  return seconds;
}

int lastref_gettimeofday(timeval* to, [[maybe_unused]] void* zone) noexcept {
  timespec now{lastref::virtual_seconds, 0};
  if (!lastref::inside_target) lastref::real_time(CLOCK_REALTIME, &now);
  to->tv_sec = now.tv_sec;
  to->tv_usec = now.tv_nsec / 1000;
  return 0;
}

// Others reach the kernel through syscall(), see the next function.
ssize_t lastref_getrandom(void* bytes, std::size_t size, unsigned flags) {
  if (!lastref::inside_target) return lastref::next_syscall()(SYS_getrandom, bytes, size, flags);
  if (lastref::no_random()) return -1;
  lastref::virtual_random(bytes, size);
  return static_cast<ssize_t>(size);
}

int lastref_getentropy(void* bytes, std::size_t size) {
  constexpr std::size_t kLimit = 256;  // getentropy(3)
  if (size > kLimit) {
    errno = EIO;
    return -1;
  }
  return lastref_getrandom(bytes, size, 0) == static_cast<ssize_t>(size) ? 0 : -1;
}

// wolfSSL reads its seeds from a file. As the C library does, it passes on a mode whether or not
// the caller gave one, which the kernel looks at only for files that are made.
LASTREF_NO_ASAN int lastref_open(const char* path, int flags, ...) {
  if (lastref::inside_target && std::strcmp(path, "/dev/urandom") == 0) {
    return lastref::open_virtual_random();
  }
  std::va_list list;
  va_start(list, flags);
  const unsigned mode = va_arg(list, unsigned);
  va_end(list);
  return static_cast<int>(lastref::next_syscall()(SYS_openat, AT_FDCWD, path, flags, mode));
}

// BoringSSL asks for its randomness this way. As the C library does, it passes on six arguments
// whether or not the caller gave them; the sixth may lie in the caller's frame.
LASTREF_NO_ASAN long lastref_syscall(long number, ...) noexcept {
  std::va_list list;
  va_start(list, number);
  const long a = va_arg(list, long);
  const long b = va_arg(list, long);
  const long c = va_arg(list, long);
  const long d = va_arg(list, long);
  const long e = va_arg(list, long);
  const long f = va_arg(list, long);
  va_end(list);
  if (lastref::inside_target && number == SYS_getrandom) {
    if (lastref::no_random()) return -1;
    lastref::virtual_random(lastref::to_pointer(static_cast<std::uintptr_t>(a)),
                            static_cast<std::size_t>(b));
    return b;
  }
  return lastref::next_syscall()(number, a, b, c, d, e, f);
}

// A target that waits so for what its only thread would have to do waits for ever. Giving way to
// other processes it would use next to no processor time, by which a hang is told.
int lastref_sched_yield() noexcept {
  if (lastref::inside_target) return 0;
  return static_cast<int>(lastref::next_syscall()(SYS_sched_yield));
}

// What locks and thread-local storage may lack, by pthread_mutex_init(3) and its like: memory, or
// what else the system has not enough of.
int lastref_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  if (lastref::no_lock()) return ENOMEM;
  return lastref::found(lastref::real_mutex_init)(mutex, attributes);
}

int lastref_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) noexcept {
  if (lastref::no_lock()) return ENOMEM;
  return lastref::found(lastref::real_rwlock_init)(lock, attributes);
}

int lastref_key_create(pthread_key_t* key, void (*destroy)(void*)) noexcept {
  if (lastref::no_lock()) return ENOMEM;
  return lastref::found(lastref::real_key_create)(key, destroy);
}

}  // extern "C"
