"use strict";

/**
 * Which items of a suite's evidence meet a reader's filters, and what choosing another filter would list.
 *
 * A filter of answers (candidate, outcome, error, state) asks that one and the same answer meets all of them;
 * slice and text ask of the item. A preset narrows items or orders them.
 */
const EvidenceFilters = (() => {
  const FACETS = ["candidate", "outcome", "error", "slice", "state"];
  const PRESETS = ["harm", "differ", "all", "failed"];
  const ENDS = ["accept", "edit", "redo", "harm", "none"];
  const NEVER = Number.POSITIVE_INFINITY;

  const none = () => ({ candidate: "", outcome: "", error: "", slice: "", state: "", text: "" });

  /** Work out, once, what filters ask of a suite's items and answers. */
  function prepare(block) {
    for (const item of block.items) {
      for (const answer of item.answers) {
        const errors = (answer.scores ?? []).map((each) => each.error);
        answer.errors = [...new Set([answer.loss, ...errors].filter(Boolean))];
        answer.standing = answer.failure === "scorer" ? "unscored" : answer.state;
        answer.name = block.candidates[answer.candidate];
        answer.end = answer.outcome ?? "none";
      }
      item.slices = Object.entries(item.tags ?? {}).map(([tag, value]) => `${tag}=${value}`);
      item.worst = Math.min(NEVER, ...item.answers.filter(isHarmful).map((each) => amount(block, each)));
      item.differs = differs(item.answers);
      item.failed = item.answers.some((each) => each.end === "none");
    }
  }

  const isHarmful = (answer) => answer.end === "harm";
  const amount = (block, answer) => block.amounts[answer.money]?.value ?? 0;

  /** Whether candidates ended differently at the same repeat. */
  function differs(answers) {
    const seen = new Map();
    return answers.some((each) => {
      if (each.end === "none") return false;
      if (!seen.has(each.repeat)) seen.set(each.repeat, each.end);
      return seen.get(each.repeat) !== each.end;
    });
  }

  const narrows = {
    harm: () => true,
    differ: (item) => item.differs,
    all: () => true,
    failed: (item) => item.failed,
  };

  /** What one answer, or its item, says to a filter. */
  const values = {
    candidate: (_, answer) => [answer.name],
    outcome: (_, answer) => [answer.end],
    error: (_, answer) => answer.errors,
    slice: (item) => item.slices,
    state: (_, answer) => [answer.standing],
  };

  function holds(item, text) {
    const answers = item.answers.map((each) => [each.text, each.message]);
    item.words ??= [item.id, item.fields.map((each) => each[1]), answers].flat(3).join("\n").toLowerCase();
    return item.words.includes(text.toLowerCase());
  }

  /** The answers of an item that meet a preset and all filters `but` one. */
  function matching(item, preset, filters, but = "") {
    if (!narrows[preset](item) || (filters.text && !holds(item, filters.text))) return [];
    const asked = FACETS.filter((facet) => facet !== but && filters[facet]);
    return item.answers.filter((answer) =>
      asked.every((facet) => values[facet](item, answer).includes(filters[facet])),
    );
  }

  /** Items with a matching answer: the dearest harm first, or in the order of the suite. */
  function listed(block, preset, filters) {
    const items = block.items.filter((item) => matching(item, preset, filters).length > 0);
    const dearer = (one, other) => (one.worst === other.worst ? 0 : one.worst - other.worst);
    return items.sort((one, other) => (preset === "harm" && dearer(one, other)) || one.at - other.at);
  }

  /** Value -> items that choosing it would list; "" is no choice. */
  function counts(block, preset, filters, facet) {
    const found = new Map([["", 0]]);
    for (const item of block.items) {
      const answers = matching(item, preset, filters, facet);
      const said = new Set(answers.flatMap((each) => values[facet](item, each)));
      if (answers.length) said.add("");
      for (const value of said) found.set(value, (found.get(value) ?? 0) + 1);
    }
    return found;
  }

  /** How many items a preset is about. */
  function presetCount(block, preset) {
    const about = preset === "harm" ? (item) => item.worst < NEVER : narrows[preset];
    return block.items.filter(about).length;
  }

  /** Every value of a filter in an order that does not depend on what is chosen. */
  function choices(block, facet) {
    const said = (item) => item.answers.flatMap((each) => values[facet](item, each));
    const seen = [...new Set(block.items.flatMap(said))].sort();
    const order = { candidate: block.candidates, outcome: ENDS }[facet];
    if (order) return order.filter((each) => seen.includes(each));
    if (facet !== "slice") return seen;
    const tags = block.slices.map((each) => each.tag);
    const rank = (value) => tags.indexOf(value.split("=")[0]);
    return seen.sort((one, other) => rank(one) - rank(other));
  }

  return { FACETS, PRESETS, choices, counts, listed, matching, none, prepare, presetCount };
})();
