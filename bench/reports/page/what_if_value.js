"use strict";

/**
 * The money of a suite under other assumptions, from its stored draws.
 *
 * It repeats what tests/what_if_reference.py calls: functions have the names of those in Python, and stand under
 * the names of their modules in bench/value. `at` is a point: a function that gives an assumption's value by
 * its name. null is "not known".
 */
const WhatIfValue = (() => {
  const LEVEL = 0.9, MONTHS = 12;
  const FARTHEST = 1e6, TINY = 1e-12, HALVINGS = 100;

  /** The sum of `numbers`, or of what `of` makes of them. A loop: this runs millions of times. */
  function sum(numbers, of = (number) => number) {
    let all = 0;
    for (let k = 0; k < numbers.length; k += 1) all += of(numbers[k]);
    return all;
  }

  /** Draws without those that are not known. */
  const known = (draws) => (Number.isNaN(sum(draws)) ? draws.filter((each) => !Number.isNaN(each)) : draws);
  const mean = (draws) => sum(known(draws)) / known(draws).length;
  const finite = (number) => (Number.isFinite(number) ? number : null);
  const filled = (size, number) => new Float64Array(size).fill(number);

  // stored_draws.py

  /** The numbers of packed draws; 65535 is one that is not known. */
  function unpacked(draws, size) {
    if (draws.packed === null) return filled(size, draws.low);
    const bytes = Uint8Array.from(atob(draws.packed), (each) => each.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const step = (draws.high - draws.low) / 65534;
    return Float64Array.from({ length: size }, (_, k) => {
      const level = view.getUint16(2 * k, true);
      return level === 65535 ? NaN : draws.low + level * step;
    });
  }

  // worth.py

  const humanLoss = (at, { errorClass }) =>
    errorClass === null ? 0 : at("done_today_by.error_rate") * at(`loss.${errorClass}`);

  const humanCost = (at, business) =>
    (at("done_today_by.minutes") * at("wage_per_hour")) / 60 + humanLoss(at, business);

  /** Money per unit of every feature. */
  function weights(at, business) {
    const wage = at("wage_per_hour") / 60;
    const byHand = humanCost(at, business);
    const detected = at("review.detects");
    const told = { one: byHand - at("review.minutes") * wage, accept: 0, edit_minutes: -wage, redo: -byHand, cost: -1 };
    for (const [name, minutes] of business.edits) told[name] = -at(minutes) * wage;
    for (const [name, loss] of business.harms) told[name] = -(detected * byHand + (1 - detected) * at(loss));
    return told;
  }

  /** Money per case, of numbers. */
  function value(features, at, business) {
    const told = weights(at, business);
    return sum(business.features.map((name) => features[name] * told[name]));
  }

  /** Money per case, of draws: `told` are the weights as draws, `places` which of them go with each draw. */
  function values(features, told, business, places) {
    const money = new Float64Array(places.length);
    for (const name of business.features) {
      const amounts = features[name], prices = told[name];
      for (let k = 0; k < money.length; k += 1) money[k] += amounts[k] * prices[places[k]];
    }
    return money;
  }

  // formulas/horizon.py

  const monthsOfFullUse = (month, ramp) => (month < ramp ? month ** 2 / (2 * ramp) : month - ramp / 2);

  function horizonFactors(months, yearlyRate, ramp) {
    const aMonth = (1 + yearlyRate) ** (-1 / MONTHS);
    let ofCases = 0, ofMonths = 0, worth = 1;
    for (let month = 1; month <= months; month += 1) {
      worth *= aMonth;
      ofCases += (monthsOfFullUse(month, ramp) - monthsOfFullUse(month - 1, ramp)) * worth;
      ofMonths += worth;
    }
    return [ofCases, ofMonths];
  }

  const discountedMonths = (months, at) =>
    horizonFactors(months, at("horizon.discount_rate"), at("horizon.ramp_up_months"));

  // estimates.py

  /** A quantile of sorted numbers, interpolated. */
  function quantile(sorted, share) {
    const place = (sorted.length - 1) * share;
    const below = Math.floor(place), above = Math.ceil(place);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  }

  function interval(draws) {
    const sorted = known(draws).toSorted();
    if (Number.isFinite(sorted.at(-1)) && Number.isFinite(sorted[0]))
      return [quantile(sorted, (1 - LEVEL) / 2), quantile(sorted, (1 + LEVEL) / 2)];
    const place = ((sorted.length - 1) * (1 - LEVEL)) / 2;
    return [sorted[Math.floor(place)], sorted[Math.ceil(sorted.length - 1 - place)]];
  }

  function estimate(number, draws) {
    const point = finite(number);
    if (point === null || draws === null || !draws.some(Number.isFinite))
      return { value: point, low: null, high: null };
    const [low, high] = interval(draws);
    return { value: point, low: finite(Math.min(low, point)), high: finite(Math.max(high, point)) };
  }

  const sharePositive = (draws) => sum(known(draws), (each) => (each > 0 ? 1 : 0)) / known(draws).length;

  // context.py, measure.py

  /** The suite under changed assumptions, as `_context` of supposed.py makes it. */
  function context(stored, changes) {
    const assumptions = stored.assumptions.map((each) => reassumed(each, changes));
    const means = Object.fromEntries(assumptions.map((each) => [each.name, each.mean]));
    const drawn = { ...stored.drawn };
    for (const name of Object.keys(changes)) {
      if (!(name in means)) throw new Error(`no assumption ${name}`);
      drawn[name] = filled(stored.stored, changes[name]);
    }
    const at = (name) => means[name];
    const about = { stored, business: stored.business, months: stored.business.months, assumptions, means, drawn, at };
    about.fixedShare = at("monthly_cost") / at("cases_per_month");
    const each = Array.from(stored.places, (k) => discountedMonths(about.months, (name) => drawn[name][k]));
    about.discounted = [0, 1].map((which) => Float64Array.from(each, (factors) => factors[which]));
    about.discountedMeans = about.discounted.map(mean);
    about.alone = {};
    about.weights = weightsOfDraws(about);
    about.ordinary = ordinaryClass(assumptions, about.business);
    return about;
  }

  function reassumed(each, changes) {
    if (!Object.hasOwn(changes, each.name)) return each;
    const number = changes[each.name];
    return { ...each, low: number, base: number, high: number, mean: number };
  }

  function weightsOfDraws({ stored, business, drawn }) {
    const told = Object.fromEntries(business.features.map((name) => [name, new Float64Array(stored.stored)]));
    for (const k of stored.places) {
      const here = weights((name) => drawn[name][k], business);
      for (const name of business.features) told[name][k] = here[name];
    }
    return told;
  }

  const netOfFixedCost = (money, { drawn, at }, places) =>
    money.map((each, k) => each - drawn.monthly_cost[places[k]] / at("cases_per_month"));

  // rare.py

  /** The class of error that one nobody saw is taken for: today's, else that of middle loss. */
  function ordinaryClass(assumptions, { errorClass }) {
    if (errorClass !== null) return errorClass;
    const losses = assumptions.filter((each) => each.name.startsWith("loss."));
    const byLoss = losses.toSorted((a, b) => a.base - b.base);
    return byLoss.length ? byLoss[Math.floor((byLoss.length - 1) / 2)].name.slice("loss.".length) : null;
  }

  /** Draws of the features; harm that no item showed is of what is now the ordinary class. */
  function risked(about, { draws, unseen }) {
    const before = about.stored.ordinary, after = about.ordinary;
    if (before === after) return draws;
    const harms = about.business.harms.map(([name]) => draws[name]);
    const moved = harms[0].map((_, k) => unseen * sum(harms.map((each) => each[k])));
    return {
      ...draws,
      [`harm:${before}`]: draws[`harm:${before}`].map((each, k) => each - moved[k]),
      [`harm:${after}`]: draws[`harm:${after}`].map((each, k) => each + moved[k]),
    };
  }

  // money.py

  const startCost = (found, at) => at("setup.cost") + (found.effort === null ? 0 : at(found.effort));

  /** Money of the horizon, given the value of a case. */
  const over = (found, perCase, at, [ofCases, ofMonths]) =>
    perCase * at("cases_per_month") * ofCases - at("monthly_cost") * ofMonths - startCost(found, at);

  function overDraws(about, found, perCase) {
    const { drawn, discounted } = about;
    return perCase.map((each, k) =>
      over(found, each, (name) => drawn[name][k], [discounted[0][k], discounted[1][k]]));
  }

  function losses({ at }, found) {
    const told = found.losses.map((each) => {
      const cost = at(`loss.${each.error_class}`) * (1 - at("review.detects"));
      const { error_class: errorClass, title } = each;
      return { errorClass, title, expected: each.rate * cost, upper: each.rate_upper * cost };
    });
    return told.sort((a, b) => b.expected - a.expected || b.upper - a.upper);
  }

  // sensitivity.py

  function sensitivity(about, found) {
    if (!found.hasMeans) return [];
    const ofCase = (at) => value(found.means, at, about.business) - at("monthly_cost") / at("cases_per_month");
    const ofHorizon = (at) =>
      over(found, value(found.means, at, about.business), at, discountedMonths(about.months, at));
    const cases = [], horizon = [];
    for (const each of about.assumptions) {
      if (/^(setup|horizon)\./.test(each.name) || each.name === found.effort)
        horizon.push({ ...row(each, about.at, ofHorizon), of: "horizon" });
      else if (!/^(effort\.|next_round)/.test(each.name)) cases.push({ ...row(each, about.at, ofCase), of: "case" });
    }
    return [...bySwing(cases), ...bySwing(horizon)];
  }

  const bySwing = (rows) =>
    rows.sort((a, b) => Math.abs(b.valueHigh - b.valueLow) - Math.abs(a.valueHigh - a.valueLow));

  function row({ name, low, base, high, placeholder, is_share }, at, money) {
    const moved = (number) => money((each) => (each === name ? number : at(each)));
    const farthest = is_share ? 1 : Math.max(high, 1) * FARTHEST;
    return {
      assumption: name, low, base, high, valueLow: moved(low), valueHigh: moved(high),
      breakEven: breakEven(moved, low, high, farthest), placeholder,
    };
  }

  function breakEven(money, low, high, farthest) {
    const scale = Math.max(Math.abs(money(low)), Math.abs(money(high)), TINY);
    for (const [start, end] of [[low, high], [TINY, low], [high, farthest]]) {
      if (end <= start) continue;
      const first = money(start), last = money(end);
      if (first * last <= 0 && Math.abs(last - first) > 1e-9 * scale) return root(money, start, end);
    }
    return null;
  }

  function root(money, start, end) {
    const first = money(start), last = money(end);
    const straight = start - (first * (end - start)) / (last - first);
    if (Math.abs(money(straight)) <= 1e-9 * Math.min(Math.abs(first), Math.abs(last))) return straight;
    let [below, above] = [start, end];
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      const middle = (below + above) / 2;
      if (money(middle) * first > 0) below = middle;
      else above = middle;
    }
    return (below + above) / 2;
  }

  // flows.py

  /** The share of the money, in absolute amounts, of which a placeholder is a factor; null without money. */
  function placeholderShare(about, found) {
    if (!found.hasMeans) return null;
    const unvouched = new Set(about.assumptions.filter((each) => each.placeholder).map((each) => each.name));
    const parts = flows(about, found).map(([amount, restsOn]) => [Math.abs(amount), restsOn]);
    const doubtful = parts.filter(([amount, restsOn]) => amount > 0 && restsOn.some((name) => unvouched.has(name)));
    const all = sum(parts.map(([amount]) => amount));
    return all ? sum(doubtful.map(([amount]) => amount)) / all : null;
  }

  /** The parts of the net value per case, and the assumptions that each is a product of. */
  function flows({ at, business, fixedShare }, { means }) {
    const wage = at("wage_per_hour") / 60, byHand = humanCost(at, business), detects = at("review.detects");
    const time = ["done_today_by.minutes", "wage_per_hour"];
    const errors = business.errorClass ? ["done_today_by.error_rate", `loss.${business.errorClass}`] : [];
    const edits = business.edits.filter(([name]) => means[name] > 0);
    const minutes = means.edit_minutes + sum(edits.map(([name, assumption]) => means[name] * at(assumption)));
    const harm = sum(business.harms.map(([name]) => means[name]));
    return [
      [at("done_today_by.minutes") * wage, time],
      [humanLoss(at, business), errors],
      [at("review.minutes") * wage, ["review.minutes", "wage_per_hour"]],
      [minutes * wage, [...edits.map(([, assumption]) => assumption), "wage_per_hour"]],
      [means.redo * byHand, [...time, ...errors]],
      [harm * detects * byHand, ["review.detects", ...time, ...errors]],
      ...business.harms.map(([name, loss]) => [means[name] * (1 - detects) * at(loss), ["review.detects", loss]]),
      [means.cost, []],
      [fixedShare, ["monthly_cost", "cases_per_month"]],
    ];
  }

  // information.py

  /** The best that one more round may bring: as many items again, or the assumptions measured. */
  function oneRound(about, found) {
    const { at, business, discountedMeans, stored } = about;
    const believed = Object.fromEntries(business.features.map((name) => [name, mean(found.risked[name])]));
    const prices = Object.entries(weights(at, business)).map(([name, price]) => [name, [price]]);
    const perCase = values(found.risked, Object.fromEntries(prices), business, filled(stored.stored, 0));
    const centre = over(found, value(believed, at, business), at, discountedMeans);
    const items = gain(perCase.map((each) => over(found, each, at, discountedMeans)), centre, Math.sqrt(0.5));
    const constant = Object.entries(believed).map(([name, each]) => [name, filled(stored.stored, each)]);
    const perDraw = values(Object.fromEntries(constant), about.weights, business, stored.places);
    const together = gain(overDraws(about, found, perDraw), centre);
    const each = about.assumptions.map(({ name }) => gain(alone(name, about, found, believed), centre));
    return Math.max(items, together, ...each);
  }

  /** Money of the horizon with one assumption drawn and the others at their means. */
  function alone(name, about, found, believed) {
    const { at, business, discountedMeans, drawn, means, months } = about;
    const moved = (number) => (each) => (each === name ? number : at(each));
    if (name.startsWith("horizon.")) {
      const perCase = value(believed, at, business);
      about.alone[name] ??= Array.from(drawn[name], (number) => discountedMonths(months, moved(number)));
      return Float64Array.from(about.alone[name], (factors) => over(found, perCase, at, factors));
    }
    // Money is a straight line in every assumption alone, but for those of the horizon.
    const money = (number) => over(found, value(believed, moved(number), business), moved(number), discountedMeans);
    const start = money(0), slope = (money(means[name] || 1) - start) / (means[name] || 1);
    return drawn[name].map((number) => start + slope * number);
  }

  /** E[what is best after learning - what is best now], today's way worth 0. */
  function gain(money, centre, share = 1) {
    const draws = known(money), middle = mean(draws);
    const now = centre > 0 ? 1 : 0;
    const better = (each) => Math.max(each, 0) - now * each;
    return sum(draws, (each) => better(centre + share * (each - middle))) / draws.length;
  }

  return {
    context, estimate, humanCost, known, losses, netOfFixedCost, oneRound, ordinaryClass, over, overDraws,
    placeholderShare, quantile, risked, sensitivity, sharePositive, sum, unpacked, value, values,
  };
})();
