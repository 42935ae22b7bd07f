"""What scripts/bench says of results: statistics, comparison, page. No program is run."""

import contextlib
import io
import os
import random
import runpy
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from benchmarks import asked, compare, counters, machine, measure, page, samples, svg  # noqa: E402
from benchmarks.result import Result, ResultError, row_name, thread_time  # noqa: E402


def quiet_machine():
    return {"date": "today", "processor": "a processor", "processors": 4, "virtual": False,
            "governor": "performance", "system": "Linux", "compiler": "GNU 12", "flags": "-O2",
            "benchmark_version": "1.7.1", "libraries": {"libssl3": "3.0"}, "load_before": 0.1,
            "load_after": 1.0, "calibration": [1.0, 1.01, 0.99]}


def result_of(rows):
    result = Result(quiet_machine())
    for key, ns in rows.items():
        result.rows[key] = ns
        result.processor[key] = list(ns)
    return result


def around(middle, seed, count=9, spread=0.02):
    source = seed if isinstance(seed, random.Random) else random.Random(seed)
    return [middle * (1 + source.uniform(-spread, spread)) for _ in range(count)]


class Statistics(unittest.TestCase):
    def test_probabilities_are_those_of_the_published_tables(self):
        # All of three below all of three: 1 of 20 orders, on either side.
        self.assertAlmostEqual(samples.mann_whitney([1, 2, 3], [4, 5, 6]), 0.1)
        # The table of Mann and Whitney for 5 and 5: a U of 2 is significant at 5 %, one of 3 is not.
        self.assertLess(samples.mann_whitney([1, 2, 3, 4, 7], [5, 6, 8, 9, 10]), 0.05)
        self.assertGreater(samples.mann_whitney([1, 2, 3, 4, 8], [5, 6, 7, 9, 10]), 0.05)

    def test_equal_samples_do_not_differ(self):
        self.assertEqual(samples.mann_whitney([5.0] * 9, [5.0] * 9), 1.0)

    def test_many_samples_agree_with_few(self):
        exact = samples.mann_whitney(around(1, 1, 25), around(1.01, 2, 25))
        approximate = samples.mann_whitney(around(1, 1, 25) + [1.0001], around(1.01, 2, 25) + [1.0102])
        self.assertLess(abs(exact - approximate), 0.02)

    def test_the_interval_of_a_ratio_has_the_true_one_in_nineteen_of_twenty(self):
        inside = 0
        source = random.Random(1)
        for _ in range(400):
            _, low, high = samples.ratio(around(10, source), around(12, source))
            inside += low <= 1.2 <= high
        self.assertGreater(inside, 370)
        self.assertLess(inside, 396)  # and is not simply wide

    def test_many_rows_need_stronger_evidence(self):
        self.assertEqual(samples.adjusted([0.04]), [0.04])
        self.assertEqual([round(p, 6) for p in samples.adjusted([0.01, 0.04, 0.03, 0.9])],
                         [0.04, 0.053333, 0.053333, 0.9])


class Comparison(unittest.TestCase):
    def verdicts(self, before, after, threshold=0.1):
        changes = compare.compare(result_of(before), result_of(after), threshold)
        return [change.verdict for change in changes]

    def test_noise_is_no_change(self):
        source = random.Random(2)
        before = {(f"row {i}", 1): around(10, source) for i in range(50)}
        after = {(f"row {i}", 1): around(10, source) for i in range(50)}
        self.assertEqual(set(self.verdicts(before, after)), {"same"})

    def test_a_slower_row_is_a_regression_and_a_faster_one_is_not(self):
        before = {("slower", 1): around(10, 1), ("faster", 2): around(10, 2), ("same", 1): around(10, 3)}
        after = {("slower", 1): around(13, 4), ("faster", 2): around(7, 5), ("same", 1): around(10, 6)}
        self.assertEqual(self.verdicts(before, after), ["REGRESSION", "faster", "same"])

    def test_a_change_below_the_threshold_is_small(self):
        rows = {("row", 1): around(10, 1)}
        self.assertEqual(self.verdicts(rows, {("row", 1): around(10.8, 2)}), ["small"])
        self.assertEqual(self.verdicts(rows, {("row", 1): around(10.8, 2)}, 0.03), ["REGRESSION"])

    def test_wild_samples_prove_nothing(self):
        self.assertEqual(self.verdicts({("row", 1): around(10, 1, spread=0.9)},
                                       {("row", 1): around(12, 2, spread=0.9)}), ["same"])


class Reports(unittest.TestCase):
    def test_time_is_that_of_a_thread_whichever_version_wrote_it(self):
        run = {"real_time": 5.0, "time_unit": "us", "threads": 4}
        self.assertEqual(thread_time(run, "1.7.1"), 20000.0)
        self.assertEqual(thread_time(run, "1.9.0"), 5000.0)
        self.assertEqual(thread_time({**run, "threads": 1}, "1.7.1"), 5000.0)

    def test_rows_have_the_names_that_they_were_given(self):
        self.assertEqual(row_name("pair/own/std::shared_ptr/real_time/threads:2"),
                         "pair/own/std::shared_ptr")

    def test_a_report_gives_samples_and_a_failed_row_a_note(self):
        result = Result(quiet_machine())
        run = {"run_name": "a/real_time", "run_type": "iteration", "real_time": 2.0, "cpu_time": 1.0,
               "time_unit": "ns"}
        aggregate = {**run, "run_type": "aggregate"}
        failed = {**run, "name": "b", "error_occurred": True, "error_message": "no memory"}
        result.add_report({"context": {}, "benchmarks": [run, run, aggregate, failed]})
        self.assertEqual(result.rows, {("a", 1): [2.0, 2.0]})
        self.assertEqual(result.processor, {("a", 1): [1.0, 1.0]})
        self.assertEqual(result.notes, ["b: no memory"])

    def test_a_result_comes_back_as_it_was_saved(self):
        result = result_of({("a", 1): [1.0, 2.0], ("a", 2): [3.0]})
        result.instructions["a"] = 12.5
        with tempfile.TemporaryDirectory() as folder:
            result.save(os.path.join(folder, "result.json"))
            again = Result.load(folder)
        self.assertEqual((again.rows, again.instructions), (result.rows, result.instructions))

    def test_of_what_perf_writes_only_counts_are_taken(self):
        text = ("1000,,instructions:u,500,100.00,,\n<not supported>,,cache-misses:u,0,100.00,,\n\n"
                "# started\n")
        self.assertEqual(counters.parse_perf(text), {"instructions:u": 1000})

    def test_what_is_no_result_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.json")
            for text in ("", "[]", '{"lastref_bench": 0}', '{"lastref_bench": 1}'):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                with self.assertRaises(ResultError):
                    Result.load(path)


class Pages(unittest.TestCase):
    def rows(self):
        rows = {}
        for threads in (1, 2, 4):
            for way, ns in (("split", 10.0), ("acquire_release", 10.0 * threads * threads),
                            ("reference", 10.0), ("openssl", 11.0), ("a<b", 1.0)):
                rows[f"pair/shared/{way}", threads] = around(ns, threads)
        for name, ns in (("none", 10.0), ("valgrind", 400.0)):
            rows[f"track/pair/{name}", 1] = around(ns, 1)
        for size in (100, 10000):
            rows[f"cache/look_up/{size}/reference", 1] = around(30.0, 1)
            rows[f"cache/look_up/{size}/openssl", 1] = around(50.0, 2)
        return rows

    def test_demands_are_met_or_not_by_the_samples(self):
        met = {demand.what.split(":")[0]: demand.met for demand in asked.demands(result_of(self.rows()))}
        self.assertTrue(met["up_ref and free, shared, 1 threads"])
        self.assertFalse(met["look-up, get1 and free at 10 000 sessions, 1 threads"])
        self.assertTrue(met["one shared object, 4 threads"])
        self.assertIsNone(met["one shared object, 2 threads"])

    def test_a_page_needs_no_other_file_and_escapes_names(self):
        text = page.page(result_of(self.rows()))
        self.assertEqual(text.count("<svg"), 3)
        self.assertNotIn("a<b", text)
        self.assertIn("a&lt;b", text)
        self.assertNotRegex(text, r"<(script|link|img)|src=")
        self.assertIn("1.7.1 divides by the number of threads", text)

    def test_a_noisy_machine_is_said_to_be_one(self):
        result = result_of(self.rows())
        self.assertFalse(machine.is_noisy(result.machine))
        self.assertNotIn("NOISY", page.markdown(result))
        result.machine["load_before"] = 3.0
        self.assertIn("NOISY: the load was 3.00", page.markdown(result))
        result.machine.update(load_before=0.0, calibration=[1.0, 1.5, 1.0])
        self.assertIn("NOISY: the same work", page.markdown(result))

    def test_plots_hold_every_point_within_their_frame(self):
        text = svg.lines("t", "threads", [("a", [(1, 3.0), (2, 5.0), (4, 900.0)]), ("none", [])])
        self.assertEqual(text.count("<circle"), 3)
        for y in [float(part.split('"')[0]) for part in text.split('cy="')[1:]]:
            self.assertTrue(svg.TOP <= y <= svg.HEIGHT - svg.BOTTOM, y)
        self.assertEqual(svg.lines("t", "threads", []), "")


class Command(unittest.TestCase):
    """The command itself, by its main()."""

    def exit_code(self, *words):
        path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench")
        command = runpy.run_path(path, run_name="bench_command")
        before = sys.argv
        sys.argv = ["scripts/bench", *words]
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                return command["main"]()
        finally:
            sys.argv = before

    def test_compare_exits_with_1_on_a_regression_only(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for name, ns in (("a", 10.0), ("b", 10.0), ("slow", 15.0)):
                paths[name] = os.path.join(folder, name + ".json")
                result_of({("row", 1): around(ns, len(name))}).save(paths[name])
            self.assertEqual(self.exit_code("--compare", paths["a"], paths["b"]), 0)
            self.assertEqual(self.exit_code("--compare", paths["a"], paths["slow"]), 1)
            self.assertEqual(self.exit_code("--compare", paths["slow"], paths["a"]), 0)
            self.assertEqual(self.exit_code("--compare", paths["a"], folder), 2)

    def test_there_are_as_many_rounds_as_are_asked_for_and_not_too_few(self):
        with tempfile.TemporaryDirectory() as folder:
            # A program of the suite that only tells how often it was to repeat itself.
            program = os.path.join(folder, "bin", "bench_refcount")
            os.mkdir(os.path.dirname(program))
            told = os.path.join(folder, "told")
            with open(program, "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\necho \"$@\" >> {told}\necho '{{\"context\": {{}}, "
                           "\"benchmarks\": []}'\n")
            os.chmod(program, 0o755)
            common = ["--build", folder, "--out", folder, "--only", "bench_refcount",
                      "--no-instructions", "--rounds"]
            self.assertEqual(self.exit_code(*common, "5"), 3)  # it measured nothing
            with open(told, encoding="utf-8") as file:
                rounds = file.read().splitlines()
            self.assertEqual(len(rounds), 5)
            self.assertIn(f"--benchmark_repetitions={measure.REPETITIONS} ", rounds[0])
            with self.assertRaises(SystemExit):
                self.exit_code(*common, "2")


if __name__ == "__main__":
    unittest.main()
