#include "lib/session/session_fixture.h"

#include <atomic>
#include <cstdlib>

#include "lib/session/context.h"
#include "lib/session/session.h"

namespace lr::testing {
namespace {

std::atomic<long> blocks{0};
std::atomic<long> fail_in{0};
std::atomic<bool> fail_on{false};
std::atomic<bool> failed{false};

void* counting_malloc(std::size_t bytes) {
  if (fail_in.load(std::memory_order_relaxed) > 0 && fail_in.fetch_sub(1) == 1) {
    failed = true;
    if (fail_on) fail_in = 1;
    return nullptr;
  }
  void* block = std::malloc(bytes);
  if (block != nullptr) blocks.fetch_add(1, std::memory_order_relaxed);
  return block;
}

void* counting_realloc(void*, std::size_t) { std::abort(); }  // never called, says the header

void counting_free(void* block) {
  if (block != nullptr) blocks.fetch_sub(1, std::memory_order_relaxed);
  std::free(block);
}

const int installed = lr_set_mem_functions(counting_malloc, counting_realloc, counting_free);

std::string log;
std::atomic<bool> log_deaths{false};

void write(const std::string& word) { log += (log.empty() ? "" : " ") + word; }

void on_free(void* parent, void*, LR_EX_DATA*, int, long, void*) {
  if (log_deaths) write("free(" + name_of(static_cast<LR_SESSION*>(parent)) + ")");
}

void on_new(void*, void* value, LR_EX_DATA*, int, long, void*) {
  if (log_deaths) write(value == nullptr ? "born" : "born with a value");
}

void on_remove(LR_CTX*, LR_SESSION* session) { write("remove(" + name_of(session) + ")"); }

}  // namespace

long live_blocks() { return blocks; }

void fail_allocation(long n, bool persistent) {
  failed = false;
  fail_on = persistent;
  fail_in = n;
}

bool allocation_failed() { return failed; }

std::string name_of(const LR_SESSION* session) {
  unsigned length = 0;
  const unsigned char* id = lr_SESSION_get_id(session, &length);
  return length == 0 ? "-" : std::string(1, static_cast<char>(id[0]));
}

std::string line_of(LR_CTX* context) {
  const std::lock_guard<std::mutex> lock(context->mutex);
  const Cache& cache = context->cache;
  std::string line;
  long number = 0;
  const LR_SESSION* later = nullptr;
  for (const LR_SESSION* session = cache.head(); session != nullptr;
       session = session->link.earlier) {
    line +=
        (line.empty() ? "" : " ") + name_of(session) + ":" + std::to_string(references(session));
    EXPECT_EQ(session->link.later, later) << line;
    EXPECT_TRUE(session->link.home.is(context)) << line;
    EXPECT_EQ(cache.find(session->link.key), session) << line;
    EXPECT_TRUE(later == nullptr || later->link.expiry >= session->link.expiry) << line;
    later = session;
    ++number;
  }
  EXPECT_EQ(cache.tail(), later) << line;
  EXPECT_EQ(cache.number(), number) << line;
  return line;
}

std::uint32_t references(const LR_SESSION* session) { return session->references.value(); }

int logging_index() {
  static const int index = lr_SESSION_get_ex_new_index(0, nullptr, on_new, nullptr, on_free);
  return index;
}

SessionTest::SessionTest() : blocks_(live_blocks()) {
  EXPECT_EQ(installed, 1);
  logging_index();
  log.clear();
}

SessionTest::~SessionTest() {
  log_deaths = false;
  EXPECT_EQ(live_blocks(), blocks_);
#if LASTREF_LEDGER
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
  EXPECT_EQ(lastref_ledger_check(), 0U);
  EXPECT_EQ(lastref_ledger_report([](void*, const lastref_ledger_reference*) {}, nullptr), 0U);
  lastref_ledger_reset();
#endif
}

LR_SESSION* SessionTest::make(std::string_view id, long time, long timeout) {
  LR_SESSION* session = lr_SESSION_new();
  EXPECT_NE(session, nullptr);
  EXPECT_EQ(lr_SESSION_set1_id(session, reinterpret_cast<const unsigned char*>(id.data()),
                               static_cast<unsigned>(id.size())),
            1);
  EXPECT_EQ(lr_SESSION_set_time(session, time), 1);
  EXPECT_EQ(lr_SESSION_set_timeout(session, timeout), 1);
  return session;
}

void SessionTest::watch(LR_CTX* context) { lr_CTX_sess_set_remove_cb(context, on_remove); }

void SessionTest::watch_deaths() { log_deaths = true; }

std::string SessionTest::told() { return std::exchange(log, {}); }

}  // namespace lr::testing
