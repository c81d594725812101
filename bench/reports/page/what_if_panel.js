"use strict";

/** The what-if: every assumption of a suite as a control, and what its value and verdict would then be. */
const WhatIfPanel = (() => {
  const OPEN = 8;
  const REST_MS = 400;
  const { element } = Bench;
  const { Control } = WhatIfControls;
  const { Speech, leading } = WhatIfWords;
  const { current, state } = WhatIfState;

  const views = new Map();
  const due = { frame: null, settled: false, rest: null };
  const shownView = () => views.get(Bench.language());
  const showAgain = () => shownView()?.show();

  /** A value was chosen: paint with the next frame; say and keep it when the hand rests. */
  function moved(name, value, settled) {
    current().set(name, value);
    due.settled ||= settled;
    due.frame ??= requestAnimationFrame(() => {
      due.frame = null;
      shownView().update(due.settled);
      due.settled = false;
    });
    rest();
  }

  function rest() {
    clearTimeout(due.rest);
    due.rest = setTimeout(() => {
      WhatIfState.writeFragment();
      shownView().announce();
    }, REST_MS);
  }

  function reset(scenarios) {
    for (const each of scenarios) each.changes = {};
    WhatIfState.writeFragment();
    shownView().update(true);
    rest();
  }

  /** The panel of one language. */
  class View {
    constructor(place, language) {
      Object.assign(this, { place, language, isOpen: false });
      this.live = element("p", { className: "unseen", role: "status", "aria-live": "polite" });
      this.banner = this.#banner();
      Bench.block(language).querySelector("main").prepend(this.banner);
    }

    /** Draw everything anew: another suite, another language, other changes. */
    show() {
      const scenario = current();
      this.speech = new Speech(scenario.data, this.language);
      this.controls = this.#controls(scenario);
      this.verdict = element("div", { className: "now" });
      this.results = this.#results(scenario);
      this.buttons = this.#buttons();
      const side = element(
        "div", { className: "side" },
        element("h3", { textContent: this.speech.say("what_if.assumptions") }), this.#legend(),
        ...this.controls.slice(0, OPEN).map((each) => each.element), ...this.#folded(), this.buttons.element);
      const panel = element(
        "div", { className: "what-if-panel", role: "tabpanel", id: this.#id("panel"), "aria-labelledby": this.#id(state.shown) },
        side, element("div", { className: "outcome" }, this.verdict, this.results));
      this.place.replaceChildren(this.#tabs(), panel, this.#stored(scenario), this.live);
      this.width = this.results.clientWidth;
      this.update(true);
    }

    #id(part) {
      return `what-if-${this.language}-${part}`;
    }

    /** Pictures are drawn anew at another width, not scaled. */
    resized() {
      if (this.results.clientWidth === this.width || this.results.clientWidth === 0) return;
      this.width = this.results.clientWidth;
      this.update(true);
    }

    #results(scenario) {
      this.table = element("div", {});
      this.tornado = element("div", { className: "tornado" });
      this.plots = new WhatIfDots.Plots(this.speech, Object.keys(scenario.data.report.candidates));
      return element("div", { className: "results" }, this.table, this.plots.element, this.tornado);
    }

    #tabs() {
      const { language } = this;
      const tabs = state.scenarios.map((each, at) => {
        const isShown = at === state.shown;
        const tab = element("button", {
          type: "button", role: "tab", id: this.#id(at), tabIndex: isShown ? 0 : -1,
          "aria-selected": String(isShown), "aria-controls": this.#id("panel"),
          textContent: each.data.title[language],
        });
        tab.append(element("small", {}));
        tab.addEventListener("click", () => this.#choose(at));
        return tab;
      });
      this.tabs = tabs;
      const label = Bench.say("what_if.tasks", {}, language);
      const list = element("div", { className: "what-if-tabs", role: "tablist", "aria-label": label }, ...tabs);
      list.addEventListener("keydown", (event) => this.#arrow(event));
      return list;
    }

    #choose(at) {
      if (at === state.shown) return;
      state.shown = at;
      this.isOpen = false;
      this.show();
      this.tabs[at].focus();
    }

    #arrow(event) {
      const last = state.scenarios.length - 1;
      const to = {
        ArrowRight: state.shown === last ? 0 : state.shown + 1,
        ArrowLeft: state.shown === 0 ? last : state.shown - 1,
        Home: 0,
        End: last,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.#choose(to);
    }

    /** A control for every assumption, the one with the widest effect on any candidate first. */
    #controls(scenario) {
      const { candidates } = scenario.unchanged;
      const evens = this.#breakEvens(scenario.unchanged);
      const weight = ({ name }) => Math.max(0, ...Object.values(candidates).flatMap((each) =>
        each.sensitivity
          .filter((row) => row.assumption === name)
          .map((row) => Math.abs(row.valueHigh - row.valueLow) * (row.of === "case" ? 1e6 : 1e-6))));
      const sorted = [...scenario.data.assumptions].sort((one, other) => weight(other) - weight(one));
      return sorted.map((entry) => new Control(this.speech, entry, evens.get(entry.name) ?? null,
        (value, settled) => moved(entry.name, value, settled)));
    }

    #breakEvens(outcome) {
      const focus = outcome.candidates[leading(outcome)];
      return new Map((focus?.sensitivity ?? []).map((each) => [each.assumption, each.breakEven]));
    }

    #legend() {
      const mark = (name, key, slots) =>
        element("span", {}, element("i", { className: name, "aria-hidden": "true" }), this.speech.say(key, slots));
      this.even = element("span", {});
      return element(
        "p", { className: "legend" }, mark("band", "what_if.mark_plausible"),
        mark("tick", "what_if.mark_report"), this.even);
    }

    /** What is not among the first, behind a button. */
    #folded() {
      const rest = this.controls.slice(OPEN);
      if (!rest.length) return [];
      const id = this.#id("rest");
      const box = element("div", { id, hidden: !this.isOpen }, ...rest.map((each) => each.element));
      const button = element("button", { type: "button", className: "more", "aria-controls": id });
      const tell = () => {
        button.setAttribute("aria-expanded", String(this.isOpen));
        button.textContent = this.speech.say(this.isOpen ? "what_if.fewer" : "what_if.more", { n: rest.length });
      };
      button.addEventListener("click", () => {
        this.isOpen = !this.isOpen;
        box.hidden = !this.isOpen;
        tell();
      });
      this.isOpen ||= rest.some((each) => each.entry.name in current().changes);
      box.hidden = !this.isOpen;
      tell();
      return [button, box];
    }

    #buttons() {
      const told = element("p", { className: "told", role: "status" });
      const button = (key, act) => {
        const made = element("button", { type: "button", textContent: this.speech.say(key) });
        made.addEventListener("click", act);
        return made;
      };
      const all = [
        button("what_if.back_suite", () => reset([current()])),
        button("what_if.back_all", () => reset(state.scenarios)),
        button("what_if.export", () => {
          WhatIfState.exportChanges();
          told.textContent = this.speech.say("what_if.exported");
        }),
        button("what_if.copy", () => this.#copy(told)),
      ];
      return { element: element("div", { className: "acts" }, ...all, told), all, told };
    }

    async #copy(told) {
      WhatIfState.writeFragment();
      try {
        await navigator.clipboard.writeText(location.href);
        told.textContent = this.speech.say("what_if.copied");
      } catch {
        const field = element("input", { readOnly: true, value: location.href });
        field.setAttribute("aria-label", this.speech.say("what_if.copy_by_hand"));
        told.replaceChildren(this.speech.say("what_if.copy_by_hand"), field);
        field.select();
      }
    }

    #stored(scenario) {
      const { stored, of } = scenario.model;
      const count = (value) => Numbers.number(value);
      const told = this.speech.say(stored < of ? "what_if.stored" : "what_if.stored_all", {
        stored: count(stored), of: count(of),
      });
      return element("p", { className: "reading", textContent: told });
    }

    #banner() {
      const say = (key) => Bench.say(key, {}, this.language);
      this.warning = element("span", {});
      const show = element("button", { type: "button", textContent: say("what_if.banner_show") });
      const back = element("button", { type: "button", textContent: say("what_if.banner_back") });
      show.addEventListener("click", () => this.place.scrollIntoView());
      back.addEventListener("click", () => reset(state.scenarios));
      return element("p", { className: "warning what-if-banner", hidden: true }, this.warning, show, back);
    }

    /** Bring everything into line with the changes; the axes stay still until the hand `settled`. */
    update(settled) {
      const scenario = current();
      const { outcome } = scenario;
      const evens = this.#breakEvens(outcome);
      for (const each of this.controls)
        each.update(scenario.changes[each.entry.name], evens.get(each.entry.name) ?? null);
      this.#tell(scenario, outcome);
      this.#draw(scenario, outcome, settled);
      this.#count(scenario);
    }

    #tell(scenario, outcome) {
      const { speech } = this;
      this.sentence = speech.sentence(outcome);
      this.verdict.replaceChildren(
        element("p", { className: "flips" }, WhatIfTables.label(speech, outcome.verdict.decision),
          ...this.#flips(scenario, outcome)),
        element("p", { className: "sentence", textContent: this.sentence }));
      const focus = leading(outcome);
      const told = focus ? speech.say("what_if.mark_break_even", { candidate: speech.name(focus) }) : "";
      this.even.replaceChildren(element("i", { className: "even", "aria-hidden": "true" }), told);
      this.even.hidden = !focus;
    }

    /** What differs from the report: the verdict, a candidate's own, who leads. */
    #flips(scenario, outcome) {
      const { speech } = this;
      const before = scenario.unchanged;
      if (!scenario.count) return [element("span", { textContent: speech.say("what_if.unchanged") })];
      const found = [];
      if (before.verdict.decision !== outcome.verdict.decision) {
        const label = speech.label(before.verdict.decision);
        found.push(element("span", { className: "chip", textContent: speech.say("what_if.flipped", { label }) }));
      }
      const names = [leading(before), leading(outcome)];
      if (names[0] !== names[1] && names[0] && names[1]) {
        const [from, to] = names.map((each) => speech.name(each));
        found.push(speech.say("what_if.flipped_leader", { before: from, now: to }));
      }
      const turned = Object.keys(outcome.candidates)
        .filter((name) => before.candidates[name].decision !== outcome.candidates[name].decision)
        .map((name) => speech.name(name));
      if (turned.length)
        found.push(speech.say("what_if.flipped_candidates", { candidates: speech.listed(turned) }));
      const told = found.length ? "what_if.changed" : "what_if.same";
      return [...found, speech.say(told, { n: scenario.count })].map((each) =>
        typeof each === "string" ? element("span", { textContent: each }) : each);
    }

    #draw(scenario, outcome, settled) {
      const { speech } = this;
      const focus = leading(outcome);
      if (focus === null) {
        this.results.replaceChildren(element("p", { textContent: speech.say("what_if.no_value") }));
        return;
      }
      const candidate = outcome.candidates[focus];
      this.table.replaceChildren(WhatIfTables.candidates(speech, outcome, scenario.unchanged, focus));
      this.plots.draw(outcome, scenario.unchanged, focus, settled);
      if (settled || !this.scale) this.scale = WhatIfTables.swingScale(candidate);
      this.tornado.replaceChildren(
        element("h3", { textContent: WhatIfTables.finding(speech, focus, candidate) }),
        WhatIfTables.tornado(speech, candidate, this.scale));
    }

    #count(scenario) {
      const [suite, all, file] = this.buttons.all;
      suite.disabled = scenario.count === 0;
      all.disabled = file.disabled = WhatIfState.count() === 0;
      this.buttons.told.textContent = "";
      this.tabs.forEach((tab, at) => {
        const n = state.scenarios[at].count;
        tab.querySelector("small").textContent = n ? this.speech.say("what_if.tab_changed", { n }) : "";
      });
      this.banner.hidden = !state.linked || WhatIfState.count() === 0;
      this.warning.textContent = this.speech.say("what_if.banner", { n: WhatIfState.count() });
    }

    announce() {
      this.live.textContent = this.sentence;
    }
  }

  async function draw(place, language) {
    await WhatIfState.ready(showAgain);
    const view = new View(place, language);
    views.set(language, view);
    view.show();
    new ResizeObserver(() => view.resized()).observe(place);
  }

  Bench.component("what-if", draw);
  Bench.onLanguage((language) => views.get(language)?.show());
  return { views };
})();
