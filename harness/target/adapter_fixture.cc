#include "harness/target/adapter_fixture.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>
#include <ctime>

namespace lastref {
namespace {

constexpr int64_t kClock = 1'000'000'000;

std::unordered_map<const void*, std::size_t> live;
std::vector<std::string> seen;
Probe* running_probe = nullptr;
LoadedTarget* loaded = nullptr;  // never unloaded: the library's exit handlers may need it

std::size_t size_of_live(const void* block) {
  const auto found = live.find(block);
  return found == live.end() ? 0 : found->second;
}

void born(const void* session) {
  if (running_probe != nullptr) running_probe->born(session);
  seen.emplace_back("born");
}
void died(const void* session) {
  if (running_probe != nullptr) running_probe->died(session);
  seen.emplace_back("died");
}
void* allocate(std::size_t bytes) {
  void* block = std::malloc(bytes);
  live[block] = bytes;
  return block;
}
void release(void* block) {
  if (block == nullptr) return;
  EXPECT_EQ(live.erase(block), 1U);
  std::free(block);
}
void* reallocate(void* block, std::size_t bytes) {
  EXPECT_EQ(live.erase(block), block == nullptr ? 0U : 1U);
  void* moved = std::realloc(block, bytes);
  live[moved] = bytes;
  return moved;
}
std::size_t block_size(const void* block) {
  EXPECT_EQ(live.count(block), 1U);
  return size_of_live(block);
}
void callback(uint32_t kind, void* context, void*, void*, const uint8_t*, std::size_t,
              lastref_reply*) {
  seen.push_back("callback " + std::to_string(kind) + (context == nullptr ? " of none" : ""));
}

constexpr lastref_host kHost = {.size = sizeof(lastref_host),
                                .abi = LASTREF_TARGET_ABI,
                                .allocate = allocate,
                                .reallocate = reallocate,
                                .release = release,
                                .born = born,
                                .died = died,
                                .callback = callback,
                                .now = [] { return kClock; },
                                .block_size = block_size};

}  // namespace

void AdapterTest::start(const std::string& name) {
  static_assert(kClock == kNow);
  loaded = new LoadedTarget;
  ASSERT_EQ(loaded->open(LASTREF_BINARY_DIR "/targets/lastref-target-" + name + ".so"), "");
  ASSERT_EQ(loaded->start(kHost), "");
}

const lastref_target& AdapterTest::target() { return loaded->target(); }
const lastref_host& AdapterTest::host() { return kHost; }
const std::unordered_map<const void*, std::size_t>& AdapterTest::blocks() { return live; }
std::vector<std::string>& AdapterTest::events() { return seen; }

ProbeResult AdapterTest::probe() {
  Probe fresh(size_of_live);
  running_probe = &fresh;
  const ProbeResult result = fresh.run(target(), kHost.now);
  running_probe = nullptr;
  return result;
}

lastref_result AdapterTest::perform(const Operands& operands) {
  lastref_call call{};
  call.size = sizeof call;
  call.operation = operands.operation;
  call.session = operands.session;
  call.context = operands.context;
  call.connection = operands.connection;
  call.peer = operands.peer;
  call.bytes = operands.bytes;
  call.length = operands.length;
  call.value = operands.value;
  lastref_result result{};
  result.size = sizeof result;
  EXPECT_EQ(target().perform(&call, &result), 0);
  return result;
}

lastref_session_view AdapterTest::view(void* session) {
  lastref_session_view view;
  // What an adapter does not fill would be taken for an address.
  std::memset(&view, 0xff, sizeof view);
  view.size = sizeof view;
  target().view_session(session, &view);
  return view;
}

std::string AdapterTest::id_of(void* session) {
  const lastref_session_view of = view(session);
  return {reinterpret_cast<const char*>(of.id), of.id_length};
}

void* AdapterTest::make(const char* id) {
  void* session = perform({.operation = LASTREF_OP_SESSION_NEW}).object;
  perform({.operation = LASTREF_OP_SET_ID,
           .session = session,
           .bytes = reinterpret_cast<const uint8_t*>(id),
           .length = std::strlen(id)});
  return session;
}

void AdapterTest::drop(void* session) {
  perform({.operation = LASTREF_OP_SESSION_FREE, .session = session});
}

void AdapterTest::expect_encodings_round_trip() {
  void* session = make("id");
  const lastref_result own = perform({.operation = LASTREF_OP_I2D, .session = session});
  const std::vector<uint8_t> encoding(own.bytes, own.bytes + own.length);
  EXPECT_EQ(own.value, static_cast<int64_t>(encoding.size()));
  EXPECT_EQ(perform({.operation = LASTREF_OP_I2D_LENGTH, .session = session}).value, own.value);
  for (const uint32_t operation : {LASTREF_OP_D2I, LASTREF_OP_D2I_FRESH}) {
    void* copy =
        perform({.operation = operation, .bytes = encoding.data(), .length = encoding.size()})
            .object;
    EXPECT_EQ(id_of(copy), "id");
    EXPECT_EQ(view(copy).time, kNow);
    drop(copy);
  }
  drop(session);
}

void AdapterTest::expect_contexts_come_back_to_their_birth() {
  void* context = perform({.operation = LASTREF_OP_CONTEXT_NEW}).object;
  void* session = make("id");
  perform({.operation = LASTREF_OP_ON_REMOVE, .context = context, .value = 1});
  perform({.operation = LASTREF_OP_SET_CACHE_SIZE, .context = context, .value = 7});
  perform({.operation = LASTREF_OP_SET_MODE, .context = context, .value = 0});
  perform({.operation = LASTREF_OP_SET_DEFAULT_TIMEOUT, .context = context, .value = 5});
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = context});
  drop(session);
  EXPECT_EQ(target().reset_context(context), -1);
  const std::size_t before = live.size();
  seen.clear();
  perform({.operation = LASTREF_OP_CACHE_FLUSH, .context = context});
  EXPECT_THAT(seen, ::testing::Contains("callback 3"));
  EXPECT_LT(live.size(), before);
  EXPECT_EQ(target().reset_context(context), 0);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_CACHE_SIZE, .context = context}).value, 20480);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_MODE, .context = context}).value, 2);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_DEFAULT_TIMEOUT, .context = context}).value, 7200);
  session = make("id");
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = context});
  seen.clear();
  perform({.operation = LASTREF_OP_CACHE_REMOVE, .session = session, .context = context});
  EXPECT_THAT(seen, ::testing::IsEmpty());
  drop(session);
  perform({.operation = LASTREF_OP_CONTEXT_FREE, .context = context});
}

void AdapterTest::expect_errors_leave_no_block_behind() {
  const uint8_t rubbish[] = {0x30, 0x10, 0x02, 0x01};
  const std::size_t before = live.size();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(perform({.operation = LASTREF_OP_D2I, .bytes = rubbish, .length = 4}).object,
              nullptr);
    target().quiesce();
    EXPECT_EQ(live.size(), before);
  }
}

}  // namespace lastref

// The library's clock, as a harness interposes it.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library's is reserved
extern "C" time_t time(time_t* result) {
  if (result != nullptr) *result = lastref::kClock;
  return lastref::kClock;
}
