"use strict";

/** Fifty dots for every candidate on one axis: how much it gains over today, and how sure that is. */
const WhatIfDots = (() => {
  const SPACE = "http://www.w3.org/2000/svg";
  const DOT = 7.5;
  const MOST = 7;
  const HEIGHT = MOST * DOT + 4;
  const DOTS = 50;
  const ROOM = Math.ceil(DOTS / MOST) + 0.2;
  const { CASES, known } = Numbers;

  /** An element of a picture with attributes. */
  function drawn(tag, attributes = {}, ...children) {
    const made = document.createElementNS(SPACE, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /** A linear axis: `at(value)` lies within 0 and `width`. */
  class Scale {
    constructor(low, high, width) {
      Object.assign(this, { low, high, width });
    }

    at(value) {
      const place = ((value - this.low) / (this.high - this.low)) * this.width;
      return Math.min(Math.max(place, 0), this.width);
    }
  }

  /** An axis that holds zero and all but a far tail, with room for dots on a side that has any. */
  function scaleOf(values, width, heaps = 0) {
    const sorted = [...values, 0].sort((one, other) => one - other);
    const tail = Math.floor(sorted.length / 20);
    const core = [Math.min(sorted[tail], 0), Math.max(sorted[sorted.length - 1 - tail], 0)];
    const reach = 0.6 * (core[1] - core[0]);
    let low = Math.max(sorted[0], core[0] - reach);
    let high = Math.min(sorted.at(-1), core[1] + reach);
    if (high - low <= 0) [low, high] = [-1, 1];
    const margin = 0.04 * (high - low);
    [low, high] = [low - margin, high + margin];
    const room = (heaps * DOT) / Math.max(width - heaps * DOT, 1);
    if (sorted[0] < 0) low = Math.min(low, -high * room);
    if (sorted.at(-1) > 0) high = Math.max(high, -low * room);
    return new Scale(low, high, width);
  }

  /** Round values, far enough from zero and from each other to be read. */
  function ticks(scale) {
    const span = scale.high - scale.low;
    const power = Number(`1e${Math.floor(Math.log10(span / 5))}`);
    const step = power * [1, 2, 5, 10].find((each) => power * each >= span / 5);
    return [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6]
      .map((count) => count * step)
      .filter((each) => each >= scale.low + 0.06 * span && each <= scale.high - 0.06 * span);
  }

  /** Heaps of dots, from zero outwards; none straddles zero, none is too high, the rest moves aside. */
  function heaped(values, scale) {
    const zero = scale.at(0);
    const [first, last] = [Math.ceil(-zero / DOT), Math.floor((scale.width - zero) / DOT) - 1];
    const heaps = new Map();
    return values.map((value) => {
      const place = Math.floor((scale.at(value) - zero) / DOT);
      const wanted = value >= 0 ? place : Math.min(place, -1);
      const heap = free(heaps, wanted, first, last);
      const level = heaps.get(heap) ?? 0;
      heaps.set(heap, level + 1);
      return { x: zero + (heap + 0.5) * DOT, y: HEIGHT - 2 - DOT * (level + 0.5) };
    });
  }

  function free(heaps, wanted, first, last) {
    for (let distance = 0; distance <= last - first; distance += 1)
      for (const heap of [wanted + distance, wanted - distance]) {
        const sameSide = heap >= 0 === wanted >= 0;
        if (sameSide && heap >= first && heap <= last && (heaps.get(heap) ?? 0) < MOST) return heap;
      }
    return wanted;
  }

  /** Fifty dots of one candidate; they stay the same elements, so that they can glide. */
  class DotPlot {
    constructor(speech, name) {
      Object.assign(this, { speech, name });
      this.ground = drawn("line", { class: "ground" });
      this.zero = drawn("line", { class: "zero", y1: 0, y2: HEIGHT + 6 });
      this.report = drawn("line", { class: "reported", y1: HEIGHT - 12, y2: HEIGHT + 4 });
      this.dots = Array.from({ length: DOTS }, () => drawn("circle", { r: DOT / 2 - 0.7 }));
      this.beyond = [drawn("text", { class: "beyond", x: 0, y: 11 }),
        drawn("text", { class: "beyond", y: 11, "text-anchor": "end" })];
      this.picture = drawn("svg", { class: "dots", role: "img" },
        this.ground, this.zero, ...this.dots, this.report, ...this.beyond);
      this.chance = Bench.element("span", { className: "chance" });
      const title = Bench.element("span", { className: "who" }, speech.broken(name));
      this.box = Bench.element("span", { className: "plotted" }, this.picture);
      this.element = Bench.element("div", { className: "dotted" }, title, this.box, this.chance);
    }

    draw(candidate, reported, scale, isLeading) {
      const values = candidate.quantiles.map((each) => each * CASES);
      const inside = values.filter((each) => each >= scale.low && each <= scale.high);
      this.picture.setAttribute("viewBox", `0 0 ${scale.width} ${HEIGHT + 4}`);
      this.picture.classList.toggle("strong", isLeading);
      this.element.classList.toggle("leading", isLeading);
      this.#lines(scale, reported);
      const places = heaped(inside, scale);
      this.dots.forEach((dot, at) => {
        const isShown = at < inside.length;
        dot.setAttribute("class", isShown ? (inside[at] < 0 ? "worse" : "better") : "none");
        if (isShown) dot.style.transform = `translate(${places[at].x}px, ${places[at].y}px)`;
      });
      const out = [values.filter((each) => each < scale.low), values.filter((each) => each > scale.high)];
      this.beyond[0].textContent = out[0].length ? `◂${out[0].length}` : "";
      this.beyond[1].textContent = out[1].length ? `${out[1].length}▸` : "";
      this.beyond[1].setAttribute("x", scale.width);
      this.#tell(candidate, values);
    }

    #lines(scale, reported) {
      const place = (line, x) => {
        line.setAttribute("x1", x);
        line.setAttribute("x2", x);
      };
      this.ground.setAttribute("x2", scale.width);
      for (const each of ["y1", "y2"]) this.ground.setAttribute(each, HEIGHT - 0.5);
      place(this.zero, scale.at(0));
      const value = (known(reported) ?? Infinity) * CASES;
      const isWithin = value >= scale.low && value <= scale.high;
      this.report.classList.toggle("none", !isWithin);
      if (isWithin) place(this.report, scale.at(value));
    }

    #tell(candidate, values) {
      const { speech } = this;
      const better = values.filter((each) => each > 0).length;
      const told = speech.say("what_if.dots_alt", { candidate: speech.name(this.name), all: values.length, better });
      this.picture.setAttribute("aria-label", values.length ? told : speech.say("state.no_dots"));
      const chance = known(candidate.pPositive);
      this.chance.textContent = chance === null ? Numbers.UNKNOWN : Numbers.chance(chance);
    }
  }

  /** The axis below the plots, with today as its zero. */
  function axis(speech, scale, money) {
    const found = ticks(scale);
    const step = Math.min(...found.map(Math.abs), scale.high - scale.low);
    const marks = found.map((each) => {
      const text = money.number(each, step, true);
      return drawn("text", { x: scale.at(each), y: 14, "text-anchor": "middle" }, text);
    });
    const zero = scale.at(0);
    const x = Math.min(Math.max(zero, 26), scale.width - 26);
    return drawn(
      "svg", { class: "axis", viewBox: `0 0 ${scale.width} 18`, "aria-hidden": "true" },
      drawn("line", { class: "zero", x1: zero, x2: zero, y1: 0, y2: 4 }),
      ...marks.filter((each) => Math.abs(Number(each.getAttribute("x")) - x) > 44),
      drawn("text", { class: "origin", x, y: 14, "text-anchor": "middle" }, speech.say("what_if.zero")),
    );
  }

  /** The plots of all candidates; their axis moves only when it is fitted anew. */
  class Plots {
    constructor(speech, names) {
      this.speech = speech;
      this.all = new Map(names.map((name) => [name, new DotPlot(speech, name)]));
      this.caption = Bench.element("p", { className: "reading" });
      this.axis = Bench.element("div", { className: "dotted" });
      const plots = [...this.all.values()].map((each) => each.element);
      this.element = Bench.element("div", { className: "dot-plots" }, this.caption, ...plots, this.axis);
    }

    /** Draw an outcome against the report's; the axis is fitted when the hand `settled`. */
    draw(outcome, reported, focus, settled) {
      if (settled || !this.scale) this.#fit(outcome, reported);
      for (const [name, plot] of this.all)
        plot.draw(outcome.candidates[name], reported.candidates[name].net.value, this.scale, name === focus);
    }

    #fit(outcome, reported) {
      const values = Object.values(outcome.candidates).flatMap((each) => each.quantiles);
      const means = Object.values(reported.candidates).map((each) => known(each.net.value) ?? 0);
      const [first] = this.all.values();
      const width = Math.max(first.box.clientWidth, 120);
      const { speech } = this;
      this.scale = scaleOf([...values, ...means].map((each) => each * CASES), width, ROOM);
      const money = speech.money([this.scale.low, this.scale.high]);
      this.caption.textContent = speech.say("what_if.dots", { cases: speech.cases, unit: money.unit });
      const made = axis(speech, this.scale, money);
      this.axis.replaceChildren(Bench.element("span", {}), made, Bench.element("span", {}));
    }
  }

  return { Plots, drawn, scaleOf };
})();
