// Every operation with its n-th allocation failing, for every n, once alone and once with all after
// it: it fails as documented or succeeds, nothing is lost, and it works afterwards.
#include <cstring>
#include <functional>
#include <vector>

#include "lib/session/session_fixture.h"

namespace lr::testing {
namespace {

using Bytes = std::vector<unsigned char>;

// What the operations work on: a session with every field set, cached together with others, and a
// connection.
struct World {
  World() : context(lr_CTX_new()), session(lr_SESSION_new()), connection(lr_SSL_new(context)) {
    const unsigned char data[] = {'a', 0, 'c'};
    lr_SESSION_set1_id(session, data, 3);
    lr_SESSION_set1_hostname(session, "a.example");
    lr_SESSION_set1_alpn_selected(session, data, 3);
    lr_SESSION_set1_ticket(session, data, 3);
    lr_SESSION_set1_ticket_appdata(session, data, 3);
    lr_SESSION_set_ex_data(session, logging_index(), this);
    encoding.resize(static_cast<std::size_t>(lr_i2d_SESSION(session, nullptr)));
    unsigned char* out = encoding.data();
    lr_i2d_SESSION(session, &out);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World() {
    lr_SSL_free(connection);
    lr_CTX_free(context);
    lr_SESSION_free(session);
  }

  void fill_cache(unsigned count) const {
    for (unsigned i = 0; i < count; ++i) {
      const unsigned char id[] = {'s', static_cast<unsigned char>(i)};
      LR_SESSION* added = lr_SESSION_new();
      lr_SESSION_set1_id(added, id, 2);
      lr_CTX_add_session(context, added);
      lr_SESSION_free(added);
    }
  }
  Bytes encoded() const {
    Bytes bytes(static_cast<std::size_t>(lr_i2d_SESSION(session, nullptr)));
    unsigned char* out = bytes.data();
    lr_i2d_SESSION(session, &out);
    return bytes;
  }
  LR_SESSION* decode(LR_SESSION** into) const {
    const unsigned char* in = encoding.data();
    LR_SESSION* decoded = lr_d2i_SESSION(into, &in, static_cast<long>(encoding.size()));
    EXPECT_EQ(in, encoding.data() + (decoded == nullptr ? 0 : encoding.size()));
    return decoded;
  }

  LR_CTX* context;
  LR_SESSION* session;
  LR_SSL* connection;
  Bytes encoding;
};

struct Operation {
  const char* name;
  // Whether it succeeded.
  std::function<bool(World&)> run;
  std::function<void(World&)> prepare = [](World&) {};
  bool absorbs_failure = false;  // it succeeds without the memory
};

std::ostream& operator<<(std::ostream& out, const Operation& operation) {
  return out << operation.name;
}

bool freed(LR_SESSION* session) {
  lr_SESSION_free(session);
  return session != nullptr;
}

const unsigned char kOther[] = {1, 2, 3, 4, 5};

const Operation kOperations[] = {
    {.name = "SessionNew", .run = [](World&) { return freed(lr_SESSION_new()); }},
    {.name = "SessionDup", .run = [](World& w) { return freed(lr_SESSION_dup(w.session)); }},
    {.name = "SetHostname",
     .run = [](World& w) { return lr_SESSION_set1_hostname(w.session, "b.example") == 1; }},
    {.name = "SetAlpn",
     .run = [](World& w) { return lr_SESSION_set1_alpn_selected(w.session, kOther, 5) == 1; }},
    {.name = "SetTicket",
     .run = [](World& w) { return lr_SESSION_set1_ticket(w.session, kOther, 5) == 1; }},
    {.name = "SetAppdata",
     .run = [](World& w) { return lr_SESSION_set1_ticket_appdata(w.session, kOther, 5) == 1; }},
    {.name = "SetExData",
     .run =
         [](World&) {
           LR_SESSION* session = lr_SESSION_new();
           if (session == nullptr) return false;
           int value = 0;
           const bool done = lr_SESSION_set_ex_data(session, logging_index(), &value) == 1;
           EXPECT_EQ(lr_SESSION_get_ex_data(session, logging_index()), done ? &value : nullptr);
           lr_SESSION_free(session);
           return done;
         }},
    {.name = "I2dAllocate",
     .run =
         [](World& w) {
           unsigned char* block = nullptr;
           const int length = lr_i2d_SESSION(w.session, &block);
           EXPECT_EQ(length == -1, block == nullptr);
           lr_free(block);
           return length > 0;
         }},
    {.name = "D2i", .run = [](World& w) { return freed(w.decode(nullptr)); }},
    {.name = "D2iFresh",
     .run =
         [](World& w) {
           LR_SESSION* made = nullptr;
           EXPECT_EQ(w.decode(&made), made);
           return freed(made);
         }},
    {.name = "D2iInto",
     .run =
         [](World& w) {
           // It is released when the decoding fails; ours is another reference.
           LR_SESSION* given = w.session;
           lr_SESSION_up_ref(given);
           const bool done = w.decode(&given) != nullptr;
           EXPECT_EQ(given, done ? w.session : nullptr);
           lr_SESSION_free(given);
           EXPECT_EQ(references(w.session), 1U);
           return done;
         }},
    {.name = "ContextNew",
     .run =
         [](World&) {
           LR_CTX* context = lr_CTX_new();
           lr_CTX_free(context);
           return context != nullptr;
         }},
    {.name = "ConnectionNew",
     .run =
         [](World& w) {
           LR_SSL* connection = lr_SSL_new(w.context);
           lr_SSL_free(connection);
           return connection != nullptr;
         }},
    {.name = "AddThatGrowsTheCache",
     .run = [](World& w) { return lr_CTX_add_session(w.context, w.session) == 1; },
     .prepare = [](World& w) { w.fill_cache(32); },
     .absorbs_failure = true},
    {.name = "FlushOfMany",
     .run =
         [](World& w) {
           lr_CTX_flush_sessions(w.context, 0);
           return lr_CTX_sess_number(w.context) == 0;
         },
     .prepare = [](World& w) { w.fill_cache(200); },
     .absorbs_failure = true},
    {.name = "EndOfAContextWithMany",
     .run =
         [](World& w) {
           lr_CTX_free(std::exchange(w.context, nullptr));
           lr_SSL_free(std::exchange(w.connection, nullptr));
           return true;
         },
     .prepare = [](World& w) { w.fill_cache(200); },
     .absorbs_failure = true},
};

class AllocationFailure : public SessionTest, public ::testing::WithParamInterface<Operation> {};

TEST_P(AllocationFailure, LosesNothing) {
  const Operation& operation = GetParam();
  for (const bool persistent : {false, true}) {
    long n = 1;
    for (bool failed = true; failed; ++n) {
      SCOPED_TRACE(n);
      const long blocks = live_blocks();
      {
        World world;
        operation.prepare(world);
        const Bytes before = world.encoded();
        fail_allocation(n, persistent);
        const bool done = operation.run(world);
        failed = allocation_failed();
        fail_allocation(0);
        EXPECT_EQ(done, !failed || operation.absorbs_failure);
        if (failed && !done) {
          EXPECT_EQ(world.encoded(), before);
        }
        if (world.context != nullptr) line_of(world.context);
        if (!operation.absorbs_failure) {
          EXPECT_TRUE(operation.run(world)) << "afterwards";
        }
      }
      EXPECT_EQ(live_blocks(), blocks);
    }
    EXPECT_GT(n, 2) << "it allocates nothing";
  }
}

INSTANTIATE_TEST_SUITE_P(Every, AllocationFailure, ::testing::ValuesIn(kOperations),
                         [](const ::testing::TestParamInfo<Operation>& tested) {
                           return tested.param.name;
                         });

// What the header says takes no memory, by its groups.
TEST_F(AllocationFailure, IsNoMatterToReferences) {
  World world;
  world.fill_cache(3);
  lr_CTX_sess_set_cache_size(world.context, 3);
  fail_allocation(1, true);
  EXPECT_EQ(lr_SESSION_up_ref(world.session), 1);
  EXPECT_EQ(lr_CTX_up_ref(world.context), 1);
  EXPECT_EQ(lr_CTX_add_session(world.context, world.session), 1);
  EXPECT_EQ(lr_SSL_set_session(world.connection, world.session), 1);
  EXPECT_EQ(lr_SSL_get1_session(world.connection), world.session);
  EXPECT_EQ(lr_SSL_set_SSL_CTX(world.connection, world.context), world.context);
  EXPECT_EQ(lr_SSL_clear(world.connection), 1);
  EXPECT_EQ(lr_SSL_shutdown(world.connection), -1);
  EXPECT_EQ(lr_CTX_remove_session(world.context, world.session), 1);
  EXPECT_EQ(lr_SSL_set_session(world.connection, nullptr), 1);
  lr_CTX_flush_sessions(world.context, 0);
  lr_CTX_free(world.context);
  lr_SESSION_free(world.session);
  lr_SESSION_free(world.session);
  EXPECT_FALSE(allocation_failed());
  fail_allocation(0);
}

TEST_F(AllocationFailure, IsNoMatterToFieldsOfFixedSizeAndToClearing) {
  World world;
  const int value = 0;
  fail_allocation(1, true);
  EXPECT_EQ(lr_SESSION_set_time(world.session, 1), 1);
  EXPECT_EQ(lr_SESSION_set_timeout(world.session, 1), 1);
  EXPECT_EQ(lr_SESSION_set1_id(world.session, kOther, 5), 1);
  EXPECT_EQ(lr_SESSION_set1_id_context(world.session, kOther, 5), 1);
  EXPECT_EQ(lr_SESSION_set1_master_key(world.session, kOther, 5), 1);
  EXPECT_EQ(lr_SESSION_set_protocol_version(world.session, LR_TLS1_3_VERSION), 1);
  EXPECT_EQ(lr_SESSION_set1_hostname(world.session, nullptr), 1);
  EXPECT_EQ(lr_SESSION_set1_ticket(world.session, nullptr, 0), 1);
  EXPECT_EQ(lr_SESSION_set_ex_data(world.session, logging_index(), const_cast<int*>(&value)), 1);
  EXPECT_EQ(lr_SESSION_set_ex_data(world.session, logging_index(), nullptr), 1);
  unsigned char encoded[256];
  unsigned char* out = encoded;
  EXPECT_GT(lr_i2d_SESSION(world.session, &out), 0);
  EXPECT_EQ(lr_i2d_SESSION(world.session, nullptr), out - encoded);
  EXPECT_EQ(lr_CTX_set_session_id_context(world.context, kOther, 5), 1);
  const unsigned char key[LR_TICKET_KEY_LENGTH] = {};
  EXPECT_EQ(lr_CTX_set_ticket_key(world.context, key, sizeof key), 1);
  EXPECT_FALSE(allocation_failed());
  fail_allocation(0);
}

TEST_F(AllocationFailure, LeavesACacheThatCouldNotGrowCorrect) {
  World world;
  lr_CTX_sess_set_cache_size(world.context, 0);
  std::vector<LR_SESSION*> sessions;
  for (unsigned i = 0; i < 200; ++i) {
    const unsigned char id[] = {'s', static_cast<unsigned char>(i)};
    sessions.push_back(lr_SESSION_new());
    lr_SESSION_set1_id(sessions.back(), id, 2);
  }
  fail_allocation(1, true);
  for (LR_SESSION* session : sessions) EXPECT_EQ(lr_CTX_add_session(world.context, session), 1);
  EXPECT_TRUE(allocation_failed());
  line_of(world.context);
  for (LR_SESSION* session : sessions) EXPECT_EQ(lr_CTX_remove_session(world.context, session), 1);
  fail_allocation(0);
  for (LR_SESSION* session : sessions) lr_SESSION_free(session);
}

}  // namespace
}  // namespace lr::testing
