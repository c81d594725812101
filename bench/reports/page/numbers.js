"use strict";

/**
 * Numbers as a reader of one language writes them; precision follows uncertainty.
 *
 * The same writing as bench/wording/numbers.py, so that a figure recomputed in the page stands as the report
 * would have told it: halves round to the even digit, a minus is U+2212, a chance is never quite 0 or 100 %.
 */
const Numbers = (() => {
  const MINUS = "\u2212";
  const UNKNOWN = "\u2014";
  const CENT = 0.01;
  const NOTHING = 1e-9;
  const CASES = 100;
  const SIZES = { 1: "one", 1e3: "thousand", 1e4: "wan", 1e6: "million", 1e8: "yi" };
  const GUARD = 30;

  /** The number, or null for what is absent or not finite. */
  const known = (value) => (Number.isFinite(value) ? value : null);

  const power = (exponent) => Number(`1e${exponent}`);
  const magnitude = (size) => Math.floor(Math.log10(size));

  /** The nearest whole number, of two equally near the even one. */
  function halfEven(value) {
    const below = Math.floor(value);
    const rest = value - below;
    const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
    return below + (up ? 1 : 0) + 0;
  }

  /** A size (not negative) with so many decimals; unlike toFixed, an exact half goes to the even digit. */
  function fixed(size, places) {
    const rounded = size.toFixed(places);
    const exact = size.toFixed(places + GUARD);
    if (!/^50*$/.test(exact.slice(-GUARD))) return rounded;
    const cut = exact.slice(0, -GUARD).replace(/\.$/, "");
    return Number(cut.at(-1)) % 2 === 0 ? cut : rounded;
  }

  function grouped(text) {
    const [whole, ...rest] = text.split(".");
    return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
  }

  /** A tenth of the order of magnitude of the interval; without one, two digits of the value. */
  function roundingStep(low, high, value = null) {
    let size = value ? Math.abs(value) : 0;
    if (known(low) !== null && known(high) !== null)
      size = Math.abs(high - low) || Math.max(size, Math.abs(high));
    return size > NOTHING ? power(magnitude(size) - 1) : 1;
  }

  /** The step of a figure and its interval: a long tail must not round the figure itself away. */
  function stepBeside(value, low, high) {
    const step = roundingStep(low, high, value);
    if (value && halfEven(value / step) === 0) return roundingStep(null, null, value) * 10;
    return step;
  }

  const decimalsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + NOTHING));

  /** Rounded to a step, thousands apart, true minus, plus sign where asked for. */
  function number(value, step = 1, { decimals = null, sign = false } = {}) {
    const places = decimals ?? decimalsOf(step);
    const whole = halfEven(value / step) * step;
    const size = Number(fixed(Math.abs(whole), places));
    if (size === 0) return fixed(0, places);
    const mark = whole < 0 ? MINUS : sign ? "+" : "";
    return mark + grouped(fixed(size, places));
  }

  /** How amounts of one currency are written in one column or sentence. */
  class Money {
    constructor(language, currency, divisor = 1) {
      Object.assign(this, { language, currency, divisor });
    }

    /** The scale of the largest amount, from `large` on shortened, but not so that one of `told` goes lost. */
    static scaled(language, currency, amounts, large = 100_000, told = []) {
      const most = Math.max(0, ...amounts.map((each) => Math.abs(known(each) ?? 0)));
      if (most < large) return new Money(language, currency);
      const divisor =
        language === "zh" ? (most >= 1e8 ? 1e8 : 1e4) : most >= 1e7 ? 1e6 : 1e3;
      const shown = divisor === 1e3 ? divisor : divisor / 10;
      const lost = told.some((each) => known(each) && Math.abs(each) < shown / 2);
      return new Money(language, currency, lost ? 1 : divisor);
    }

    /** The unit for the head of a column. */
    get unit() {
      return this.#say("unit", {});
    }

    /** The bare number, its unit being said elsewhere. */
    number(amount, step = 1, sign = false) {
      if (this.divisor === 1) return number(amount, Math.max(step, CENT), { sign });
      const least = this.divisor === 1e3 ? 1 : 0.1;
      return number(amount / this.divisor, Math.max(step / this.divisor, least), { sign });
    }

    /** The amount with its unit. */
    text(amount, step = 1, sign = false) {
      const bare = this.number(amount, step, sign);
      if (this.language === "zh") return this.#say("text", { number: bare });
      const marked = bare[0] === MINUS || bare[0] === "+";
      return (
        (marked ? bare[0] : "") + this.#say("text", { number: marked ? bare.slice(1) : bare })
      );
    }

    /** From one amount to another; "to" and not a dash, since either may be negative. */
    range(low, high, step = 1) {
      return span(this.language, this.text(low, step), this.text(high, step));
    }

    #say(kind, slots) {
      const chinese = this.language === "zh";
      const other = chinese ? this.currency : `${this.currency} `;
      const code = this.currency === "CNY" ? (chinese ? "元" : "¥") : other;
      return Bench.say(`money.${kind}.${SIZES[this.divisor]}`, { ...slots, code }, this.language);
    }
  }

  /** From one to the other; a unit behind both is said once. */
  function span(language, low, high) {
    const at = low.lastIndexOf(" ");
    const shared = at > 0 && high.endsWith(low.slice(at));
    const [first, last] = [shared ? low.slice(0, at) : low, high].map((each) =>
      each.replace(/^\+/, ""),
    );
    return Bench.say("range", { low: first, high: last }, language);
  }

  /** A share as a percentage: whole from 10 % on, one decimal below, two below 0.1 %. */
  function share(value, decimals = null) {
    const percent = 100 * value;
    const size = Math.abs(percent);
    const belowTen = Number(fixed(size, 2)) >= 0.1 ? 1 : 2;
    const places = decimals ?? (size === 0 || Number(fixed(size, 1)) >= 10 ? 0 : belowTen);
    return `${number(percent, power(-places), { decimals: places })}%`;
  }

  const bare = (text) => text.replace(/0+$/, "").replace(/\.$/, "");

  /** A share as a percentage with so many decimals. */
  const percent = (value, decimals = 0) => `${fixed(100 * value, decimals)}%`;

  /** A limit as it was set, without digits that nobody wrote. */
  const limit = (value) => `${bare(fixed(100 * value, 4))}%`;

  /** A probability that comes from draws: never 0 % or 100 %. */
  function chance(value) {
    if (value > 0.99) return ">99%";
    return value < 0.01 ? "<1%" : percent(value);
  }

  /** A number with its unit: minutes, seconds, times, months, share. */
  function quantity(language, unit, value, step = null) {
    if (unit === "share") return share(value);
    const told = number(value, step ?? (Math.abs(value) >= 10 ? 1 : 0.1));
    return Bench.say(`unit.${unit}`, { number: told.replace(/\.0$/, "") }, language);
  }

  /** An assumption's value with its unit: share, minutes, months, cases or money. */
  function assumed(language, currency, unit, value) {
    if (known(value) === null) return UNKNOWN;
    if (unit === "cases")
      return number(value, Math.max(roundingStep(null, null, value) / 10, 1));
    if (unit !== "money") return quantity(language, unit, value);
    const whole = Math.abs(value) >= 100 || value === halfEven(value);
    return new Money(language, currency).text(value, whole ? 1 : CENT);
  }

  /** A computed value of an assumption, without digits that its computing does not carry. */
  function threeDigits(value) {
    if (value === 0) return 0;
    const places = 2 - magnitude(Math.abs(value));
    if (places >= 0) return Math.sign(value) * Number(fixed(Math.abs(value), places));
    return halfEven(value / power(-places)) * power(-places);
  }

  /** The same estimate for a hundred cases. */
  const times = (estimate, factor) => ({
    ...estimate,
    ...Object.fromEntries(
      ["value", "low", "high"].map((name) => {
        const value = known(estimate[name]);
        return [name, value === null ? null : value * factor];
      }),
    ),
  });

  /**
   * The one phrase for the money of a candidate: effect first, then how sure.
   *
   * `nouns` are {language, currency, cases}; the estimate is of a case: {value, low, high, level, n}.
   */
  function perHundred(nouns, perCase) {
    const { language, currency, cases } = nouns;
    const { value, low, high, level, n } = times(perCase, CASES);
    if (value === null) return Bench.say("phrase.unknown", {}, language);
    const ranged = low !== null && high !== null;
    const money = Money.scaled(language, currency, [value, ...(ranged ? [low, high] : [])]);
    if (!ranged) {
      const amount = money.text(Math.abs(value), roundingStep(null, null, value));
      const kind = value >= 0 ? "gain_bare" : "loss_bare";
      return Bench.say(`phrase.${kind}`, { money: amount, cases, why: noRange(language, n) }, language);
    }
    const step = stepBeside(value, low, high);
    const decided = low >= 0 || high <= 0;
    const kind = decided ? (low >= 0 ? "gain" : "loss") : value >= 0 ? "open_up" : "open_down";
    const slots = {
      money: money.text(kind === "loss" ? -value : value, step),
      cases,
      sure: limit(level),
      range: money.range(low, high, step),
    };
    return Bench.say(`phrase.${kind}`, slots, language);
  }

  /** Why no interval stands beside a number that rests on so many items. */
  function noRange(language, n) {
    if (n === 0) return Bench.say("state.no_items", {}, language);
    if (n === 1) return Bench.say("state.few_items", { n }, language);
    return Bench.say("state.no_range", {}, language);
  }

  return {
    CASES, CENT, MINUS, Money, UNKNOWN, assumed, chance, decimalsOf, known, limit, noRange, number, percent, perHundred,
    quantity, roundingStep, share, span, stepBeside, threeDigits, times,
  };
})();
