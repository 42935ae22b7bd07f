#include "harness/explore/pinned/symmetric_pinned_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "harness/explore/explorer.h"

namespace lastref {
namespace {

using Model = PinnedModel<>;
using Reduced = SymmetricPinnedModel<>;

std::uint64_t states(const PinnedBound& bound, const PinnedSymmetry& symmetry) {
  const Reduced model(bound, symmetry);
  const auto result = Explorer<Reduced>(model).run();
  EXPECT_EQ(result.end, ExplorationEnd::kComplete);
  return result.counts.states;
}

// The canonical forms that a state's transitions lead to, as often as they do.
std::vector<Digits> steps(const Reduced& model, const Model::State& state) {
  std::vector<Digits> forms;
  model.successors(state, [&](const PinnedMove&, const Model::State& next) {
    forms.push_back(model.canonical(next).digits);
  });
  std::sort(forms.begin(), forms.end());
  return forms;
}

struct Case {
  PinnedBound bound;
  PinnedSymmetry symmetry;
};

class Reduction : public testing::TestWithParam<Case> {};

// The whole proof for a bound: what is merged behaves alike, and nothing is lost or made up.
TEST_P(Reduction, HasTheCanonicalFormsOfTheWholeSpaceAndTheirTransitions) {
  const Model whole_model(GetParam().bound);
  Explorer<Model> whole(whole_model);
  ASSERT_EQ(whole.run().end, ExplorationEnd::kComplete);
  const Reduced model(GetParam().bound, GetParam().symmetry);
  Explorer<Reduced> reduced(model);
  ASSERT_EQ(reduced.run().end, ExplorationEnd::kComplete);

  std::set<Digits> forms;
  whole.visited().for_each([&](const PackedState<1>& packed) {
    const Model::State state = whole_model.unpack(packed);
    const Model::State form = model.canonical(state);
    forms.insert(form.digits);
    ASSERT_TRUE(reduced.visited().contains(model.pack(form)));
    ASSERT_EQ(model.canonical(form).digits, form.digits);
    ASSERT_EQ(model.holds(form), model.holds(state));
    ASSERT_EQ(steps(model, state), steps(model, form));
  });
  EXPECT_EQ(forms.size(), reduced.visited().size());
  EXPECT_LT(forms.size(), whole.visited().size());
}

std::vector<Case> cases() {
  std::vector<Case> list;
  for (const PinnedBound& bound :
       {PinnedBound{2, 2, 1}, PinnedBound{2, 3, 2}, PinnedBound{3, 2, 2}, PinnedBound{3, 3, 1}}) {
    for (unsigned bits = 1; bits < 8; ++bits) {
      list.push_back({bound, {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0}});
    }
  }
  return list;
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  const auto& [bound, symmetry] = info.param;
  return "M" + std::to_string(bound.slots) + std::to_string(bound.handles) +
         std::to_string(bound.cache) + (symmetry.handles ? "Handles" : "") +
         (symmetry.slots ? "Slots" : "") + (symmetry.ids ? "Ids" : "");
}

INSTANTIATE_TEST_SUITE_P(Pinned, Reduction, testing::ValuesIn(cases()), case_name);

TEST(SymmetricPinnedModel, HasAsManyStatesAsWasMeasuredBefore) {
  EXPECT_EQ(states({3, 6, 2}, {true, false, false}), 53'920U);
  EXPECT_EQ(states({3, 4, 2}, {true, true, true}), 648U);
}

TEST(SymmetricPinnedModel, WithoutSymmetryIsTheModelItself) {
  const Model model({2, 3, 2});
  EXPECT_EQ(states({2, 3, 2}, {}), Explorer<Model>(model).run().counts.states);
}

TEST(SymmetricPinnedModel, FindsTheMistakeUnderTheProgramsOwnNames) {
  const Reduced model({3, 4, 2, PinnedBug::kCacheAdd}, {true, true, true});
  const auto result = Explorer<Reduced>(model).run();
  EXPECT_EQ(text(result.counterexample), "  1  h0 = new\n  2  add h0\n");
}

}  // namespace
}  // namespace lastref
