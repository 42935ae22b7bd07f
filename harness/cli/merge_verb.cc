// `lastref merge FILE...`: joins what the shards of an exploration came to.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/cli/files.h"
#include "harness/cli/verbs.h"
#include "harness/report/explore_report.h"

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

// Of a shard: findings with their timelines.
constexpr std::size_t kMaxShardBytes = std::size_t{256} << 20;

Json read_shard(const std::string& path) {
  Json json = Json::parse(read_file(path, kMaxShardBytes), nullptr, false);
  try {
    const ExploreSummary summary = summary_of(json);
    for (const char* key : {"findings", "unreproduced"}) {
      for (const Json& finding : json.at(key)) {
        finding.at("signature").get<std::string>();
        finding.at("occurrences").get<std::uint64_t>();
        finding.at("trace").get<std::string>();
      }
    }
    json.at("internal_error");
    return json;
  } catch (const nlohmann::json::exception& error) {
    throw usage_failure(
        fmt::format("{}: found no result of a shard ({}), expected what 'lastref explore TARGET "
                    "--shard I/N --json FILE' writes",
                    path, error.what()));
  }
}

// What two shards of one exploration have in common.
void require_same(const std::string& path, const ExploreSummary& one, const ExploreSummary& first,
                  const std::string& first_path) {
  const auto require = [&](const char* what, const Json& found, const Json& expected) {
    if (found == expected) return;
    throw usage_failure(
        fmt::format("{}: found the {} {}, expected {} as in {}; these are not "
                    "shards of one exploration",
                    path, what, found.dump(), expected.dump(), first_path));
  };
  require("target", one.target, first.target);
  require("library", one.version, first.version);
  require("contract", one.contract, first.contract);
  require("hazards", one.hazards, first.hazards);
  require("bound", one.bound, first.bound);
  require("operations", one.operations, first.operations);
  require("mode", one.all_programs, first.all_programs);
  require("number of shards", one.shards, first.shards);
  require("space", one.space, first.space);
}

// A finding that several shards may have.
struct Joined {
  Json finding;
  std::uint64_t occurrences = 0;
};

class Merge {
 public:
  ExitCode run(const std::vector<std::string>& paths, const std::string& json_path) {
    OutputFile output;
    if (!json_path.empty()) output = OutputFile(json_path);
    for (const std::string& path : paths) add(path, paths[0]);
    sum_.complete = sum_.complete && shards_.size() == static_cast<std::size_t>(sum_.shards);
    sum_.parts = sum_.complete ? "" : fmt::format("{} of {} shards", shards_.size(), sum_.shards);
    if (output.is_open()) output.write(json().dump(2) + "\n");
    print(json_path == "-");
    if (!findings_.empty() || !unreproduced_.empty()) return ExitCode::kFindings;
    if (internal_error_) return ExitCode::kInternalError;
    return sum_.complete ? ExitCode::kClean : ExitCode::kCouldNotRun;
  }

 private:
  void add(const std::string& path, const std::string& first_path) {
    const Json shard = read_shard(path);
    const ExploreSummary one = summary_of(shard);
    if (shards_.empty()) {
      sum_ = one;
      first_ = shard;
    } else {
      require_same(path, one, sum_, first_path);
      sum_.states += one.states;
      sum_.transitions += one.transitions;
      sum_.transitions_done += one.transitions_done;
      sum_.programs += one.programs;
      sum_.programs_done += one.programs_done;
      sum_.verdicts += one.verdicts;
      sum_.complete = sum_.complete && one.complete;
    }
    const int number = shard.at("shard").at("number").get<int>();
    if (!shards_.insert(number).second) {
      throw usage_failure(
          fmt::format("{}: found shard {} for the second time; name each once", path, number));
    }
    internal_error_ = internal_error_ || !shard.at("internal_error").is_null();
    join(shard.at("findings"), findings_);
    join(shard.at("unreproduced"), unreproduced_);
  }

  static void join(const Json& findings, std::map<std::string, Joined>& joined) {
    for (const Json& finding : findings) {
      Joined& one = joined[finding.at("signature").get<std::string>()];
      if (one.occurrences == 0) one.finding = finding;
      one.occurrences += finding.at("occurrences").get<std::uint64_t>();
    }
  }

  static Json list(const std::map<std::string, Joined>& joined) {
    Json all = Json::array();
    for (const auto& [signature, one] : joined) {
      all.push_back(one.finding);
      all.back()["occurrences"] = one.occurrences;
    }
    return all;
  }

  // As one run that had no shards would have written it, if all are there.
  Json json() const {
    Json json = first_;
    json["shard"] = Json{{"number", 1}, {"count", 1}};
    json["states"] = sum_.states;
    json["transitions"] = sum_.transitions;
    json["programs"] = sum_.programs;
    json["transitions_done"] = sum_.transitions_done;
    json["programs_done"] = sum_.programs_done;
    json["verdicts"] = sum_.verdicts;
    json["complete"] = sum_.complete;
    json["findings"] = list(findings_);
    json["unreproduced"] = list(unreproduced_);
    json["statement"] = statement(sum_);
    json.erase("run");
    return json;
  }

  void print(bool to_error) const {
    std::string text = summary_text(sum_);
    for (const auto* joined : {&findings_, &unreproduced_}) {
      for (const auto& [signature, one] : *joined) {
        text += fmt::format("\n{} {}, {} programs\n{}", signature,
                            joined == &findings_ ? "found" : "not seen again", one.occurrences,
                            one.finding.at("trace").get<std::string>());
      }
    }
    text += "\n" + statement(sum_) + "\n";
    if (!sum_.complete) {
      std::vector<int> missing;
      for (int number = 1; number <= sum_.shards && missing.size() < 20; ++number) {
        if (shards_.count(number) == 0) missing.push_back(number);
      }
      text += missing.empty() ? "a shard was not run to its end\n"
                              : fmt::format("missing shards: {}\n", fmt::join(missing, ", "));
    }
    to_error ? print_error(text) : print_out(text);
  }

  ExploreSummary sum_;
  Json first_;
  std::set<int> shards_;
  bool internal_error_ = false;
  std::map<std::string, Joined> findings_;
  std::map<std::string, Joined> unreproduced_;
};

}  // namespace

void add_merge_verb(CLI::App& app, CommandLine& line) {
  struct Words {
    std::vector<std::string> files;
    std::string json;
  };
  auto words = std::make_shared<Words>();
  CLI::App* verb = add_verb(app, line, "merge", "Join what the shards of an exploration came to",
                            [words] { return Merge().run(words->files, words->json); });
  verb->add_option("FILE", words->files, "What 'lastref explore --shard I/N --json FILE' wrote")
      ->required();
  verb->add_option("--json", words->json, "Write the whole there; - is stdout");
  verb->footer(
      "Exits with 0 when all shards are there and agree, with 1 when one has findings, with 3 "
      "when\n"
      "one is missing or was not run to its end.");
}

}  // namespace lastref
