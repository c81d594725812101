"use strict";

/** One control for an assumption: a slider over sensible stops, its marks, and a field for exact values. */
const WhatIfControls = (() => {
  const WIDE = 10;
  const STOPS = 120;
  const NEAR = 1e-9;
  const FARTHEST = 4;
  const DECADE = [1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3.2, 3.6, 4, 4.5, 5, 5.5, 6.3, 7, 8, 9];
  const REACH = { share: 0.2, minutes: 30, months: 12, cases: 1000, money: 20_000 };
  const UNITS = { share: "percent", minutes: "minutes", months: "months", cases: "count" };
  const FACTOR = { share: 100 };

  const power = (exponent) => Number(`1e${exponent}`);
  const rounded = (value) => Number(value.toPrecision(12));

  /**
   * The values that a slider steps through, ascending.
   *
   * More than the plausible range, and as far as the break-even where that is not too far out; money and
   * volumes whose range is wide step by ratios. The report's value and the ends of its range are among them.
   */
  function stopsOf(entry, breakEven) {
    const { low, base, high, unit } = entry;
    const byRatio = (unit === "money" || unit === "cases") && low > 0 && high / low >= WIDE;
    const found = byRatio ? ratios(low, high, breakEven) : steps(entry, breakEven);
    const least = unit === "cases" ? 1 : 0;
    const most = unit === "share" ? 1 : Infinity;
    const all = [...found, low, base, high].filter((each) => each >= least && each <= most);
    return all
      .sort((one, other) => one - other)
      .filter((each, at, sorted) => at === 0 || each - sorted[at - 1] > NEAR * each);
  }

  function ratios(low, high, breakEven) {
    let [start, end] = [low / 4, high * 4];
    if (breakEven > low / 100 && breakEven < high * 100) {
      start = Math.min(start, breakEven / 1.5);
      end = Math.max(end, breakEven * 1.5);
    }
    const found = [];
    for (let at = Math.floor(Math.log10(start)); power(at) <= end; at += 1)
      found.push(...DECADE.map((each) => rounded(each * power(at))));
    return found.filter((each) => each >= start && each <= end);
  }

  function steps({ low, high, unit }, breakEven) {
    let end = high > 0 ? high + Math.max(high - low, high / 2) : REACH[unit];
    if (breakEven > 0 && breakEven < end * FARTHEST) end = Math.max(end, breakEven * 1.1);
    if (unit === "share") end = Math.min(end, 1);
    const step = niceStep(end / STOPS);
    return Array.from({ length: Math.ceil(end / step - NEAR) + 1 }, (_, at) => rounded(at * step));
  }

  function niceStep(least) {
    const unit = power(Math.floor(Math.log10(least)));
    return unit * [1, 2, 5, 10].find((each) => each * unit >= least * (1 - NEAR));
  }

  /** Where a value lies among stops, 0 to 1; null when it is beyond them. */
  function placeOf(stops, value) {
    if (value === null || value < stops[0] || value > stops.at(-1)) return null;
    const above = stops.findIndex((each) => each >= value);
    if (above <= 0) return 0;
    const [from, to] = [stops[above - 1], stops[above]];
    return (above - 1 + (value - from) / (to - from)) / (stops.length - 1);
  }

  const nearest = (stops, value) =>
    stops.reduce((best, each, at) =>
      Math.abs(each - value) < Math.abs(stops[best] - value) ? at : best, 0);

  /** A break-even that the assumption could take; others change nothing. */
  function possible(entry, breakEven) {
    const value = Numbers.known(breakEven);
    if (value === null || value < 0 || (entry.unit === "share" && value > 1)) return null;
    return value;
  }

  class Control {
    /**
     * @param speech {Speech} of the suite and language
     * @param entry the assumption as packed
     * @param breakEven of the report's leading candidate, or null
     * @param move `move(value, settled)`: the reader chose a value; null goes back to the report's
     */
    constructor(speech, entry, breakEven, move) {
      Object.assign(this, { speech, entry, move });
      this.title = speech.text(entry.title);
      this.report = speech.value(entry, entry.base);
      this.stops = stopsOf(entry, possible(entry, breakEven));
      this.element = this.#made();
    }

    #made() {
      const { element, say } = Bench;
      const { entry, speech } = this;
      const id = `what-if-${speech.language}-${entry.name}`;
      this.slider = element("input", { type: "range", id, min: 0, max: this.stops.length - 1 });
      this.field = element("input", { type: "number", inputMode: "decimal", step: "any", min: 0 });
      this.field.setAttribute("aria-label", speech.say("what_if.field", { title: this.title, unit: this.#unit() }));
      this.shown = element("span", { className: "shown" });
      this.reset = element("button", { type: "button", className: "reset", textContent: say("what_if.reset") });
      this.reset.setAttribute("aria-label", speech.say("what_if.reset_title", { title: this.title, report: this.report }));
      this.rail = this.#rail();
      this.note = element("small", {});
      this.#listen();
      const standing = element("span", {
        className: `standing ${entry.standing}`,
        textContent: speech.say(`what_if.standing.${entry.standing}`),
      });
      const name = element("label", { for: id, textContent: this.title });
      const valued = element("div", { className: "valued" }, this.shown, this.reset);
      return element(
        "div", { className: "control", "data-assumption": entry.name },
        element("div", { className: "named" }, element("div", {}, name, " ", standing), valued),
        this.rail,
        element("div", { className: `exact ${entry.unit}` }, this.field, element("span", { textContent: this.#unit() })),
        this.note,
        this.#source(),
      );
    }

    /** The track with the band of the plausible range, the tick of the report, and the break-even. */
    #rail() {
      const { element } = Bench;
      const { low, base, high } = this.entry;
      const mark = (name) => element("i", { className: name });
      const [band, tick] = [mark("band"), mark("tick")];
      this.mark = mark("even");
      const [from, at, to] = [low, base, high].map((each) => placeOf(this.stops, each) ?? 0);
      band.style.left = `${100 * from}%`;
      band.style.width = `${100 * (to - from)}%`;
      band.hidden = low === high;
      tick.style.left = `${100 * at}%`;
      const marks = element("span", { className: "marks", "aria-hidden": "true" }, band, tick, this.mark);
      return element("div", { className: "rail" }, marks, this.slider);
    }

    #source() {
      const { entry, speech } = this;
      if (!entry.source) return null;
      const source = entry.as_of ? `${entry.source} (${entry.as_of})` : entry.source;
      const told = speech.say("what_if.source", { source });
      return Bench.element("small", { className: "source", textContent: told });
    }

    #unit() {
      const { speech, entry } = this;
      if (entry.unit !== "money") return speech.say(`what_if.${UNITS[entry.unit]}`);
      return speech.money([]).unit.trim();
    }

    #listen() {
      const slid = (settled) => this.move(this.stops[Number(this.slider.value)], settled);
      this.slider.addEventListener("input", () => slid(false));
      this.slider.addEventListener("change", () => slid(true));
      this.field.addEventListener("input", () => this.#typed(false));
      this.field.addEventListener("change", () => this.#typed(true));
      this.reset.addEventListener("click", () => {
        this.slider.focus();
        this.move(null, true);
      });
    }

    #typed(settled) {
      const value = this.field.value === "" ? NaN : this.field.valueAsNumber / this.#factor();
      const fits = isPossible(this.entry, value);
      this.field.setAttribute("aria-invalid", String(!fits));
      if (fits) this.move(rounded(value), settled);
      else if (settled) this.move(this.now, true);
    }

    #factor() {
      return FACTOR[this.entry.unit] ?? 1;
    }

    /** Show the value in use (`changed` or the report's) and where the leading candidate breaks even. */
    update(changed, breakEven) {
      const { entry, speech } = this;
      this.now = changed ?? entry.base;
      const isChanged = changed !== undefined;
      const told = speech.value(entry, this.now);
      this.element.classList.toggle("changed", isChanged);
      this.reset.hidden = !isChanged;
      this.shown.replaceChildren(
        ...(isChanged ? [`${this.report} → `] : []),
        Bench.element("b", { textContent: told }),
      );
      this.slider.value = nearest(this.stops, this.now);
      const spoken = isChanged ? speech.say("what_if.now", { now: told, report: this.report }) : told;
      this.slider.setAttribute("aria-valuetext", spoken);
      if (document.activeElement !== this.field || this.field.getAttribute("aria-invalid") !== "true")
        this.#write();
      this.#even(possible(entry, breakEven));
    }

    /** The field keeps what is being typed; it is written when the value came from elsewhere. */
    #write() {
      const value = rounded(this.now * this.#factor());
      this.field.setAttribute("aria-invalid", "false");
      if (this.field.valueAsNumber !== value) this.field.value = value;
    }

    #even(breakEven) {
      const { entry, speech } = this;
      const place = placeOf(this.stops, breakEven);
      this.mark.hidden = place === null;
      if (place !== null) this.mark.style.left = `${100 * place}%`;
      const [low, high] = [entry.low, entry.high].map((each) => speech.value(entry, each));
      const range = Numbers.span(speech.language, low, high);
      const told = [
        entry.low < entry.high ? speech.say("what_if.span", { range }) : speech.say("what_if.no_span"),
      ];
      if (breakEven !== null) {
        const value = speech.value(entry, Numbers.threeDigits(breakEven));
        told.push(speech.say("what_if.break_even", { value }));
      }
      this.note.textContent = told.join(" · ");
    }
  }

  /** Whether an assumption may have the value at all. */
  function isPossible(entry, value) {
    const least = entry.unit === "cases" ? 1 : 0;
    const most = entry.unit === "share" ? 1 : Number.MAX_SAFE_INTEGER;
    return Number.isFinite(value) && value >= least && value <= most;
  }

  return { Control, isPossible, stopsOf };
})();
