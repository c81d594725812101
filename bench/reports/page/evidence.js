"use strict";

/**
 * The answers themselves: a list behind filters, and an item with two candidates side by side.
 *
 * Both languages look at the same place. An address such as
 * #evidence:suite=finance_qa&candidate=alpha&outcome=harm&error=wrong_number&item=x opens a filtered list or an item.
 */
const Evidence = (() => {
  const { element } = Bench;
  const PLACE = "evidence";
  const ADDRESS = `#${PLACE}:`;
  const PAGE = 25;
  const EXCERPT = 90;
  const { FACETS, PRESETS } = EvidenceFilters;

  /** What is looked at. `columns` hold candidate and repeat; `missing` an item that was asked for in vain. */
  const at = {
    suite: 0,
    preset: "harm",
    filters: EvidenceFilters.none(),
    page: 0,
    item: null,
    missing: "",
    columns: [
      [0, 0],
      [1, 0],
    ],
  };
  const views = new Map();
  let index = [];
  let block = null;
  let isOpen = false;

  const say = (key, slots) => Bench.say(`evidence.${key}`, slots);
  const count = (number) => number.toLocaleString("en-US");
  const button = (told, act, more = {}) =>
    element("button", { type: "button", textContent: told, onclick: act, ...more });

  /** The address of a filtered list: `filters` by name, and `item` for one item. */
  function link(suite, filters = {}) {
    return ADDRESS + new URLSearchParams({ suite, ...filters });
  }

  // Opening: the index, one suite's block, and the place that an address names.

  function draw(place, language) {
    place.replaceChildren(element("p", { className: "quiet", textContent: say("opening") }));
    views.set(language, { place });
    if (isOpen) return show();
    if (location.hash.startsWith(ADDRESS)) return route();
    whenSeen(place, () => isOpen || show());
    return null;
  }

  function whenSeen(place, act) {
    const watcher = new IntersectionObserver((seen) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      watcher.disconnect();
      act();
    }, { rootMargin: "400px" });
    watcher.observe(place);
  }

  async function load() {
    if (!index.length) index = (await Bench.unpack(PLACE)) ?? [];
    const told = await Bench.unpack(index[at.suite].block);
    if (!told.isPrepared) EvidenceFilters.prepare(told);
    told.isPrepared = true;
    block = told;
  }

  /** Draw the place of the language that is read, after `arrange` has said what is looked at in the suite. */
  async function show(arrange = () => {}) {
    const view = views.get(Bench.language());
    if (!view) return;
    isOpen = true;
    try {
      await load();
    } catch {
      view.place.replaceChildren(element("p", { className: "warning", textContent: say("broken") }));
      return;
    }
    arrange();
    if (view.suite !== at.suite) build(view);
    refresh();
  }

  async function route() {
    const asked = new URLSearchParams(location.hash.slice(ADDRESS.length));
    if (!index.length) index = (await Bench.unpack(PLACE)) ?? [];
    at.suite = Math.max(0, index.findIndex((each) => each.key === asked.get("suite")));
    await show(() => follow(asked));
    views.get(Bench.language())?.place.closest("section")?.scrollIntoView({ behavior: "instant" });
  }

  /** Set preset, filters and item as an address asks; what the suite does not know is left out. */
  function follow(asked) {
    reset(PRESETS.includes(asked.get("preset")) ? asked.get("preset") : "harm");
    for (const facet of FACETS) {
      const value = asked.get(facet) ?? "";
      if (EvidenceFilters.choices(block, facet).includes(value)) at.filters[facet] = value;
    }
    at.filters.text = asked.get("text") ?? "";
    const found = block.items.find((each) => each.id === asked.get("item"));
    at.missing = asked.get("item") && !found ? asked.get("item") : "";
    if (found) turnTo(found);
  }

  function reset(preset) {
    Object.assign(at, { preset, filters: EvidenceFilters.none(), page: 0, item: null, missing: "" });
  }

  // The frame: tabs, presets, filters. It is built once for each suite and language, so that focus stays.

  function build(view) {
    const told = index[at.suite];
    view.suite = at.suite;
    view.presets = PRESETS.map((preset) => button("", () => change(() => (at.preset = preset)), { "data-preset": preset }));
    view.selects = FACETS.map(select);
    view.text = element("input", { type: "search", value: at.filters.text, oninput: () => change(() => (at.filters.text = view.text.value.trim())) });
    view.live = element("p", { className: "evidence-count", role: "status" });
    view.list = element("ol", { className: "evidence-list", "aria-label": say("list") });
    view.pager = element("p", { className: "evidence-pager" });
    view.browse = element("div", {}, group("preset.name", view.presets), filters(view), view.live, view.list, view.pager);
    view.item = element("div", { className: "evidence-item", hidden: true, onkeydown: step });
    view.bar = bar(view);
    view.content = element("div");
    view.item.append(view.bar.root, view.content);
    const sample = { n: count(told.answers), total: count(told.total) };
    const isRepeated = block.items.some((item) => item.answers.some((each) => each.repeat > 0));
    const worst = isRepeated ? say("worst") : "";
    view.place.replaceChildren(
      ...(index.length > 1 ? [group("suites", index.map(tab))] : []),
      element("p", { className: "reading", textContent: say(told.answers === told.total ? "whole" : "sample", sample) + worst }),
      view.browse,
      view.item,
    );
  }

  const group = (key, children) =>
    element("div", { className: "evidence-group", role: "group", "aria-label": say(key) }, ...children);

  function tab(told, place) {
    const act = async () => {
      at.suite = place;
      reset(at.preset);
      at.columns = [[0, 0], [1, 0]];
      await show();
      views.get(Bench.language()).place.querySelector("[data-suite][aria-pressed=true]")?.focus();
    };
    return button(Bench.text(told.title), act, { "aria-pressed": String(place === at.suite), "data-suite": told.key });
  }

  function select(facet) {
    return element("select", { "data-facet": facet, onchange: (event) => change(() => (at.filters[facet] = event.target.value)) });
  }

  function filters(view) {
    const labels = FACETS.map((facet, place) =>
      element("label", {}, element("span", { textContent: say(`filter.${facet}`) }), view.selects[place]),
    );
    const words = element("label", {}, element("span", { textContent: say("filter.text") }), view.text);
    const clear = button(say("filter.clear"), () => {
      view.text.value = "";
      change(() => reset(at.preset));
    });
    return element("div", { className: "evidence-filters", role: "group", "aria-label": say("filter.name") }, ...labels, words, clear);
  }

  function bar(view) {
    const back = button(say("back"), leave);
    const previous = button(say("previous"), () => move(-1));
    const next = button(say("next"), () => move(1));
    const position = element("span", { role: "status" });
    const address = element("a", { textContent: say("link") });
    const keys = element("small", { className: "evidence-keys", textContent: say("keys") });
    const root = element("div", { className: "evidence-bar" }, back, previous, next, position, keys, address);
    return { root, previous, next, position, address };
  }

  function change(act) {
    at.page = 0;
    at.missing = "";
    act();
    refresh();
  }

  // Drawing what `at` says.

  function refresh() {
    const view = views.get(Bench.language());
    if (!block || !view || view.suite !== at.suite) return;
    view.browse.hidden = at.item !== null;
    view.item.hidden = at.item === null;
    if (at.item === null) drawList(view);
    else drawItem(view);
  }

  function drawList(view) {
    const option = (name, n) => say("filter.option", { name, n: count(n) });
    for (const each of view.presets) {
      const preset = each.dataset.preset;
      each.textContent = option(say(`preset.${preset}`), EvidenceFilters.presetCount(block, preset));
      each.setAttribute("aria-pressed", String(preset === at.preset));
    }
    FACETS.forEach((facet, place) => fill(view.selects[place], facet, option));
    if (document.activeElement !== view.text) view.text.value = at.filters.text;
    const items = EvidenceFilters.listed(block, at.preset, at.filters);
    const answers = items.flatMap((item) => EvidenceFilters.matching(item, at.preset, at.filters));
    const told = say("count", { items: count(items.length), answers: count(answers.length) });
    view.live.textContent = [at.missing && say("not_shown", { id: at.missing }), items.length ? told : say("nothing")].filter(Boolean).join(" ");
    at.page = Math.min(at.page, Math.max(0, Math.ceil(items.length / PAGE) - 1));
    const start = at.page * PAGE;
    const rows = items.slice(start, start + PAGE);
    view.list.replaceChildren(...rows.map(row));
    view.pager.replaceChildren(...pager(view, items.length, start, rows.length));
  }

  function fill(place, facet, option) {
    const counts = EvidenceFilters.counts(block, at.preset, at.filters, facet);
    const any = element("option", { value: "", textContent: say("filter.any", { n: count(counts.get("")) }) });
    const rest = EvidenceFilters.choices(block, facet).map((value) =>
      element("option", { value, textContent: option(title(facet, value), counts.get(value) ?? 0) }),
    );
    place.replaceChildren(any, ...rest);
    place.value = at.filters[facet];
  }

  function title(facet, value) {
    if (facet === "error") return EvidenceItem.errorTitle(block, value);
    if (facet === "slice") return EvidenceItem.sliceTitle(block, value);
    return facet === "candidate" ? value : say(`${facet}.${value}`);
  }

  function pager(view, all, start, shown) {
    if (all <= PAGE) return [];
    const turn = (by) => () => {
      at.page += by;
      refresh();
      view.live.scrollIntoView({ block: "start" });
      view.list.querySelector("button")?.focus({ preventScroll: true });
    };
    return [
      button(say("earlier"), turn(-1), { disabled: start === 0 }),
      element("span", { textContent: say("page", { from: count(start + 1), to: count(start + shown), n: count(all) }) }),
      button(say("later"), turn(1), { disabled: start + shown >= all }),
    ];
  }

  function row(item) {
    const asked = item.fields[block.question]?.[1] ?? "";
    const excerpt = asked.length > EXCERPT ? `${asked.slice(0, EXCERPT)}…` : asked;
    const ends = block.candidates.map((_, candidate) => rowEnd(item, candidate));
    const act = () => {
      turnTo(item);
      refresh();
      views.get(Bench.language()).content.querySelector("h3")?.focus();
    };
    const told = element("span", { className: "evidence-asked" }, element("b", { textContent: item.id }), ` ${excerpt}`);
    return element("li", {}, element("button", { type: "button", onclick: act, "data-item": item.id }, told, element("span", { className: "evidence-ends" }, ...ends)));
  }

  /** How a candidate's answers to an item ended, and the money of the worst. */
  function rowEnd(item, candidate) {
    const answers = item.answers.filter((each) => each.candidate === candidate);
    if (!answers.length) return null;
    const ends = [...new Set(answers.map((each) => each.end))];
    const value = (each) => block.amounts[each.money]?.value ?? 0;
    const worst = answers.reduce((one, other) => (value(other) < value(one) ? other : one));
    return element(
      "span",
      { className: "evidence-end" },
      element("span", { textContent: block.candidates[candidate] }),
      ...ends.map((end) => element("span", { className: `end-${end}` }, EvidenceItem.icon(end), say(`outcome.${end}`))),
      element("small", { textContent: EvidenceItem.moneyText(block, worst) }),
    );
  }

  // One item.

  /** Look at an item; the first column shows an answer that the filters ask for, the second one that ended otherwise. */
  function turnTo(item) {
    const first = EvidenceFilters.matching(item, at.preset, at.filters)[0] ?? item.answers[0];
    const others = item.answers.filter((each) => each.candidate !== first.candidate);
    const second = others.find((each) => each.end !== first.end) ?? others[0] ?? item.answers.find((each) => each !== first);
    at.item = item.id;
    at.columns = [first, second].filter(Boolean).map((each) => [each.candidate, each.repeat]);
  }

  function leave() {
    const from = at.item;
    at.item = null;
    const items = EvidenceFilters.listed(block, at.preset, at.filters);
    at.page = Math.max(0, Math.floor(items.findIndex((each) => each.id === from) / PAGE));
    refresh();
    const rows = [...views.get(Bench.language()).list.querySelectorAll("[data-item]")];
    rows.find((each) => each.dataset.item === from)?.focus();
  }

  function move(by) {
    const items = EvidenceFilters.listed(block, at.preset, at.filters);
    const next = items[items.findIndex((each) => each.id === at.item) + by];
    if (!next) return;
    const { content } = views.get(Bench.language());
    const wasInside = content.contains(document.activeElement);
    at.item = next.id;
    refresh();
    if (wasInside) content.querySelector("h3").focus();
  }

  function step(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!by || !isPlain || event.target.closest("select, input")) return;
    event.preventDefault();
    move(by);
  }

  function drawItem(view) {
    const item = block.items.find((each) => each.id === at.item);
    const items = EvidenceFilters.listed(block, at.preset, at.filters);
    const place = items.indexOf(item);
    view.bar.position.textContent = place < 0 ? "" : say("position", { at: count(place + 1), n: count(items.length) });
    view.bar.previous.setAttribute("aria-disabled", String(place <= 0));
    view.bar.next.setAttribute("aria-disabled", String(place < 0 || place === items.length - 1));
    view.bar.address.href = link(index[at.suite].key, { ...chosen(), item: item.id });
    const shown = at.columns.map(([candidate, repeat]) => answerAt(item, candidate, repeat));
    const slices = item.slices.map((each) => element("span", { textContent: EvidenceItem.sliceTitle(block, each) }));
    view.content.replaceChildren(
      element("h3", { tabIndex: -1, textContent: item.id }),
      element("p", { className: "evidence-tags" }, ...slices),
      EvidenceItem.source(block, item, shown.filter(Boolean)),
      element("p", { className: "reading", textContent: say("answer_marks") }),
      element("div", { className: `evidence-columns columns-${shown.length}` }, ...shown.map((answer, which) => column(item, answer, which))),
    );
  }

  const chosen = () => Object.fromEntries(Object.entries({ preset: at.preset, ...at.filters }).filter(([, each]) => each));

  const answerAt = (item, candidate, repeat) => {
    const answers = item.answers.filter((each) => each.candidate === candidate);
    return answers.find((each) => each.repeat === repeat) ?? answers[0];
  };

  function column(item, answer, which) {
    const [candidate] = at.columns[which];
    const pick = element("select", { "aria-label": say("which", { n: which + 1 }), "data-column": which });
    block.candidates.forEach((name, place) => pick.append(element("option", { value: String(place), textContent: name })));
    pick.value = String(candidate);
    pick.addEventListener("change", () => choose(which, Number(pick.value), 0, "select"));
    return element(
      "section",
      { className: "evidence-column" },
      element("h4", { textContent: block.candidates[candidate] }),
      pick,
      repeats(item, candidate, answer, which),
      ...EvidenceItem.answerParts(block, item, answer),
    );
  }

  function repeats(item, candidate, answer, which) {
    const all = item.answers.filter((each) => each.candidate === candidate);
    if (all.length < 2) return null;
    return group("repeats", all.map((each) =>
      button(say("repeat", { n: each.repeat + 1 }), () => choose(which, candidate, each.repeat, `[data-repeat="${each.repeat}"]`), {
        "aria-pressed": String(each === answer),
        "data-repeat": each.repeat,
      }),
    ));
  }

  /** Show another answer in a column, the focus staying on what was used. */
  function choose(which, candidate, repeat, used) {
    at.columns[which] = [candidate, repeat];
    refresh();
    views.get(Bench.language()).content.querySelectorAll(".evidence-column")[which].querySelector(used)?.focus({ preventScroll: true });
  }

  Bench.component(PLACE, draw);
  Bench.onLanguage(() => isOpen && show());
  window.addEventListener("hashchange", () => location.hash.startsWith(ADDRESS) && route());
  return { link };
})();
