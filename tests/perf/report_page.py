"""How fast the page is and how large the reports are, beside their limits.

    python -m tests.perf.report_page
    python -m tests.perf.report_page --part large --profile

Three runs, each in a process of its own: 1,000 and 5,000 trials of the built-in suites with answers as long as real
ones, and 100,000 trials of invented suites. A browser is driven for the first, where there is one.
"""

import argparse
import cProfile
import pstats
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PARTS = ("small", "medium", "large")
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
LIMITS = {
    "interactive s": 1.5,
    "what-if move ms": 150,
    "all formats CPU s": 10,
    "page of 5,000 MB": 3,
    "page of 100,000 MB": 5,
    "building of 100,000 CPU s": 60,
}
"""What is allowed at most, by the name that a part prints."""
CLOCK = """
new MutationObserver(() => {
  if (document.documentElement?.dataset.ready !== "yes" || window.interactive) return;
  document.querySelector(".language:not([hidden]) [data-switch=en]").click();
  window.interactive = true;
  requestAnimationFrame(() => setTimeout(() => { window.interactiveAt = performance.now(); }));
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
"""
"""From the start of the navigation to the frame after the first click is handled, in the page's own time."""
MOVES = """async () => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const found = [];
  const sliders = [...document.querySelectorAll(".language:not([hidden]) input[type=range]")].slice(0, 6);
  for (const slider of sliders) {
    for (const share of [0.2, 0.8, 0.5]) {
      await painted();
      slider.value = Number(slider.min) + share * (Number(slider.max) - Number(slider.min));
      const begun = performance.now();
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await painted();
      found.push(performance.now() - begun);
    }
  }
  return found;
}"""


def built_in(candidates, repeats, seed=0):
    """The built-in suites, answered by candidates that know the answers and spoil some of them."""
    from bench.suites.load import load
    from bench.suites.locate import suite_names
    from tests.judged_run import candidate_names, judged

    suites = [load(name) for name in suite_names()]
    names = candidate_names(candidates)
    rows = _answers(suites, names, repeats, random.Random(seed))
    return judged(suites, rows, names, repeats, seed)


def _answers(suites, names, repeats, draw):
    from tests.judged_run import answer

    for suite in suites:
        known = _solved(suite)
        for at, name in enumerate(names):
            for item in suite.items:
                for repeat in range(repeats):
                    said = known.get(item.id, "")
                    if draw.random() < 0.05 + 0.1 * at:
                        said = _spoilt(said, draw)
                    yield answer(suite, name, item, repeat, said)


def _solved(suite):
    """A good answer to every item of a built-in suite."""
    import yaml

    files = sorted((suite.path.parent / "solved").glob("*.yaml"))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = (each for path in files for each in yaml.load(path.read_text(encoding="utf-8"), loader))
    return {each["item"]: each["answer"] for each in read}


def _spoilt(said, draw):
    """The answer cut off, or with other figures."""
    if draw.random() < 0.4:
        return said[: len(said) // 2]
    return "".join(str(draw.randint(0, 9)) if each.isdigit() else each for each in said)


def part(name, profile):
    """Run one part in this process; prints what it measured, a line each."""
    run, judging = clocked(made, name)
    profiler = cProfile.Profile() if profile else None
    if profiler:
        profiler.enable()
    sizes, seconds = built(run)
    if profiler:
        profiler.disable()
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(30)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: judging CPU s\t{judging:.2f}\n{name}: peak MB\t{peak:.0f}")
    for kind, size in sizes.items():
        print(f"{name}: {kind} MB\t{size / 1e6:.2f}\n{name}: {kind} CPU s\t{seconds[kind]:.2f}")
    told = {
        "small": ("all formats CPU s", sum(seconds.values())),
        "medium": ("page of 5,000 MB", sizes["html"] / 1e6),
        "large": ("page of 100,000 MB", sizes["html"] / 1e6),
    }[name]
    print(f"{told[0]}\t{told[1]:.2f}")
    if name == "large":
        print(f"building of 100,000 CPU s\t{judging + sum(seconds.values()):.2f}")
    if name == "small":
        browsed(run)


def made(name):
    """The judged run of a part."""
    from tests.judged_run import judged_of

    if name == "large":
        return judged_of(suites=4, candidates=5, items=2500, repeats=2)
    return built_in(*{"small": (2, 1), "medium": (4, 2)}[name])


def built(run):
    """Bytes, and CPU seconds, of every format."""
    from bench.reports.write import FORMATS

    sizes, seconds = {}, {}
    for kind, each in FORMATS.items():
        content, seconds[kind] = clocked(each.text, run, "zh")
        sizes[kind] = len(content if isinstance(content, bytes) else content.encode())
    return sizes, seconds


def clocked(work, *told):
    """What `work` returns, and the CPU seconds it took."""
    begun = time.process_time()
    return work(*told), time.process_time() - begun


def browsed(run):
    """Open the page and move the assumptions, five times; prints the medians, and the worst move."""
    import shutil

    from playwright.sync_api import sync_playwright

    from bench.reports.html import html

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("interactive s\tno browser")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "report.html"
        path.write_text(html(run, "zh"), encoding="utf-8")
        browser = driver.chromium.launch(executable_path=chromium, args=[*ARGS])
        opened, moves = [], []
        for _ in range(5):
            page = browser.new_page()
            page.add_init_script(CLOCK)
            page.goto(path.as_uri())
            page.wait_for_function("() => window.interactiveAt")
            opened.append(page.evaluate("window.interactiveAt") / 1000)
            moves += page.evaluate(MOVES)
            page.close()
        browser.close()
    print(f"interactive s\t{statistics.median(opened):.2f}")
    print(f"what-if move ms\t{statistics.median(moves) if moves else float('nan'):.0f}")
    print(f"small: worst what-if move ms\t{max(moves, default=float('nan')):.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--profile", action="store_true", help="Print the costliest functions.")
    told = parser.parse_args()
    if told.part:
        part(told.part, told.profile)
        return
    print("| what | measured | limit | x limit |\n|---|---|---|---|")
    for name in PARTS:
        command = [sys.executable, "-m", "tests.perf.report_page", "--part", name]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        for line in done.stdout.splitlines():
            what, _, measured = line.partition("\t")
            limit = LIMITS.get(what)
            share = f"{float(measured) / limit:.2f}" if limit and measured[0].isdigit() else ""
            print(f"| {what} | {measured} | {limit or ''} | {share} |", flush=True)


if __name__ == "__main__":
    main()
