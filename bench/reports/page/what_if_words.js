"use strict";

/**
 * What the what-if says of one suite in one language, in the sentences of bench/reports/verdicts.py.
 *
 * An outcome is what the report holds, or what `WhatIf` computed: {candidates, verdict}. A reason carries its
 * finished text (the report's own) or the slots of its sentence.
 */
const WhatIfWords = (() => {
  const ORDER = ["deploy", "pilot", "iterate", "stop"];
  const SUMMING_UP = ["best", "no_candidate", "resting"];
  const DECIDING = [
    "not_measured", "too_few", "coverage", "not_worth", "gate_broken", "gate_pointing", "gate_unproven", "open",
    "price_unknown", "placeholder", "slices", "gate_unproven_exploring", "too_slow", "accepted_too_dear",
    "not_surely_best", "not_reliable", "exploring", "sure",
  ];
  const SLICES = 3;

  /** The words of one suite: `suite` is its packed data. */
  class Speech {
    constructor(suite, language) {
      Object.assign(this, { suite, language });
      this.cases = suite.cases[language];
      this.currency = suite.currency;
    }

    say(key, slots = {}) {
      return Bench.say(key, slots, this.language);
    }

    text(told) {
      return told[this.language];
    }

    name(candidate) {
      return this.suite.names[candidate] ?? candidate;
    }

    /** A candidate's name that breaks between its parts where it has to. */
    broken(candidate) {
      const parts = this.name(candidate).split(/(?<=[/+_:-])/);
      return parts.flatMap((part, at) => (at ? [Bench.element("wbr"), part] : [part]));
    }

    label(decision) {
      return this.say(`label.${decision}`);
    }

    /** An assumption's value with its unit. */
    value(entry, value) {
      return Numbers.assumed(this.language, this.currency, entry.unit, value);
    }

    money(amounts, large, told) {
      return Numbers.Money.scaled(this.language, this.currency, amounts, large, told);
    }

    /** A ground of a verdict, with the names of assumptions in the reader's words. */
    spoken(reason) {
      let told = reason.text ? this.text(reason.text) : this.#ground(reason);
      const entries = [...this.suite.assumptions].sort((a, b) => b.name.length - a.name.length);
      for (const each of entries) told = told.replaceAll(each.name, this.text(each.title));
      return told.replace(/[。.；; ]+$/, "");
    }

    #ground({ code, slots }) {
      const told = Object.entries(slots).map(([name, value]) => [name, this.#slot(code, name, value)]);
      return this.say(`ground.${code}`, Object.fromEntries(told));
    }

    /** What fills a slot of a ground, as bench/value/verdict.py writes it. */
    #slot(code, name, value) {
      if (value === null) return "?";
      if (Array.isArray(value))
        return value.map((each) => this.#slot(code, name, each)).join(this.say("list.between"));
      if (typeof value === "object") return this.text(value);
      if (name === "chance" || name === "share") return Numbers.chance(value);
      if (name === "bound" || name === "limit") return Numbers.percent(value, 1);
      if (name === "bar" || code === "coverage") return Numbers.percent(value);
      return name === "name" ? this.name(value) : String(value);
    }

    /** Names as a list in a sentence. */
    listed(names) {
      if (names.length <= 1) return names.join("");
      const first = names.slice(0, -1).join(this.say("list.between"));
      return this.say("list.last", { first, last: names.at(-1) });
    }

    /** What to do with the suite's work, with its money. */
    sentence(outcome) {
      const focus = leading(outcome);
      const role = this.text(this.suite.role);
      if (focus === null) return this.say("verdict.nobody", { role });
      const { verdict, candidates } = outcome;
      const money = Numbers.perHundred(this, candidates[focus].net);
      const slots = { candidate: this.name(focus), money, role };
      if (verdict.decision === "iterate") {
        const ground = deciding(verdict.reasons);
        return this.say("verdict.iterate", { reason: ground ? this.spoken(ground) : "", ...slots });
      }
      if (verdict.decision === "pilot") {
        const slices = this.#some(candidates[focus].slices);
        return this.say(slices ? "verdict.pilot" : "verdict.pilot_small", { slices, ...slots });
      }
      if (verdict.decision === "stop") return this.#stop(candidates[focus], slots);
      return this.say(`verdict.${verdict.decision}`, slots);
    }

    #some(slices) {
      const named = slices.map((each) => {
        const title = this.suite.slices[each];
        return title ? this.text(title) : each;
      });
      if (named.length <= SLICES) return this.listed(named);
      const first = named.slice(0, SLICES).join(this.say("list.between"));
      return this.say("list.more", { first, n: named.length });
    }

    #stop(candidate, slots) {
      const gate = brokenByAll(this.suite);
      if (gate) {
        const told = { gate: this.text(gate.title), limit: Numbers.limit(gate.limit), ...slots };
        return this.say(`verdict.stop_gate_${gate.side}`, told);
      }
      const value = Numbers.known(candidate.net.value);
      const loses = value !== null && value <= 0;
      return this.say(loses ? "verdict.stop_money" : "verdict.stop", slots);
    }
  }

  /** The candidate of the verdict, or else the best by decision, then by value; null where none has a value. */
  function leading({ verdict, candidates }) {
    if (Object.hasOwn(candidates, verdict.candidate ?? "")) return verdict.candidate;
    let first = null;
    for (const [name, each] of Object.entries(candidates)) {
      if (Numbers.known(each.net.value) === null) continue;
      if (first === null || isBefore(each, candidates[first])) first = name;
    }
    return first;
  }

  function isBefore(one, other) {
    const ranks = [one, other].map((each) => ORDER.indexOf(each.decision));
    return ranks[0] === ranks[1] ? one.net.value > other.net.value : ranks[0] < ranks[1];
  }

  /** The ground that decided: of all that are given, the one that held the verdict down most. */
  function deciding(reasons) {
    const told = reasons.filter((each) => !SUMMING_UP.includes(each.code));
    for (const code of DECIDING) {
      const found = told.find((each) => each.code === code);
      if (found) return found;
    }
    return told[0] ?? reasons[0] ?? null;
  }

  /** The hard gate that every candidate provably broke; answers decide it, no assumption does. */
  function brokenByAll(suite) {
    const broken = Object.values(suite.gates).map((gates) => gates.filter((each) => each.broken));
    const shared = (gate) =>
      broken.every((gates) => gates.some((each) => each.metric === gate.metric));
    return (broken[0] ?? []).find(shared) ?? null;
  }

  return { ORDER, Speech, deciding, leading };
})();
