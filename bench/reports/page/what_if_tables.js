"use strict";

/** What the what-if tells in tables: every candidate with its money and verdict, and the tornado. */
const WhatIfTables = (() => {
  const WIDEST = 6;
  const SWING = 240;
  const MONTH = 10_000;
  const { CASES, known } = Numbers;
  const { drawn, scaleOf } = WhatIfDots;

  const ICONS = {
    deploy: [["circle", { cx: 8, cy: 8, r: 7, fill: "currentColor" }],
      ["path", { d: "M4.6 8.3l2.3 2.3 4.5-4.8", fill: "none", stroke: "#fff", "stroke-width": 1.8 }]],
    pilot: [["circle", { cx: 8, cy: 8, r: 6.2, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }],
      ["path", { d: "M8 1.8a6.2 6.2 0 0 1 0 12.4z", fill: "currentColor" }]],
    iterate: [["circle", { cx: 8, cy: 8, r: 6.2, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }],
      ["path", { d: "M8 4.4V8l2.6 1.6", fill: "none", stroke: "currentColor", "stroke-width": 1.6 }]],
    stop: [["rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 2, fill: "currentColor" }],
      ["path", { d: "M4.5 8h7", stroke: "#fff", "stroke-width": 2 }]],
  };

  /** A verdict as icon and word. */
  function label(speech, decision, tag = "span") {
    const shapes = ICONS[decision].map(([name, attributes]) => drawn(name, attributes));
    const icon = drawn("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, ...shapes);
    return Bench.element(tag, { className: `label ${decision}` }, icon, speech.label(decision));
  }

  /** A table in the form of the page's others: `heads` are [text, isNumber], rows are lists of nodes or texts. */
  function grid(name, caption, heads, rows) {
    const { element } = Bench;
    const head = heads.map(([text, isNumber]) =>
      element("th", { scope: "col", role: "columnheader", className: isNumber ? "number" : "" }, text));
    const body = rows.map((row) =>
      element("tr", { role: "row", className: row.className ?? "" }, ...row.cells.map((cell, at) => {
        if (at === 0) return element("th", { scope: "row", role: "rowheader" }, cell);
        const [text, isNumber] = heads[at];
        return element("td", { role: "cell", "data-head": text, className: isNumber ? "number" : "" }, cell);
      })));
    return element(
      "table", { className: `grid ${name}`, role: "table" },
      element("caption", { textContent: caption }),
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
      element("tbody", { role: "rowgroup" }, ...body),
    );
  }

  /** A figure with its range beneath, in the scale of its column. */
  function ranged(speech, money, estimate) {
    const { element } = Bench;
    const { value, low, high, n } = estimate;
    if (known(value) === null) return element("span", { textContent: Numbers.UNKNOWN });
    const step = Numbers.stepBeside(value, low, high);
    const isRanged = known(low) !== null && known(high) !== null;
    const range = isRanged
      ? Numbers.span(speech.language, money.number(low, step), money.number(high, step))
      : Numbers.noRange(speech.language, n);
    return element(
      "span", {},
      element("b", { textContent: money.number(value, step, true) }),
      element("small", { textContent: range }),
    );
  }

  const lossOf = (candidate) =>
    candidate.losses.reduce((sum, each) => sum + (known(each.expected) ?? 0), 0) * CASES;
  const amounts = (estimates) => estimates.flatMap((each) => [each.value, each.low, each.high]);
  const chanceText = (value) => (known(value) === null ? Numbers.UNKNOWN : Numbers.chance(value));

  /** A verdict, with that of the report beneath where it differs. */
  function verdict(speech, decision, before) {
    const shown = label(speech, decision);
    if (decision === before) return shown;
    const told = speech.say("what_if.reported", { label: speech.label(before) });
    return Bench.element("span", {}, shown, Bench.element("small", { textContent: told }));
  }

  /** Every candidate with its money, chances, losses and verdict. */
  function candidates(speech, outcome, reported, leading) {
    const all = Object.entries(outcome.candidates);
    const nets = all.map(([, each]) => Numbers.times(each.net, CASES));
    const months = all.map(([, each]) => each.perMonth);
    const losses = all.map(([, each]) => lossOf(each));
    const money = speech.money(amounts(nets));
    const month = speech.money(amounts(months), MONTH, months.map((each) => each.value));
    const lost = speech.money(losses);
    const { cases } = speech;
    const heads = [
      [speech.say("what_if.head.way"), false],
      [speech.say("what_if.head.value", { cases, unit: money.unit }), true],
      [speech.say("what_if.head.month", { unit: month.unit }), true],
      [speech.say("what_if.head.chance"), true],
      [speech.say("what_if.head.best"), true],
      [speech.say("what_if.head.losses", { unit: lost.unit }), true],
      [speech.say("what_if.head.verdict"), false],
    ];
    const rows = all.map(([name, each], at) => ({
      className: name === leading ? "leading" : "",
      cells: [
        Bench.element("span", {}, speech.broken(name)),
        ranged(speech, money, nets[at]),
        ranged(speech, month, months[at]),
        chanceText(each.pPositive),
        chanceText(each.pBest),
        known(each.net.value) === null
          ? Numbers.UNKNOWN
          : lost.number(losses[at], Numbers.roundingStep(null, null, losses[at])),
        verdict(speech, each.decision, reported.candidates[name].decision),
      ],
    }));
    const suite = speech.text(speech.suite.title);
    return grid("candidates", speech.say("what_if.table", { suite, cases }), heads, rows);
  }

  const moves = (each) => Math.abs(each.valueHigh - each.valueLow) * CASES >= Numbers.CENT;
  const flips = (each) =>
    Math.min(each.valueLow, each.valueHigh) < 0 && Math.max(each.valueLow, each.valueHigh) > 0;
  const swingOf = (each) => Math.abs(each.valueHigh - each.valueLow);

  /** The assumptions that move the value of a case, widest swing first. */
  const moving = (candidate) =>
    candidate.sensitivity
      .filter((each) => each.of === "case" && moves(each))
      .sort((one, other) => swingOf(other) - swingOf(one));

  /** What the tornado shows, as a sentence. */
  function finding(speech, name, candidate) {
    const n = moving(candidate).filter(flips).length;
    const kind = n ? "flips" : (candidate.net.value ?? 0) >= 0 ? "stays_up" : "stays_down";
    return speech.say(`what_if.tornado.${kind}`, { n, candidate: speech.name(name) });
  }

  /** The axis of a tornado: the ends of all its bars, and the present value. */
  function swingScale(candidate) {
    const ends = moving(candidate).flatMap((each) => [each.valueLow, each.valueHigh]);
    return scaleOf([...ends, candidate.net.value ?? 0].map((each) => each * CASES), SWING);
  }

  /** A bar for each of the assumptions that move the candidate most, and what its ends give. */
  function tornado(speech, candidate, scale) {
    const shown = moving(candidate).slice(0, WIDEST);
    const ends = shown.flatMap((each) => [each.valueLow * CASES, each.valueHigh * CASES]);
    const money = speech.money(ends);
    const step = ends.length ? Numbers.roundingStep(Math.min(...ends), Math.max(...ends)) : 1;
    const heads = [
      [speech.say("what_if.head.assumption"), false],
      [speech.say("what_if.head.effect"), false],
      [speech.say("what_if.head.ends", { unit: money.unit }), true],
    ];
    const base = scale.at((candidate.net.value ?? 0) * CASES);
    const rows = shown.map((each) => ({ cells: bar(speech, each, { money, step, scale, base }) }));
    const caption = speech.say("what_if.tornado.caption", {
      cases: speech.cases, unit: money.unit, n: shown.length,
    });
    return grid("swings", caption, heads, rows);
  }

  function bar(speech, entry, { money, step, scale, base }) {
    const { element } = Bench;
    const assumption = speech.suite.assumptions.find((each) => each.name === entry.assumption);
    const title = speech.text(assumption.title);
    const swing = [entry.valueLow * CASES, entry.valueHigh * CASES];
    const own = Math.min(step, Math.max(Numbers.roundingStep(...swing), step / 100));
    const [low, high] = swing.map((each) => money.number(each, own, true));
    const span = Numbers.span(
      speech.language, ...[entry.low, entry.high].map((each) => speech.value(assumption, each)));
    const [left, right] = [Math.min(...swing), Math.max(...swing)].map((each) => scale.at(each));
    const zero = scale.at(0);
    const split = Math.min(Math.max(zero, left), right);
    const upright = (name, x) => drawn("line", { class: name, x1: x, x2: x, y1: 0, y2: 18 });
    const block = (name, x, width) => drawn("rect", { class: name, x, y: 3, width, height: 12 });
    const picture = drawn(
      "svg", { class: "swing", viewBox: `0 0 ${SWING} 18`, role: "img",
        "aria-label": speech.say("what_if.tornado.alt", { title, low, high }) },
      block("worse", left, split - left), block("better", split, right - split),
      upright("zero", zero), upright("base", base));
    const named = element("span", {}, title, element("small", { textContent: span }));
    return [named, picture, Numbers.span(speech.language, low, high)];
  }

  return { candidates, finding, label, moving, swingScale, tornado };
})();
