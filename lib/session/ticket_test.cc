#include "lib/session/ticket.h"

#include "lib/session/session_fixture.h"

namespace lr::testing {
namespace {

constexpr TicketKey kKey = {1, 2, 3};
constexpr TicketKey kOtherKey = {1, 2, 4};

class Ticket : public SessionTest {
 protected:
  Ticket() {
    const std::array<std::uint8_t, 3> id = {7, 8, 9};
    content_.id.assign(id);
    content_.time = 1000;
    content_.timeout = 60;
    EXPECT_TRUE(seal_ticket(kKey, content_, ticket_));
  }

  bool opens(const TicketKey& key, ByteSpan ticket) {
    Content content;
    return open_ticket(key, ticket, content);
  }

  Content content_;
  Block ticket_;
};

TEST_F(Ticket, CarriesTheContent) {
  Content content;
  ASSERT_TRUE(open_ticket(kKey, ticket_.span(), content));
  EXPECT_EQ(content.id, content_.id);
  EXPECT_EQ(content.time, 1000);
  EXPECT_EQ(content.timeout, 60);
}

TEST_F(Ticket, IsNotOpenedWithAnotherKey) { EXPECT_FALSE(opens(kOtherKey, ticket_.span())); }

TEST_F(Ticket, IsNotOpenedWhenAnyByteIsChangedOrMissing) {
  for (std::size_t i = 0; i < ticket_.size(); ++i) {
    Block changed;
    ASSERT_TRUE(changed.assign(ticket_.span()));
    changed.data()[i] ^= 1;
    EXPECT_FALSE(opens(kKey, changed.span())) << i;
    EXPECT_FALSE(opens(kKey, ticket_.span().first(i))) << i;
  }
}

TEST_F(Ticket, IsNotMadeWithoutMemory) {
  for (long n = 1; n <= 2; ++n) {
    fail_allocation(n);
    Block ticket;
    EXPECT_FALSE(seal_ticket(kKey, content_, ticket)) << n;
    EXPECT_EQ(ticket.data(), nullptr);
    fail_allocation(0);
  }
}

TEST_F(Ticket, IdsOfTwoTicketsDiffer) {
  Block other;
  ASSERT_TRUE(seal_ticket(kOtherKey, content_, other));
  EXPECT_EQ(id_of_ticket(ticket_.span()), id_of_ticket(ticket_.span()));
  EXPECT_NE(id_of_ticket(ticket_.span()), id_of_ticket(other.span()));
  EXPECT_EQ(id_of_ticket(ticket_.span()).size(), std::size_t{LR_MAX_SESSION_ID_LENGTH});
}

}  // namespace
}  // namespace lr::testing
