// The proof of the merging, on whole small spaces. Beside the census there is a search here that
// merges nothing: every operand that there is, a session for each birth, and states told apart by
// all that they hold. The forms of its states are the states of the census, no more and no fewer,
// and whatever is merged has the same transitions.

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/explore/space/census.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint64_t kAllCapabilities = ~std::uint64_t{0};

struct Case {
  const char* name;
  const char* limits;
  const char* operations;
  const char* contract;  // switches
};

std::ostream& operator<<(std::ostream& out, const Case& of) { return out << of.name; }

std::string text(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

// Everything, also what nothing can depend on.
std::string all_of(const State& state) {
  Form form;
  write_plainly(state, form);
  form.add(state.born);
  form.add(state.issued);
  form.add(state.symbols);
  for (std::size_t number = 0; number < state.born; ++number) {
    form.add(state.sessions[number].acquired);
  }
  form.add(state.stored);
  for (const ContextState& context : state.contexts) {
    for (const std::int64_t count :
         {context.cache_full, context.hits, context.misses, context.timeouts}) {
      form.add_signed(count);
    }
  }
  for (const std::uint8_t handle : state.handles) form.add(handle);
  return text(form.view());
}

// What a transition is up to renaming: the operation, and the form of where it leads.
using Transitions = std::set<std::pair<Op, std::string>>;

class Reduction : public testing::TestWithParam<Case> {
 protected:
  Reduction() {
    EXPECT_EQ(bound_.read_limits(GetParam().limits), "");
    EXPECT_EQ(bound_.read_operations(GetParam().operations), "");
    EXPECT_EQ(contract_.set_words(GetParam().contract), "");
  }

  // Every choice of operands and of a result.
  std::vector<Operation> every(Op code, bool is_body) const {
    const OperationRow& of = row(code);
    std::vector<Operation> all(1);
    all[0].code = code;
    const auto multiply = [&all](std::size_t place, const std::vector<std::uint8_t>& values) {
      std::vector<Operation> more;
      for (Operation operation : all) {
        for (const std::uint8_t value : values) {
          (place < kMaxOperands ? operation.operand[place] : operation.result) = value;
          more.push_back(operation);
        }
      }
      all = more;
    };
    for (std::size_t place = 0; place < of.operands.size(); ++place) {
      multiply(place, operands(code, operand_kind(of, place), is_body));
    }
    const int results = of.result == Result::SESSION ? bound_[Limit::kHandles]
                        : of.result == Result::BLOB  ? bound_[Limit::kBlobs]
                        : of.result == Result::CONTEXT
                            ? bound_[Limit::kContexts]
                            : (of.result == Result::NONE ? 1 : bound_[Limit::kConnections]);
    multiply(kMaxOperands, below(results));
    return all;
  }

  static std::vector<std::uint8_t> below(int count) {
    std::vector<std::uint8_t> values;
    for (int i = 0; i < count; ++i) values.push_back(static_cast<std::uint8_t>(i));
    return values;
  }

  std::vector<std::uint8_t> operands(Op code, OperandKind kind, bool is_body) const {
    switch (kind) {
      case OperandKind::kSession:
      case OperandKind::kSessionOrNull: {
        auto values = below(bound_[Limit::kHandles]);
        if (is_body) values.push_back(kArgumentHandle);
        if (kind == OperandKind::kSessionOrNull) values.push_back(kNullHandle);
        if (is_body && code == Op::SESSION_FREE) values = below(bound_[Limit::kHandles]);
        return values;
      }
      case OperandKind::kContext:
        return below(bound_[Limit::kContexts]);
      case OperandKind::kConnection:
        return below(bound_[Limit::kConnections]);
      case OperandKind::kBlob:
        return below(bound_[Limit::kBlobs]);
      default:
        return values_within(bound_, code, kind);
    }
  }

  // Every operation that there is, legal or not.
  std::vector<Move> every_move(const std::set<Op>& bodies) const {
    std::vector<Move> moves;
    for (const OperationRow& of : operation_table()) {
      if (!bound_.has(of.code)) continue;
      for (const Operation& operation : every(of.code, false)) {
        moves.push_back({operation, Operation{}});
        if (of.code != Op::ON_REMOVE || operation.operand[1] != kOnRemoveWatch) continue;
        for (const Op body_code : bodies) {
          for (Operation body : every(body_code, true)) {
            Move move{operation, body};
            move.operation.operand[1] = kOnRemoveDo;
            move.body.is_body = 1;
            moves.push_back(move);
          }
        }
      }
    }
    return moves;
  }

  std::string form_of(const State& state) { return text(writer_.canonical(state).view()); }

  Bound bound_;
  Contract contract_;
  FormWriter writer_{Symmetry{}};
};

TEST_P(Reduction, FormsOfAllStatesAreTheStatesOfTheCensus) {
  const Symmetry symmetry = symmetry_of(bound_);
  writer_ = FormWriter(symmetry);
  const Space space(contract_, kAllCapabilities, bound_, symmetry);
  Census census(space, {});
  ASSERT_TRUE(census.take());

  // The census, with what it says of each state's transitions.
  std::map<std::string, Transitions> merged;
  std::set<Op> bodies;
  Expander expander(space);
  for (std::uint32_t node = 0; node < census.nodes().size(); ++node) {
    const State state = state_after(space, census.way_to(node));
    const std::string form = form_of(state);
    ASSERT_EQ(form, text(census.forms()[node]));
    Transitions& transitions = merged[form];
    if (census.nodes()[node].transitions == 0) continue;
    expander.expand(state, [&](const Move& move, Way way, const State& next) {
      if (has_body(move.operation)) bodies.insert(move.body.code);
      if (way == Way::kThere) return;
      transitions.emplace(move.operation.code, way == Way::kLoop ? form : form_of(next));
    });
  }

  // The same with nothing merged.
  const std::vector<Move> moves = every_move(bodies);
  std::map<std::string, Transitions> unmerged;
  std::set<std::string> seen = {all_of(State())};
  std::vector<State> level = {State()};
  unmerged[form_of(State())];
  std::set<std::string> forms = {form_of(State())};
  std::uint64_t compared = 0;
  for (int depth = 0; depth < bound_[Limit::kDepth] && !level.empty(); ++depth) {
    std::vector<State> next_level;
    for (const State& state : level) {
      const std::string form = form_of(state);
      Transitions transitions;
      for (const Move& move : moves) {
        State next = state;
        Expectation expected;
        if (space.model().step(next, move.operation, move.body, expected) != Legality::kLegal) {
          continue;
        }
        if (expected.choices > 1 || !space.holds(next)) continue;
        const std::string next_form = form_of(next);
        transitions.emplace(move.operation.code, next_form);
        forms.insert(next_form);
        if (seen.insert(all_of(next)).second) next_level.push_back(next);
      }
      const auto known = merged.find(form);
      ASSERT_NE(known, merged.end()) << "a state that the census does not have";
      ASSERT_EQ(transitions, known->second) << "at depth " << depth;
      ++compared;
    }
    level.swap(next_level);
  }
  std::set<std::string> census_forms;
  for (const auto& [form, transitions] : merged) census_forms.insert(form);
  EXPECT_EQ(forms, census_forms);
  EXPECT_GT(seen.size(), census_forms.size()) << "nothing was merged";
  std::cout << census_forms.size() << " states, " << seen.size() << " with nothing merged\n";
  EXPECT_GT(compared, 0U);
}

constexpr const char* kTight =
    "handles=3,sessions=2,references=2,ids=2,contexts=1,connections=1,blobs=1,cache=1,clock=1,"
    "values=1,changes=1,bodies=0,depth=4";
constexpr const char* kTwoOfAll =
    "handles=2,sessions=2,references=2,ids=0,contexts=2,connections=2,blobs=0,cache=1,clock=0,"
    "values=1,changes=1,bodies=0,depth=5";
constexpr const char* kLikeWolfSSL =
    "cache-adds=copy fresh-connection-session=own set-session=copies clear-session=renews";
constexpr const char* kLikeBoringSSL =
    "cache-key=id one-context=free eviction-order=insertion flush-order=one-by-one "
    "d2i-into=replaces";

INSTANTIATE_TEST_SUITE_P(
    Space, Reduction,
    testing::Values(
        Case{"SessionsAndTheirCache", kTight, "sessions,set_id,cache,ctx_new,set_cache_size", ""},
        Case{"Connections", kTwoOfAll, "sessions,contexts,cache,connections", ""},
        Case{"ConnectionsOfAnyContext", kTwoOfAll, "sessions,contexts,cache,connections",
             kLikeBoringSSL},
        Case{"CopiesInATableOfTheProcess",
             "handles=2,sessions=3,references=1,ids=3,contexts=1,connections=1,blobs=0,cache=0,"
             "clock=0,values=0,changes=0,bodies=0,depth=6",
             "new_with_id,free,add,remove,ctx_new,ssl_new,ssl_free,set_session", kLikeWolfSSL},
        Case{"BodiesOfCallbacks",
             "handles=2,sessions=2,references=2,ids=1,contexts=1,connections=0,blobs=0,cache=1,"
             "clock=0,values=0,changes=1,bodies=5,depth=5",
             "sessions,set_id,cache,ctx_new,on_remove,-dup", ""},
        Case{"ContentsAndEncodings",
             "handles=2,sessions=2,references=1,ids=1,contexts=0,connections=0,blobs=1,cache=0,"
             "clock=1,values=1,changes=2,bodies=0,depth=4",
             "sessions,contents,encodings,clock", ""},
        Case{"Handshakes",
             "handles=2,sessions=4,references=1,ids=0,contexts=1,connections=2,blobs=0,cache=0,"
             "clock=0,values=1,changes=2,bodies=0,depth=6",
             "ctx_new,ssl_new,ssl_clear,handshake,shutdown,get1_session,set_session,free,"
             "set_protocol",
             ""},
        Case{"HandshakesWithAGetCallback",
             "handles=2,sessions=4,references=1,ids=0,contexts=1,connections=2,blobs=0,cache=0,"
             "clock=0,values=1,changes=3,bodies=0,depth=6",
             "ctx_new,ssl_new,handshake,get1_session,free,on_get,set_protocol,set_tickets", ""}),
    [](const testing::TestParamInfo<Case>& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace lastref
