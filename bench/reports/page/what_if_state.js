"use strict";

/**
 * What the reader changed: kept once for both languages, and in the fragment of the address
 * (#what-if:suite.assumption=value&…). As long as nothing is changed, all figures are the report's own.
 */
const WhatIfState = (() => {
  const PREFIX = "#what-if:";
  const FILE = "assumptions.yaml";
  const REVOKE_MS = 1000;

  /** A suite with what the reader changed of it. */
  class Scenario {
    #model = null;
    #unchanged = null;

    constructor(data) {
      Object.assign(this, { data, key: data.key, changes: {} });
    }

    get model() {
      this.#model ??= WhatIf.load(this.data.model);
      return this.#model;
    }

    get count() {
      return Object.keys(this.changes).length;
    }

    entry(name) {
      return this.data.assumptions.find((each) => each.name === name);
    }

    /** Change an assumption; the report's own value, or null, is no change. */
    set(name, value) {
      if (value === null || value === this.entry(name).base) delete this.changes[name];
      else this.changes[name] = value;
    }

    /** The report's figures, with the draws and sensitivity that only the model has. */
    get unchanged() {
      this.#unchanged ??= this.#reported(this.model.evaluate({}));
      return this.#unchanged;
    }

    get outcome() {
      return this.count ? this.#computed(this.model.evaluate(this.changes)) : this.unchanged;
    }

    #reported(computed) {
      const { verdict, candidates } = this.data.report;
      const told = Object.entries(candidates).map(([name, each]) => [
        name, { ...computed.candidates[name], ...each },
      ]);
      return { verdict, candidates: Object.fromEntries(told) };
    }

    /** Candidates in the order of the report; a figure keeps the level and number of items of the report's. */
    #computed({ verdict, candidates }) {
      const told = Object.entries(this.data.report.candidates).map(([name, { net, perMonth }]) => {
        const found = candidates[name];
        return [name, {
          ...found,
          net: { ...net, ...found.net },
          perMonth: { ...perMonth, ...found.perMonth },
        }];
      });
      return { verdict, candidates: Object.fromEntries(told) };
    }
  }

  const state = { run: "", scenarios: [], shown: 0, linked: false, ready: null };
  const current = () => state.scenarios[state.shown];
  const changed = () => state.scenarios.filter((each) => each.count);
  const count = () => changed().reduce((sum, each) => sum + each.count, 0);

  /** Read the data once, and the address with it; `shown()` is called when the address changes later. */
  function ready(shown) {
    state.ready ??= Bench.unpack("what-if").then((data) => {
      state.run = data.run;
      state.scenarios = data.suites.map((each) => new Scenario(each));
      readFragment();
      window.addEventListener("hashchange", () => readFragment() && shown());
    });
    return state.ready;
  }

  /** Take the changes that the address holds; false where it speaks of something else. */
  function readFragment() {
    if (!location.hash.startsWith(PREFIX)) return false;
    for (const each of state.scenarios) each.changes = {};
    for (const part of location.hash.slice(PREFIX.length).split("&")) {
      const [path, number] = part.split("=");
      const [scenario, name] = addressed(decoded(path));
      const value = number ? Number(number) : NaN;
      if (scenario && WhatIfControls.isPossible(scenario.entry(name), value)) scenario.set(name, value);
    }
    const first = state.scenarios.findIndex((each) => each.count);
    if (first >= 0) state.shown = first;
    state.linked = first >= 0;
    return true;
  }

  function decoded(path) {
    try {
      return decodeURIComponent(path);
    } catch {
      return "";
    }
  }

  /** The suite and assumption of a path; names of either may hold dots. */
  function addressed(path) {
    for (const scenario of state.scenarios) {
      const name = path.slice(scenario.key.length + 1);
      if (path.startsWith(`${scenario.key}.`) && scenario.entry(name)) return [scenario, name];
    }
    return [null, null];
  }

  function fragment() {
    const parts = changed().flatMap((scenario) =>
      Object.entries(scenario.changes).map(
        ([name, value]) => `${encodeURIComponent(`${scenario.key}.${name}`)}=${value}`,
      ));
    return parts.length ? PREFIX + parts.join("&") : "";
  }

  /** Keep the address in step; one that speaks of something else stays until there is a change. */
  function writeFragment() {
    const wanted = fragment();
    if (location.hash === wanted || (!wanted && !location.hash.startsWith(PREFIX))) return;
    history.replaceState(history.state, "", wanted || location.pathname + location.search);
  }

  /** The changes as a file that `bench report --assumptions` reads. */
  function exportChanges() {
    const day = new Date().toISOString().slice(0, 10);
    const stamp = Bench.say("what_if.stamp", { run: state.run, day });
    const text = changed()
      .map(({ key, changes, model }) => WhatIf.exported(key, changes, stamp, model))
      .join("\n");
    const address = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
    Bench.element("a", { href: address, download: FILE }).click();
    setTimeout(() => URL.revokeObjectURL(address), REVOKE_MS);
  }

  return { count, current, exportChanges, ready, state, writeFragment };
})();
