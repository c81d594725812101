"use strict";

/**
 * A suite under other assumptions, as tests/what_if_reference.py judges it; the money is in what_if_value.js.
 *
 * Functions have the names of those in Python, and stand under the names of their modules in bench/value.
 * null is "not known". Slots of reasons are raw: numbers as numbers, titles as {zh, en}.
 */
const WhatIf = (() => {
  const { estimate, known, quantile, sharePositive, sum, value } = WhatIfValue;
  const QUANTILES = 50;
  const SURE = 0.9, FEASIBLE = 0.8, ENOUGH_IN_TIME = 0.9, ENOUGH_RELIABLE = 0.9;
  const FEWEST_CLUSTERS = 10, FEWEST_CLUSTERS_OF_A_SLICE = 5;
  const ORDER = ["stop", "iterate", "pilot", "deploy"];
  const BY_MONEY = { sure: "deploy", slices: "pilot", gains_unsure: "iterate", open: "iterate" };
  const ATTESTED = ["evidence_cited", "supplier", "data_policy"];

  const reason = (code, slots = {}) => ({ code, slots });
  const mapped = (told, of) => Object.fromEntries(Object.entries(told).map(([name, each]) => [name, of(each)]));

  // verdict.py

  /** What to do with a candidate, by the suite's adoption stage. */
  function verdict(about, found, evidence) {
    const { stage, business } = about.stored;
    const iterate = (ground) => ({ decision: "iterate", reasons: [ground], slices: [] });
    if (found.coverage === 0) return iterate(reason("not_measured"));
    if (evidence.pPositive === null || found.clusters < FEWEST_CLUSTERS)
      return iterate(reason("too_few", { have: found.clusters, needed: FEWEST_CLUSTERS }));
    if (found.coverage < business.coverageFloor)
      return iterate(reason("coverage", { have: found.coverage, floor: business.coverageFloor }));
    const [money, slices] = byMoney(about, found, evidence);
    const reasons = [money];
    let decision = BY_MONEY[money.code] ?? "stop";
    if (decision === "stop") return { decision, reasons, slices: [] };
    for (const [limit, ground] of [...byGates(about, found), ...byStage(about, found, evidence)]) {
      reasons.push(ground);
      if (ORDER.indexOf(limit) < ORDER.indexOf(decision)) decision = limit;
    }
    const bar = barAt(stage, about.stored.compared);
    const doubtful = decisivePlaceholders(evidence.sensitivity);
    for (const [holds, ground] of [
      [!found.cost_known, reason("price_unknown")],
      [(evidence.pHorizon ?? 0) < bar, startNotEarned(about, evidence, bar)],
      [doubtful.length > 0, reason("placeholder", { names: doubtful })],
    ]) {
      if (decision !== "deploy" || !holds) continue;
      reasons.push(ground);
      decision = "pilot";
    }
    return { decision, reasons, slices: decision === "pilot" ? slices : [] };
  }

  const barAt = (stage, compared) =>
    1 - (1 - (stage === "exploration" ? FEASIBLE : SURE)) / Math.max(1, compared);

  const startNotEarned = ({ months }, { pHorizon }, bar) =>
    reason("start_not_earned", { months, chance: pHorizon ?? 0, bar });

  /** Whether the money speaks for it: overall, in some slices, not yet, or not at all. */
  function byMoney(about, found, evidence) {
    const chance = evidence.pPositive, bar = barAt(about.stored.stage, about.stored.compared);
    const eligible = evidence.slices.filter((each) => each.clusters >= FEWEST_CLUSTERS_OF_A_SLICE);
    const sliceBar = 1 - (1 - bar) / Math.max(1, eligible.length);
    const good = eligible.filter((each) => each.chance >= sliceBar);
    const names = good.map((each) => each.slice);
    if (chance >= bar) return [reason("sure", { chance, bar }), names];
    if (good.length) {
      const shown = good.toSorted((a, b) => b.value - a.value).slice(0, 4);
      return [reason("slices", { chance, bar, slices: shown.map((each) => each.title) }), names];
    }
    if ((evidence.net.value ?? 0) > 0) return [reason("gains_unsure", { chance, bar }), []];
    const price = "next_round_cost" in about.means ? about.means.next_round_cost : null;
    const learningPays = price === null ? chance > 1 - SURE : WhatIfValue.oneRound(about, found) > price;
    return [learningPays ? reason("open", { chance, bar }) : reason("not_worth", { chance }), []];
  }

  function byGates({ stored }, found) {
    return found.gates.filter((gate) => gate.hard && gate.held !== true).map((gate) => {
      const { title, events, n, bound, limit } = gate;
      const slots = { gate: title, events, n, bound, limit };
      if (gate.held === false) return ["iterate", reason("gate_broken", slots)];
      if (stored.stage !== "exploration")
        return ["iterate", reason("gate_unproven", { more: gate.more_items, ...slots })];
      if (pointsBeyond(gate)) return ["iterate", reason("gate_pointing", slots)];
      return ["pilot", reason("gate_unproven_exploring", slots)];
    });
  }

  function pointsBeyond({ n, events, limit, side }) {
    return n > 0 && (side === "upper" ? events / n > limit : events / n < limit);
  }

  function byStage(about, found, evidence) {
    if (about.stored.stage === "exploration") return [["pilot", reason("exploring")]];
    return unmet(about, found, evidence).map((ground) => ["pilot", ground]);
  }

  /** What growth and maturity ask of bounds, not of points, and the candidate does not show. */
  function unmet(about, found, evidence) {
    const { stage, business } = about.stored;
    const told = [];
    if (stage === "growth" || stage === "maturity") {
      if ((found.metrics.within_sla.low ?? 0) < ENOUGH_IN_TIME)
        told.push(reason("too_slow", { bar: ENOUGH_IN_TIME }));
      if ((evidence.costPerAccepted.high ?? Infinity) > WhatIfValue.humanCost(about.at, business))
        told.push(reason("accepted_too_dear"));
      if ((evidence.pBest ?? 0) < FEASIBLE) told.push(reason("not_surely_best", { bar: FEASIBLE }));
    }
    if (stage === "maturity") {
      if ((found.metrics.pass_hat_k.low ?? 0) < ENOUGH_RELIABLE)
        told.push(reason("not_reliable", { bar: ENOUGH_RELIABLE }));
      told.push(...business.notAttested.map((name) => reason(`not_attested_${name}`)));
    }
    return told;
  }

  /** Placeholders whose plausible range holds the point where the value turns; without a range half to twice. */
  function decisivePlaceholders(rows) {
    const plausible = ({ low, base, high, breakEven }) =>
      low === high ? base / 2 <= breakEven && breakEven <= base * 2 : low <= breakEven && breakEven <= high;
    return rows
      .filter((row) => row.of === "case" && row.placeholder && row.breakEven !== null && plausible(row))
      .map((row) => row.assumption);
  }

  // assess.py

  /** The best decision any candidate earns, and the candidate of most value among those that earn it. */
  function suiteVerdict(candidates) {
    const rank = ([, each]) => [ORDER.indexOf(each.decision), each.perCase.value ?? -Infinity];
    const better = (a, b) => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
    const best = (chosen, each) => (better(rank(each), rank(chosen)) ? each : chosen);
    const [name, chosen] = Object.entries(candidates).reduce(best);
    const { decision } = chosen, goes = decision === "deploy" || decision === "pilot";
    const reasons = [...chosen.reasons];
    if (goes) reasons.unshift(reason("best", { name }));
    else if (decision === "stop") reasons.unshift(reason("no_candidate"));
    if (chosen.placeholderShare) reasons.push(reason("resting", { share: chosen.placeholderShare }));
    return { decision, candidate: goes ? name : null, reasons };
  }

  // supposed.py

  /** The suite with some assumptions at fixed values. */
  function evaluated(stored, changes) {
    const about = WhatIfValue.context(stored, changes);
    const found = mapped(stored.candidates, (each) => measured(about, each));
    const best = pBest(Object.values(found), stored);
    const candidates = mapped(found, (each) => candidate(about, each, best.get(each) ?? null));
    return { candidates, verdict: suiteVerdict(candidates) };
  }

  function measured(about, found) {
    if (found.draws === null) return { ...found, risked: null, value: null, net: null };
    const risked = WhatIfValue.risked(about, found);
    const perCase = WhatIfValue.values(risked, about.weights, about.business, about.stored.places);
    return { ...found, risked, value: perCase, net: WhatIfValue.netOfFixedCost(perCase, about, about.stored.places) };
  }

  /** How often each is the best of all and better than today; those that tie share the draw. */
  function pBest(candidates, stored) {
    const measuredOnes = candidates.filter((each) => each.net !== null);
    const wins = new Map(measuredOnes.map((each) => [each, 0]));
    for (const k of stored.places) {
      const here = measuredOnes.map((each) => (Number.isNaN(each.net[k]) ? -Infinity : each.net[k]));
      const most = Math.max(0, ...here);
      const first = here.filter((each) => each === most).length + (most === 0);
      measuredOnes.forEach((each, c) => { if (here[c] === most) wins.set(each, wins.get(each) + 1 / first); });
    }
    return new Map([...wins].map(([each, count]) => [each, count / stored.stored]));
  }

  function candidate(about, found, best) {
    const evidence = evidenceOf(about, found, best);
    return {
      perCase: evidence.perCase, net: evidence.net, perMonth: evidence.perMonth, horizon: evidence.horizon,
      pPositive: evidence.pPositive, pHorizon: evidence.pHorizon, pBest: best, quantiles: quantiles(found.net),
      losses: found.hasMeans ? WhatIfValue.losses(about, found) : [], sensitivity: evidence.sensitivity,
      placeholderShare: WhatIfValue.placeholderShare(about, found), ...verdict(about, found, evidence),
    };
  }

  function evidenceOf(about, found, best) {
    const { at, drawn, months } = about, { places } = about.stored;
    const point = found.hasMeans ? value(found.means, at, about.business) : NaN;
    const perMonth = found.value?.map((each, k) => each * drawn.cases_per_month[k] - drawn.monthly_cost[k]) ?? null;
    const overMonths = found.value && WhatIfValue.overDraws(about, found, found.value);
    return {
      perCase: estimate(point, found.value),
      net: estimate(point - about.fixedShare, found.net),
      perMonth: estimate(point * at("cases_per_month") - at("monthly_cost"), perMonth),
      horizon: { months, ...estimate(WhatIfValue.over(found, point, at, about.discountedMeans), overMonths) },
      pPositive: found.net && sharePositive(found.net), pHorizon: overMonths && sharePositive(overMonths), pBest: best,
      slices: found.slices.map((each) => slice(about, each)),
      costPerAccepted: "cost_per_accepted" in found.metrics ? costPerAccepted(about, found, places) : null,
      sensitivity: WhatIfValue.sensitivity(about, found),
    };
  }

  function quantiles(net) {
    if (net === null) return [];
    const sorted = known(net).toSorted();
    return Array.from({ length: QUANTILES }, (_, k) => quantile(sorted, (k + 0.5) / QUANTILES));
  }

  function slice(about, stored) {
    const money = value(stored.means, about.at, about.business) - about.fixedShare;
    const { slice: name, title, clusters } = stored;
    return { slice: name, title, clusters, value: money, chance: chance(about, stored) };
  }

  /** The chance of a gain in a slice: that of the draws which lost before and of those which gained. */
  function chance(about, stored) {
    const { places, sizes, losing } = stored;
    const money = WhatIfValue.values(WhatIfValue.risked(about, stored), about.weights, about.business, places);
    const gains = Array.from(WhatIfValue.netOfFixedCost(money, about, places), (each, k) => (each > 0 ? sizes[k] : 0));
    const parts = [[1 - stored.chance, 0, losing], [stored.chance, losing, sizes.length]]
      .map(([weight, from, to]) => [weight, sum(gains.slice(from, to)), sum(sizes.slice(from, to))])
      .filter(([, , all]) => all > 0);
    return sum(parts.map(([weight, gained, all]) => weight * (gained / all))) / sum(parts.map(([weight]) => weight));
  }

  function costPerAccepted(about, found, places) {
    if (!found.hasMeans) return { value: null, low: null, high: null };
    const review = (at) => (at("review.minutes") * at("wage_per_hour")) / 60;
    const point = found.means.accept > 0 ? (found.means.cost + review(about.at)) / found.means.accept : NaN;
    const draws = found.accepted && found.accepted.map((accepted, k) =>
      accepted > 0 ? (found.risked.cost[k] + review((name) => about.drawn[name][places[k]])) / accepted : Infinity);
    return estimate(point, draws);
  }

  // The model of a page

  /** What a page computes with, of a `WhatIf` as JSON. */
  function load(data) {
    const places = Uint32Array.from({ length: data.stored }, (_, k) => k);
    const draws = data.assumptions.map((each) => [each.name, WhatIfValue.unpacked(each.draws, data.stored)]);
    const stored = { ...data, places, business: business(data), drawn: Object.fromEntries(draws) };
    stored.ordinary = WhatIfValue.ordinaryClass(data.assumptions, stored.business);
    stored.candidates = mapped(data.candidates, (each) => loaded(each, stored));
    return {
      assumptions: data.assumptions.map(({ name, low, base, high, mean, placeholder, is_share }) =>
        ({ name, low, base, high, mean, placeholder, isShare: is_share })),
      candidates: Object.keys(data.candidates), stored: data.stored, of: data.of,
      evaluate: (changes) => evaluated(stored, changes),
    };
  }

  function business({ business: told, features }) {
    return {
      features, errorClass: told.done_today_by.error_rate === null ? null : told.done_today_by.error_class,
      edits: prefixed(features, "edit:", ""), harms: prefixed(features, "harm:", "loss."),
      months: told.horizon.months ?? told.setup.months, coverageFloor: told.coverage_floor,
      notAttested: ATTESTED.filter((name) => !told.attested[name]?.met),
    };
  }

  /** Features that begin so, each with the assumption that prices it. */
  const prefixed = (features, beginning, under) =>
    features.filter((name) => name.startsWith(beginning)).map((name) => [name, under + name.slice(beginning.length)]);

  function loaded(told, stored) {
    const none = Object.fromEntries(stored.features.map((name) => [name, 0]));
    const nothing = mapped(none, () => ({ low: 0, high: 0, packed: null }));
    const draws = (each, size) => mapped({ ...nothing, ...each }, (packed) => WhatIfValue.unpacked(packed, size));
    const slices = told.slices.map((each) => ({
      ...each, title: stored.slice_titles[each.slice],
      means: { ...none, ...each.means }, draws: draws(each.draws, each.stored),
      places: WhatIfValue.unpacked(each.at, each.stored).map(Math.round),
      sizes: WhatIfValue.unpacked(each.sizes, each.stored).map(Math.round),
    }));
    return {
      ...told, slices, hasMeans: Object.keys(told.means).length > 0, means: { ...none, ...told.means },
      draws: Object.keys(told.draws).length ? draws(told.draws, stored.stored) : null,
      accepted: told.accepted && WhatIfValue.unpacked(told.accepted, stored.stored),
    };
  }

  /** An assumptions file for `--assumptions`; with the model sourced numbers do not become placeholders. */
  function exported(suite, changes, stamp, model = null) {
    const sourced = new Set((model?.assumptions ?? []).filter((each) => !each.placeholder).map((each) => each.name));
    const lines = Object.entries(changes).map(([name, number]) => {
      const placeholder = sourced.has(name) ? "" : "placeholder: true, ";
      return `  ${quoted(name)}: {base: ${decimal(number)}, ${placeholder}source: ${quoted(stamp)}}`;
    });
    return [`${quoted(suite)}:`, ...lines, ""].join("\n");
  }

  /** A number as YAML reads it: one with an exponent needs a point. */
  const decimal = (number) => String(number).replace(/^(-?\d+)e/, "$1.0e");

  /** A text as YAML reads it, in plain ASCII. */
  function quoted(text) {
    const escaped = (each) => {
      const code = each.codePointAt(0);
      return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    };
    return `"${text.replace(/[^ !#-[\]-~]/gu, escaped)}"`;
  }

  return { exported, load };
})();
