#include "harness/score/explore_seeker.h"

#include <memory>

#include "harness/explore/run/agenda.h"
#include "harness/explore/space/bound.h"
#include "harness/explore/space/census.h"
#include "harness/explore/space/space.h"
#include "harness/score/list_searching.h"

namespace lastref {
namespace {

// The census is part of the search's time. What this bound leaves out, a search of seconds would
// not come to.
constexpr const char* kLimits = "standard,depth=7";

class ExploreSearching : public ListSearching {
 public:
  ExploreSearching(TargetProcess& process, Program& program) : ListSearching(process, program) {
    Bound bound;
    bound.read_limits(kLimits);
    space_ = std::make_unique<Space>(process.contract(), process.target().capabilities, bound,
                                     symmetry_of(bound));
    census_ = std::make_unique<Census>(*space_, CensusOptions{});
    census_->take();
    census_->forget_forms();
    agenda_ = std::make_unique<Agenda>(*census_, Shard{});
    composer_ = std::make_unique<Composer>(*space_, *census_, true);
  }

 protected:
  std::uint64_t programs() const override { return agenda_->programs(); }
  void write(std::uint64_t index, Program& program) override {
    composer_->compose(agenda_->at(index), program);
  }

 private:
  std::unique_ptr<Space> space_;
  std::unique_ptr<Census> census_;
  std::unique_ptr<Agenda> agenda_;
  std::unique_ptr<Composer> composer_;
};

}  // namespace

Seeker explore_seeker() {
  return {.name = "explore",
          .about = "every transition of a bound in turn, as lastref explore does",
          .fixed = true,
          .warm = [](TargetProcess& process, Program& program) {
            return std::make_unique<ExploreSearching>(process, program);
          }};
}

}  // namespace lastref
