#include "harness/inject/decoding.h"

#include <array>
#include <string>
#include <variant>

#include "harness/program/trace.h"

namespace lastref {
namespace {

// Where a target has one of two ways to come to a session, the other is left out.
constexpr EncodedSource kSources[] = {
    {"new session", "s0 = new_with_id id_a\ns0 = new\nb0 = i2d s0\n", false},
    {"session with all fields",
     "s0 = new_with_id id_a\ns0 = new\nset_id s0 id_b\nset_id_context s0 sid_a\n"
     "set_time s0 999999700\nset_timeout s0 7200\nset_hostname s0 host_a\nset_alpn s0 alpn_h2\n"
     "set_ticket s0 ticket_a\nset_appdata s0 data_a\nset_master_key s0 key_48\nb0 = i2d s0\n",
     false},
    {"TLS 1.2, server, id",
     "c0 = ctx_new\nset_protocol c0 tls1.2\nset_tickets c0 off\nset_sid_context c0 sid_a\n"
     "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
     "s0 = get1_session n1\ns0 = copy_session n1\nb0 = i2d s0\n",
     false},
    {"TLS 1.2, client, id",
     "c0 = ctx_new\nset_protocol c0 tls1.2\nset_tickets c0 off\n"
     "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
     "s0 = get1_session n0\ns0 = copy_session n0\nb0 = i2d s0\n",
     true},
    {"TLS 1.2, client, ticket",
     "c0 = ctx_new\nset_protocol c0 tls1.2\nset_tickets c0 on\n"
     "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
     "s0 = get1_session n0\ns0 = copy_session n0\nb0 = i2d s0\n",
     true},
    {"TLS 1.3, client",
     "c0 = ctx_new\nset_protocol c0 tls1.3\nset_tickets c0 on\n"
     "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
     "s0 = get1_session n0\ns0 = copy_session n0\nb0 = i2d s0\n",
     true},
    {"TLS 1.3, server",
     "c0 = ctx_new\nset_protocol c0 tls1.3\nset_tickets c0 off\n"
     "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
     "s0 = get1_session n1\ns0 = copy_session n1\nb0 = i2d s0\n",
     false},
};

constexpr std::string_view kUses[kDecodings] = {
    "b0 = bytes none\ns0 = d2i b0\nget_id s0\nget_id_context s0\nget_hostname s0\nget_alpn s0\n"
    "get_ticket s0\nget_appdata s0\nget_master_key s0\nis_resumable s0\ni2d_length s0\n"
    "b1 = i2d s0\ns1 = d2i b1\ns2 = dup s0\nb1 = i2d s2\nfree s0\nget_id s2\nget_ticket s2\n",
    "b0 = bytes none\ns0 = d2i_fresh b0\nget_id s0\nup_ref s0\nfree s0\nb1 = i2d s0\n",
    "b0 = bytes none\ns0 = new_with_id id_a\ns0 = new\nd2i_into s0 b0\nget_id s0\nget_alpn s0\n"
    "b1 = i2d s0\ns1 = dup s0\n",
    "b0 = bytes none\ns0 = d2i b0\nset_timeout s0 300\nset_hostname s0 host_a\nset_alpn s0 "
    "alpn_h2\n"
    "set_ticket s0 ticket_b\nset_id s0 id_b\nb1 = i2d s0\nc0 = ctx_new\nn0 = ssl_new c0\n"
    "set_session n0 s0\nfree s0\n",
};

}  // namespace

std::span<const EncodedSource> encoded_sources() { return kSources; }

const Program& decoding(std::size_t which) {
  static const auto kPrograms = [] {
    std::array<Program, kDecodings> programs;
    for (std::size_t i = 0; i < kDecodings; ++i) {
      programs[i] = std::get<Program>(parse_trace("lastref 1\n" + std::string(kUses[i])));
    }
    return programs;
  }();
  return kPrograms[which];
}

void run_fitted(Lockstep& lockstep, std::uint64_t capabilities, const Program& wanted,
                const Watch& watch, Program& as_run) {
  as_run.size = 0;
  as_run.give(wanted.given_bytes());
  lockstep.begin_program(watch);
  lockstep.set_given(as_run.given_bytes());
  for (const Operation& operation : wanted.view()) {
    if (lockstep.failed()) break;
    const std::uint64_t needed = row(operation.code).capability;
    if ((needed & capabilities) != needed) continue;
    // A session that there is already is not made in another way.
    const bool made = row(operation.code).result == Result::SESSION &&
                      lockstep.state().is_live(lockstep.state().handles[operation.result]);
    if (made) continue;
    // Written down first: an operation that ends the process is part of the program.
    as_run.append(operation);
    if (lockstep.step(operation, Operation{}) != Legality::kLegal) {
      as_run.operations[--as_run.size] = Operation{};
    }
  }
  if (!lockstep.failed()) lockstep.finish(as_run.teardown);
}

}  // namespace lastref
