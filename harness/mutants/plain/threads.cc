// Random calls of four threads on what they share, under ThreadSanitizer, with which this program
// and the library are compiled.
//
//   plain_threads LIBRARY SEED ROUNDS SECONDS PROGRESS
//
// as main.cc: a program there is a round here, for which threads are started and joined.
// ThreadSanitizer ends the process at the first race. Exits with 9 when a session is left over at
// the end of a round, and with 0 when nothing was seen.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <thread>
#include <vector>

#include "harness/mutants/plain/calls.h"

namespace {

using plain::Api;
using Random = std::mt19937;

constexpr int kUsage = 2;
constexpr int kLeftOver = 9;
constexpr int kThreads = 4;
constexpr int kCallsOfAThread = 400;
constexpr int kIndices = 7;
constexpr int kTurns = 400;
// A thread that looks up so often finds the cache's gate open.
constexpr int kLookUps = 1500;
constexpr unsigned kIds = 12;
constexpr long kTimes = 1000;

std::atomic<long> alive{0};

void count_birth(void*, void*, LR_EX_DATA*, int, long, void*) { ++alive; }
void count_death(void*, void*, LR_EX_DATA*, int, long, void*) { --alive; }

// What the threads of a round share: the sessions are in the cache of one context or the other.
class Round {
 public:
  Round(const Api& api, std::uint32_t seed) : api_(api), seed_(seed) {
    for (LR_CTX*& context : contexts_) {
      context = api_.lr_CTX_new();
      api_.lr_CTX_sess_set_cache_size(context, 5);
      api_.lr_CTX_set_options(context, LR_OP_NO_TICKET);
    }
    for (unsigned id = 0; id < kIds; ++id) shared_[id] = make(static_cast<unsigned char>(id));
  }
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;
  ~Round() {
    for (LR_SESSION* session : shared_) api_.lr_SESSION_free(session);
    for (LR_CTX* context : contexts_) api_.lr_CTX_free(context);
  }

  void run() {
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (std::uint32_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, i] {
        Random random(seed_ * kThreads + i);
        begin_together();
        // The process has room for 32 in all, so that only the first round tries these.
        for (int index = 0; index < kIndices; ++index) {
          api_.lr_SESSION_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
        }
        contend(contexts_[i % contexts_.size()]);
        for (int call = 0; call < kCallsOfAThread; ++call) this->call(random);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  void begin_together() {
    ++ready_;
    while (ready_ < kThreads) std::this_thread::yield();
  }

  LR_SESSION* make(unsigned char id) {
    LR_SESSION* session = api_.lr_SESSION_new();
    api_.lr_SESSION_set1_id(session, &id, 1);
    return session;
  }

  // Two contexts ask for one session at about the same time: one gets it.
  void contend(LR_CTX* context) {
    for (int turn = 0; turn < kTurns; ++turn) {
      LR_SESSION* const session = shared_[static_cast<unsigned>(turn) % kIds];
      api_.lr_CTX_add_session(context, session);
      api_.lr_CTX_remove_session(context, session);
    }
  }

  void call(Random& random) {
    LR_SESSION* const session = shared_[random() % shared_.size()];
    LR_CTX* const context = contexts_[random() % contexts_.size()];
    switch (random() % 11) {
      case 0:
      case 1:
        api_.lr_CTX_add_session(context, session);
        break;
      case 2:
        api_.lr_CTX_remove_session(context, session);
        break;
      case 3:
        api_.lr_SESSION_set_time(session, static_cast<long>(random() % kTimes));
        break;
      case 4:
        api_.lr_SESSION_set_timeout(session, static_cast<long>(random() % kTimes));
        break;
      case 5:
        api_.lr_CTX_flush_sessions(context, static_cast<long>(random() % (2 * kTimes)));
        break;
      case 6:
        set_up(context, random);
        break;
      case 7:
        own_context(session);
        break;
      case 8:
        one_of_its_own(context, random);
        break;
      case 9:
        look_up(context, random);
        break;
      default:
        shake_hands(context, random);
        break;
    }
  }

  // What decides how connections will be, which others make meanwhile.
  void set_up(LR_CTX* context, Random& random) {
    const std::array<unsigned char, 2> id = {'c', static_cast<unsigned char>(random() % 2)};
    std::array<unsigned char, LR_TICKET_KEY_LENGTH> key{};
    key[0] = static_cast<unsigned char>(random());
    api_.lr_CTX_set_session_id_context(context, id.data(), id.size());
    api_.lr_CTX_set_ticket_key(context, key.data(), key.size());
    (random() % 2 == 0 ? api_.lr_CTX_set_options : api_.lr_CTX_clear_options)(context,
                                                                              LR_OP_NO_TICKET);
  }

  // A context that ends while others come to it from the session.
  void own_context(LR_SESSION* session) {
    LR_CTX* const own = api_.lr_CTX_new();
    LR_SSL* const connection = api_.lr_SSL_new(contexts_[0]);
    api_.lr_SSL_set_SSL_CTX(connection, own);
    api_.lr_CTX_add_session(own, session);
    api_.lr_SESSION_set_time(session, 1);
    api_.lr_CTX_free(own);
    api_.lr_SSL_free(connection);
  }

  void one_of_its_own(LR_CTX* context, Random& random) {
    LR_SESSION* const own = make(static_cast<unsigned char>(random() % kIds));
    api_.lr_CTX_add_session(context, own);
    if (random() % 4 == 0) api_.lr_CTX_remove_session(context, own);
    api_.lr_SESSION_free(own);
  }

  void look_up(LR_CTX* context, Random& random) {
    LR_SSL* const connection = api_.lr_SSL_new(context);
    const int times = random() % 8 == 0 ? kLookUps : 1;
    for (int i = 0; i < times; ++i) {
      const auto id = static_cast<unsigned char>(random() % kIds);
      api_.lr_SSL_has_matching_session_id(connection, &id, 1);
    }
    api_.lr_SSL_free(connection);
  }

  void shake_hands(LR_CTX* context, Random& random) {
    LR_SSL* const client = api_.lr_SSL_new(contexts_[0]);
    LR_SSL* const server = api_.lr_SSL_new(context);
    api_.lr_handshake(client, server, LR_HANDSHAKE_COMPLETE);
    LR_SESSION* const made = api_.lr_SSL_get1_session(client);
    api_.lr_SSL_shutdown(client);
    if (random() % 2 == 0) api_.lr_SSL_shutdown(server);
    api_.lr_SSL_free(client);
    api_.lr_SSL_free(server);
    LR_SSL* const again = api_.lr_SSL_new(contexts_[0]);
    LR_SSL* const other = api_.lr_SSL_new(context);
    api_.lr_SSL_set_session(again, made);
    api_.lr_handshake(again, other, LR_HANDSHAKE_COMPLETE);
    api_.lr_SSL_free(again);
    api_.lr_SSL_free(other);
    api_.lr_SESSION_free(made);
  }

  const Api& api_;
  std::uint32_t seed_;
  std::atomic<int> ready_{0};
  std::array<LR_CTX*, 2> contexts_{};
  std::array<LR_SESSION*, kIds> shared_{};
};

}  // namespace

int main(int count, char** words) {
  if (count != 6) {
    std::fprintf(stderr, "Usage: plain_threads LIBRARY SEED ROUNDS SECONDS PROGRESS\n");
    return kUsage;
  }
  const std::uint64_t seed = std::strtoull(words[2], nullptr, 10);
  const std::uint64_t rounds = std::strtoull(words[3], nullptr, 10);
  const double seconds = std::strtod(words[4], nullptr);
  std::FILE* const progress = std::fopen(words[5], "w+be");
  if (progress == nullptr) {
    std::perror(words[5]);
    return kUsage;
  }
  const Api api = plain::load(words[1]);
  api.lr_SESSION_get_ex_new_index(0, nullptr, count_birth, nullptr, count_death);
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    std::rewind(progress);
    std::fwrite(&round, sizeof round, 1, progress);
    std::fflush(progress);
    Round(api, static_cast<std::uint32_t>(seed * 1'000'003 + round)).run();
    if (alive != 0) return kLeftOver;
    if (static_cast<double>(std::clock()) / CLOCKS_PER_SEC > seconds) break;
  }
  std::fclose(progress);
  return 0;
}
