#include "harness/score/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

namespace lastref {
namespace {

// Points of the picture.
constexpr double kWidth = 720;
constexpr double kHeight = 400;
constexpr double kLeft = 60;
constexpr double kRight = 200;  // where the names stand
constexpr double kTop = 20;
constexpr double kBottom = 50;

// Told apart by those who see no red or green as well (Okabe and Ito, Color Universal Design), the
// last two by how dark they are.
constexpr std::array<std::string_view, 9> kColours = {"#0072b2", "#d55e00", "#009e73",
                                                      "#cc79a7", "#e69f00", "#56b4e9",
                                                      "#000000", "#999999", "#7b3f00"};
// No search ends sooner: a start of the target takes about as long.
constexpr double kLeastSeconds = 1e-3;

std::vector<std::string> engines_of(const std::vector<ScoreRow>& rows) {
  std::vector<std::string> engines;
  for (const ScoreRow& row : rows) {
    if (std::ranges::find(engines, row.engine) == engines.end()) engines.push_back(row.engine);
  }
  return engines;
}

class Axes {
 public:
  explicit Axes(const std::vector<ScoreRow>& rows) {
    double most = kLeastSeconds;
    for (const ScoreRow& row : rows) most = std::max(most, row.seconds);
    first_ = std::floor(std::log10(kLeastSeconds));
    last_ = std::max(first_ + 1, std::ceil(std::log10(most)));
  }

  double x(double seconds) const {
    const double decade = std::log10(std::max(seconds, kLeastSeconds));
    return kLeft + (decade - first_) / (last_ - first_) * (kWidth - kLeft - kRight);
  }
  double y(double share) const { return kTop + (1 - share) * (kHeight - kTop - kBottom); }

  std::string svg() const {
    std::string text;
    for (double decade = first_; decade <= last_; ++decade) {
      const double at = x(std::pow(10, decade));
      text += fmt::format(
          "<line x1='{0:.1f}' y1='{1}' x2='{0:.1f}' y2='{2}' stroke='#dddddd'/>"
          "<text x='{0:.1f}' y='{3}' text-anchor='middle'>{4:g}</text>\n",
          at, y(1), y(0), y(0) + 18, std::pow(10, decade));
    }
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      text += fmt::format(
          "<line x1='{0}' y1='{2}' x2='{1}' y2='{2}' stroke='#dddddd'/>"
          "<text x='{3}' y='{4}' text-anchor='end'>{5:g} %</text>\n",
          kLeft, kWidth - kRight, y(share), kLeft - 6, y(share) + 4, 100 * share);
    }
    return text + fmt::format(
                      "<text x='{}' y='{}' text-anchor='middle'>seconds of processor time"
                      "</text>\n",
                      (kLeft + kWidth - kRight) / 2, kHeight - 8);
  }

 private:
  double first_;  // decades
  double last_;
};

std::string path_of(const std::vector<SurvivalStep>& steps, const Axes& axes, double end) {
  std::string path = fmt::format("M{:.1f} {:.1f}", axes.x(0), axes.y(1));
  for (const SurvivalStep& step : std::span(steps).subspan(1)) {
    path += fmt::format("H{:.1f}V{:.1f}", axes.x(step.seconds), axes.y(step.share));
  }
  return path + fmt::format("H{:.1f}", axes.x(end));
}

}  // namespace

std::vector<SurvivalStep> survival(const std::vector<ScoreRow>& rows, const std::string& engine) {
  std::vector<const ScoreRow*> searches;
  for (const ScoreRow& row : rows) {
    if (row.engine == engine) searches.push_back(&row);
  }
  // At one time successes come before what is censored there.
  std::ranges::sort(searches, [](const ScoreRow* a, const ScoreRow* b) {
    return a->seconds != b->seconds ? a->seconds < b->seconds : a->found > b->found;
  });
  std::vector<SurvivalStep> steps = {{}};
  std::size_t at_risk = searches.size();
  for (const ScoreRow* const search : searches) {
    if (search->found) {
      const double share =
          steps.back().share * static_cast<double>(at_risk - 1) / static_cast<double>(at_risk);
      if (steps.back().seconds == search->seconds && steps.size() > 1) {
        steps.back().share = share;
      } else {
        steps.push_back({search->seconds, share});
      }
    }
    --at_risk;
  }
  return steps;
}

std::string survival_svg(const std::vector<ScoreRow>& rows) {
  const Axes axes(rows);
  std::string text = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0} {1}' width='{0}' height='{1}' "
      "font-family='sans-serif' font-size='12'>\n"
      "<title>Searches that have not found their bug yet</title>\n"
      "<rect width='{0}' height='{1}' fill='white'/>\n",
      kWidth, kHeight);
  text += axes.svg();
  std::size_t number = 0;
  for (const std::string& engine : engines_of(rows)) {
    double end = 0;
    for (const ScoreRow& row : rows) {
      if (row.engine == engine) end = std::max(end, row.seconds);
    }
    const std::vector<SurvivalStep> steps = survival(rows, engine);
    const std::string_view colour = kColours[number % kColours.size()];
    const double line = kTop + 20 * static_cast<double>(number) + 10;
    text += fmt::format("<path d='{}' fill='none' stroke='{}' stroke-width='2'/>\n",
                        path_of(steps, axes, end), colour);
    text += fmt::format("<text x='{}' y='{}' fill='{}'>{}: {:.1f} % left</text>\n",
                        kWidth - kRight + 12, line, colour, engine, 100 * steps.back().share);
    ++number;
  }
  return text + "</svg>\n";
}

}  // namespace lastref
