// `lastref faults TRACE...|--corpus --target T`: every allocation of a program fails once, or what
// else an option names.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "harness/cli/callback_faults.h"
#include "harness/cli/encoding_faults.h"
#include "harness/cli/finding_output.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/quantity.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"

namespace lastref {
namespace {

// As the command line has it: text, so that a wrong value gets a message of ours.
struct Words : FindingWords {
  std::vector<std::string> traces;
  std::vector<std::string> targets;
  std::string seed = "1";
  std::string points;
  bool corpus = false;
  bool clock = false;
  bool transport = false;
  bool random = false;
  bool locks = false;
  bool encodings = false;
  EncodingWords encoding;
  bool callbacks = false;
  std::string programs;  // where those of the callbacks are written
};

std::string progress_text(const std::string& target, const SweepProgress& progress,
                          std::size_t traces) {
  if (progress.stage != "sweep") {
    return fmt::format("{}: {}, {} failed", target, progress.stage, progress.verdicts);
  }
  return fmt::format("{}: {} ({} of {}), {} of {} points, {} failed", target, progress.trace,
                     progress.traces_done + 1, traces, progress.points, progress.trace_points,
                     progress.verdicts);
}

SweepKind kind_of(const Words& words) {
  if (words.clock) return SweepKind::kClock;
  if (words.transport) return SweepKind::kTransport;
  if (words.random) return SweepKind::kRandom;
  return words.locks ? SweepKind::kLocks : SweepKind::kAllocations;
}

// What of a trace is counted, and what is done to it.
struct KindText {
  const char* counted;
  const char* done;
};
KindText text_of(SweepKind kind) {
  switch (kind) {
    case SweepKind::kClock:
      return {"", "the clock jumps once, between any two operations"};
    case SweepKind::kTransport:
      return {"bytes of flights",
              "each byte of a handshake's flights comes with its lowest bit changed,\nwith all of "
              "them, or not, with all that follow it; and each flight comes twice"};
    case SweepKind::kRandom:
      return {"requests for random bytes",
              "each request for random bytes fails alone, and with all that follow\nit in its "
              "operation"};
    case SweepKind::kLocks:
      return {"locks",
              "each lock that is made fails alone, and with all that follow it in its\noperation"};
    case SweepKind::kAllocations:
      break;
  }
  return {"allocations",
          "each allocation fails alone, and with all that follow it in its\noperation"};
}

// "cache-reference: 18 allocations, 36 points, 0.1 s, 2 failed".
std::string trace_line(const TraceSweep& swept, SweepKind kind) {
  if (!swept.left_out.empty()) {
    return fmt::format("{}: left out, {}\n", swept.name, swept.left_out);
  }
  const std::string run =
      swept.run == swept.points ? "" : fmt::format(" ({} of them run)", swept.run);
  const std::string hidden =
      swept.hidden == 0 ? ""
                        : fmt::format(" ({} of them left out, behind known bugs)", swept.hidden);
  const std::string counted =
      kind == SweepKind::kClock
          ? ""
          : fmt::format("{} {}{}, ", swept.requests, text_of(kind).counted, hidden);
  return fmt::format("{}: {}{} points{}, {:.1f} s, {} failed\n", swept.name, counted, swept.points,
                     run, swept.seconds, swept.verdicts);
}

class Faults {
 public:
  Faults(const CommandLine& line, const Words& words) : line_(line), words_(words), output_(words) {
    require_targets(line.engine, words.targets);
    options_.seed = parse_number("--seed", words.seed, 0, ~std::uint64_t{0});
    if (!words.points.empty()) {
      options_.most_points =
          static_cast<std::size_t>(parse_count("--points", words.points, 1, kMaxPrograms));
    }
    options_.kind = kind_of(words);
    read_traces();
  }

  ExitCode run() {
    watch_interrupts();
    output_.say(what_is_done());
    for (const std::string& target : words_.targets) {
      if (interrupted()) break;
      sweep_target(target);
    }
    return output_.finish();
  }

 private:
  std::string what_is_done() const {
    const std::string done = text_of(options_.kind).done;
    if (options_.kind == SweepKind::kClock) {
      return fmt::format("{} traces; {}\n", options_.traces.size(), done);
    }
    return fmt::format(
        "{} traces; {}; of more than {} points of a trace so many are drawn, seed {}\n",
        options_.traces.size(), done, options_.most_points, options_.seed);
  }

  void read_traces() {
    std::vector<std::string> paths = words_.traces;
    if (words_.corpus) paths.push_back(seed_corpus());
    if (paths.empty()) {
      throw usage_failure("found no TRACE, expected traces, or --corpus for the seed corpus");
    }
    for (const std::string& file : trace_files(paths)) {
      const std::string name =
          file == "-" ? "standard input" : std::filesystem::path(file).stem().string();
      options_.traces.push_back({name, read_trace(file)});
    }
  }

  void sweep_target(const std::string& target) {
    JsonInput result;
    result.lastref_version = line_.version;
    result.options.target = target;
    result.options.seed = options_.seed;
    if (!output_.begin(line_.engine, result)) return;
    options_.target = target;
    options_.hazards = result.options.hazards;
    SweepReport swept = sweep();
    result.options.budget.programs = swept.check.programs;
    result.report = std::move(swept.check);
    for (const TraceSweep& trace : swept.traces) output_.say(trace_line(trace, options_.kind));
    output_.take(std::move(result));
  }

  SweepReport sweep() {
    ProgressLine progress(words_.quiet);
    options_.progress = [&](const SweepProgress& state) {
      // A run takes a millisecond or less: to show each would cost as much.
      if (state.points % 16 == 0) {
        progress.show(progress_text(options_.target, state, options_.traces.size()));
      }
      return !interrupted();
    };
    return line_.engine.sweep(options_);
  }

  const CommandLine& line_;
  const Words& words_;
  SweepOptions options_;
  FindingOutput output_;
};

}  // namespace

void add_faults_verb(CLI::App& app, CommandLine& line) {
  auto words = std::make_shared<Words>();
  CLI::App* verb = add_verb(
      app, line, "faults", "Make each allocation of programs fail, or damage encodings",
      [&line, words] {
        search_library_in(words->library, line);
        if (words->callbacks) {
          return run_callback_faults(line, *words, words->targets, words->programs);
        }
        if (!words->encodings) return Faults(line, *words).run();
        return run_encoding_faults(line, *words, words->encoding, words->targets, words->seed);
      });
  verb->add_option("TRACE", words->traces, "Files, directories of *.trace, or - for stdin");
  verb->add_flag("--corpus", words->corpus, "The seed corpus as well");
  verb->add_option("--target", words->targets, "Where to run them; may be given several times")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option(
      "--points", words->points,
      fmt::format("Most points of a trace that are run: 5000, 20k, 2M (default {})", kMostPoints));
  verb->add_option("--seed", words->seed,
                   "What they are drawn by where there are more (default 1)");
  auto* const clock = verb->add_flag("--clock", words->clock,
                                     "Instead: let the clock jump between any two operations");
  clock->excludes(verb->get_option("--points"));
  auto* const transport = verb->add_flag("--transport", words->transport,
                                         "Instead: damage each byte of the flights of handshakes");
  auto* const random =
      verb->add_flag("--random", words->random, "Instead: make each request for random bytes fail");
  auto* const locks =
      verb->add_flag("--locks", words->locks, "Instead: make each lock fail that is made");
  transport->excludes(clock);
  random->excludes(clock)->excludes(transport);
  locks->excludes(clock)->excludes(transport)->excludes(random);
  auto* const encodings =
      verb->add_flag("--encodings", words->encodings,
                     "Instead: damage encoded sessions in every way, and decode them");
  verb->add_option("--budget", words->encoding.budget,
                   "How many of those (10000, 300k, 10M; default 1M)")
      ->needs(encodings);
  verb->add_option("--jobs", words->encoding.jobs, "Processes at a time for them (default 1)")
      ->needs(encodings);
  verb->add_option("--memory", words->encoding.memory,
                   "How blocks are watched then: count, quarantine, guard (default), guard-all")
      ->needs(encodings);
  auto* const callbacks = verb->add_flag(
      "--callbacks", words->callbacks,
      "Instead: every answer of the callbacks, and every operation from inside each");
  verb->add_option("--programs", words->programs, "A directory for the programs of those")
      ->needs(callbacks);
  for (const char* other :
       {"TRACE", "--corpus", "--points", "--clock", "--transport", "--random", "--locks"}) {
    encodings->excludes(verb->get_option(other));
    callbacks->excludes(verb->get_option(other));
  }
  callbacks->excludes(encodings);
  add_finding_options(*verb, *words);
  verb->footer(
      "A point is an allocation of one operation, that fails alone or with all that follow it in\n"
      "the operation. Programs that a target cannot run, or that fail without a fault, are left\n"
      "out and named. With --callbacks a line is printed for each program, and what it covers;\n"
      "what no manual allows inside a callback is told and is no finding. Exits with 1 for\n"
      "findings, known or not, and with 3 when no point was run.");
}

}  // namespace lastref
