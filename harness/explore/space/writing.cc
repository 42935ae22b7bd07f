#include "harness/explore/space/writing.h"

#include <algorithm>

#include "harness/explore/space/state_names.h"
#include "harness/model/model.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// Who adds a field to the state of the model is stopped here, and decides whether a form keeps it.
[[maybe_unused]] void know_all_fields(const Contents& contents, const SessionState& session,
                                      const ContextState& context,
                                      const ConnectionState& connection) {
  [[maybe_unused]] const auto& [c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15,
                                c16, c17, c18] = contents;
  [[maybe_unused]] const auto& [s1, s2, s3, s4, s5, s6, s7, s8, s9, s10] = session;
  [[maybe_unused]] const auto& [x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15,
                                x16, x17, x18, x19, x20, x21, x22, x23, x24, x25, x26] = context;
  [[maybe_unused]] const auto& [n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15,
                                n16, n17, n18, n19, n20, n21, n22] = connection;
}

using Number = std::uint8_t;

bool is_unrelated_id(std::uint32_t value) {
  const int index = pool_index(value);
  return index >= 0 && index < kUnrelatedIds;
}

// Writes a state with things in a given order. The order is a form's names for them.
class Pen {
 public:
  Pen(const State& state, const Symmetry& symmetry, bool plainly, const WritingOrder& order,
      Form& form)
      : state_(state), symmetry_(symmetry), plainly_(plainly), order_(order), form_(form) {
    label_.fill(0);
    for (int i = 0; i < order.count; ++i) {
      label_[order.sessions[static_cast<std::size_t>(i)]] = static_cast<Number>(i + 1);
    }
  }

  void write() {
    form_.clear();
    write_time(state_.now);
    for (const Number context : order_.contexts) write_context(context);
    for (const Number connection : order_.connections) write_connection(connection);
    write_handles();
    form_.add(static_cast<std::uint64_t>(order_.count));
    for (int i = 0; i < order_.count; ++i) {
      write_session(order_.sessions[static_cast<std::size_t>(i)]);
    }
    for (const BlobState& blob : state_.blobs) {
      form_.add(blob.written);
      if (blob.written == 0) continue;
      form_.add(blob.damaged);
      write(blob.contents);
    }
    write_copies();
    write_tickets();
  }

 private:
  // 0 for nobody and for what is gone.
  std::uint64_t session(Number number) const { return state_.is_live(number) ? label_[number] : 0; }

  std::uint64_t context(Number number) const {
    if (number == kNobody) return 0;
    return order_.contexts[0] == number ? 1 : 2;
  }

  // A value, or the number of its first place if it is a name.
  void write_value(std::uint32_t value, bool is_id = false) {
    constexpr std::uint64_t kKinds = 4;
    if (value == kEmptyFingerprint) {
      form_.add(1);
    } else if (is_symbol(value)) {
      form_.add(number_of(value) * kKinds + 2);
    } else if (is_id && symmetry_.ids && is_unrelated_id(value)) {
      form_.add(number_of(value) * kKinds + 3);
    } else {
      form_.add(value * kKinds);
    }
  }

  // Times near the start of the clock are short.
  void write_time(std::int64_t time) {
    form_.add(static_cast<std::uint64_t>(time) ^ static_cast<std::uint64_t>(kClockStart));
  }

  // Beside an alias, more than any program has symbols.
  static constexpr std::uint32_t kAliases = 0xffff0000;

  std::uint64_t number_of(std::uint32_t value) {
    if (plainly_) return value;
    for (std::size_t i = 0; i < values_; ++i) {
      if (value_[i] == value) return i + 1;
    }
    value_[values_++] = value;
    return values_;
  }

  void write(const Contents& contents) {
    write_time(contents.time);
    form_.add_signed(contents.timeout);
    form_.add_signed(contents.longest);
    write_value(contents.id, true);
    write_value(contents.id_context);
    write_value(contents.hostname);
    write_value(contents.alpn);
    write_value(contents.ticket);
    write_value(contents.appdata);
    write_value(contents.master_key);
    form_.add_signed(contents.version);
    form_.add(static_cast<std::uint64_t>(contents.marked | contents.unknown << 1 |
                                         contents.negotiated << 2 | contents.of_server << 3 |
                                         contents.table_ex_data << 4));
    form_.add(contents.ex_data);
    form_.add(contents.alias == 0 ? 0 : number_of(kAliases | contents.alias));
    if (is_symbol(contents.ticket)) mention(contents.ticket);
  }

  void write_session(Number number) {
    const SessionState& of = state_.sessions[number];
    if (plainly_) form_.add(number);
    write(of.contents);
    form_.add(of.application);
    form_.add(of.connections);
    form_.add(context(of.home));
    form_.add(static_cast<std::uint64_t>(of.in_flight << 1 | of.fresh));
    for (const Number context : order_.contexts) {
      form_.add(of.cached_by(context) ? 1 : 0);
      if (!of.cached_by(context)) continue;
      write_value(of.key_id[context], true);
      form_.add_signed(of.key_version[context]);
    }
  }

  void write_context(Number number) {
    const ContextState& of = state_.contexts[number];
    form_.add(of.alive() ? 1 : 0);
    if (!of.alive()) return;
    form_.add_signed(of.cache_size);
    form_.add_signed(of.timeout);
    form_.add_signed(of.ticket_hint);
    form_.add_signed(of.mode);
    write_value(of.id_context);
    form_.add_signed(of.protocol);
    form_.add(of.tickets);
    write_value(of.ticket_key);
    form_.add(of.application);
    form_.add(of.connections);
    form_.add(of.on_new);
    form_.add(of.on_get);
    form_.add(of.on_remove | static_cast<unsigned>(of.acting) << 2);
    form_.add(of.on_servername == kGone ? kMaxContexts + 1 : context(of.on_servername));
    form_.add(of.shared);
    form_.add(of.count);
    form_.add(of.has_entries);
    for (std::size_t i = 0; i < of.count; ++i) {
      if (of.has_entries == 0) {
        form_.add(session(of.order[i]));
        continue;
      }
      const CacheEntry& entry = state_.entries[number][i];
      write_time(entry.since);
      write(entry.contents);
    }
    if (of.on_remove == kOnRemoveDo) write_body(of.body);
    for (std::size_t i = 0; i < of.inside.size(); ++i) {
      if ((of.acting >> i & 1U) != 0) write_body(of.inside[i]);
    }
  }

  // Which variable it uses is said where the variables are.
  void write_body(const Operation& body) {
    const OperationRow& of = row(body.code);
    form_.add(static_cast<std::uint64_t>(body.code));
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      const OperandKind kind = operand_kind(of, i);
      const std::uint8_t operand = body.operand[i];
      if (kind == OperandKind::kId) {
        write_value(byte_values(kind)[operand].fingerprint, true);
      } else if (kind != OperandKind::kSession && kind != OperandKind::kSessionOrNull) {
        form_.add(operand);
      } else {
        form_.add(operand < kMaxHandles ? 0 : operand);
      }
    }
  }

  void write_connection(Number number) {
    const ConnectionState& of = state_.connections[number];
    form_.add(of.alive);
    if (of.alive == 0) return;
    form_.add(session(of.session));
    form_.add(session(of.kept));
    form_.add(context(of.context) * 4 + context(of.session_context));
    form_.add(static_cast<std::uint64_t>(of.stage));
    form_.add(static_cast<std::uint64_t>(of.made | of.is_client << 1 | of.cache_off << 2 |
                                         of.store_off << 3 | of.replaced << 4 | of.used << 5 |
                                         of.stale << 6 | of.offers << 7 | of.holds << 8 |
                                         of.narrowed << 9 | of.tickets << 10 | of.shut_down << 12));
    form_.add(static_cast<std::uint64_t>(of.offer));
    form_.add_signed(of.timeout);
    write_value(of.id_context);
    form_.add_signed(of.protocol);
    if (of.offers != 0) write(state_.own[number].offered);
    if (of.holds != 0) write(state_.own[number].held);
  }

  void write_handles() {
    std::array<std::uint64_t, kMaxHandles> handles{};
    for (Number handle = 0; handle < kMaxHandles; ++handle) {
      const Number named = named_by(state_, handle);
      std::uint64_t value = 0;
      if (named == kGoneSession) value = 1;
      if (state_.is_live(named)) value = label_[named] + 1U;
      handles[handle] = value << 2 * kMaxContexts | uses(handle);
    }
    if (!plainly_ && symmetry_.handles) std::sort(handles.begin(), handles.end());
    for (const std::uint64_t handle : handles) form_.add(handle);
  }

  // By the bodies of the contexts, in their order.
  std::uint64_t uses(Number handle) const {
    if (!Model::may_run_body(state_)) return 0;
    const unsigned both = use_in_bodies(state_, handle);
    static_assert(kMaxContexts == 2);
    return order_.contexts[0] == 0 ? both : (both & 3U) << 2 | both >> 2;
  }

  void mention(std::uint32_t ticket) {
    const auto end = mentioned_.begin() + static_cast<std::ptrdiff_t>(mentions_);
    if (std::find(mentioned_.begin(), end, ticket) != end) return;
    mentioned_[mentions_++] = ticket;
  }

  // Of a ticket, what is sealed in it; that may mention others.
  void write_tickets() {
    for (std::size_t i = 0; i < mentions_; ++i) {
      const TicketState* found = nullptr;
      for (std::size_t row = 0; row < state_.issued; ++row) {
        if (state_.tickets[row].value == mentioned_[i]) {
          found = &state_.tickets[row];
          break;
        }
      }
      form_.add(found != nullptr ? 1 : 0);
      if (found == nullptr) continue;
      write_value(found->key);
      form_.add_signed(found->period);
      write(found->contents);
    }
  }

  // Those in the table of the process. Of how many were stored since only that counts which the
  // model looks at.
  void write_copies() {
    form_.add(state_.copied);
    for (std::size_t i = 0; i < state_.copied; ++i) {
      const CopyState& copy = state_.copies[i];
      form_.add(copy.of_client);
      form_.add(static_cast<std::uint64_t>(std::min(state_.stored - copy.place, kStoredBehind)));
      write(copy.contents);
    }
  }

  const State& state_;
  const Symmetry& symmetry_;
  bool plainly_;
  const WritingOrder& order_;
  Form& form_;
  std::array<Number, kMaxSessions> label_;
  // Contents that a state may have in all.
  static constexpr std::size_t kContents = kMaxSessions + kMaxTickets + kMaxBlobs + kMaxCopies +
                                           kMaxContexts * kMaxEntries + 2 * kMaxConnections;
  // The names that were written, in the order of their first places. Contents have at most five,
  // and a session, a ticket, a context and a connection at most two beside them.
  std::array<std::uint32_t, 7 * kContents + 2 * (kMaxContexts + kMaxConnections)> value_;
  std::size_t values_ = 0;
  std::array<std::uint32_t, kContents> mentioned_;
  std::size_t mentions_ = 0;
};

}  // namespace

void write_in_order(const State& state, const Symmetry& symmetry, const WritingOrder& order,
                    bool plainly, Form& form) {
  Pen(state, symmetry, plainly, order, form).write();
}

}  // namespace lastref
