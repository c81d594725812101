"use strict";

/**
 * What every part of the page shares: its language, its words, packed data, and components.
 *
 * A component draws into the places that the page keeps for it, one in each language, when the reader first
 * comes to see that language. Text is only ever set as text, never as markup.
 */
const Bench = (() => {
  const LANGUAGES = ["zh", "en"];
  const HAN = "\\u3400-\\u9fff";
  const SPACES = new RegExp(`(?<=[${HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[${HAN}])`, "g");
  const ONE = /(?<![\w.,])(1 (?:item|candidate|task|metric|result|assumption|source))s\b/g;
  const components = new Map();
  const listeners = [];
  const unpacked = new Map();
  let words = {};

  const root = document.documentElement;
  const language = () => root.dataset.language;
  const block = (which = language()) =>
    document.querySelector(`.language[data-language="${which}"]`);

  /** Data of the page by the id of its place; a promise, since it is packed. */
  function unpack(id) {
    if (!unpacked.has(id)) unpacked.set(id, inflate(document.getElementById(id)));
    return unpacked.get(id);
  }

  async function inflate(place) {
    if (!place) return null;
    const bytes = Uint8Array.from(atob(place.textContent.trim()), (each) => each.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  /** A sentence of the catalogue, as `bench.wording.catalogue.say` tells it. */
  function say(key, slots = {}, which = language()) {
    if (!(key in words)) throw new Error(`no words for ${key}`);
    const told = words[key][which].replace(/\{(\w+)\}/g, (_, name) => {
      if (!(name in slots)) throw new Error(`${key}: no ${name}`);
      return String(slots[name]);
    });
    return which === "zh" ? told.replace(SPACES, " ") : told.replace(ONE, "$1");
  }

  const has = (key) => key in words;

  /** A text of the suite's author: {zh, en}. */
  const text = (told, which = language()) => (told ? told[which] : "");

  /** An element with properties (or attributes, where the name has a dash) and children. */
  function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
      else made[name] = value;
    }
    made.append(...children.flat().filter((each) => each !== null && each !== undefined));
    return made;
  }

  /** Register what draws into the places called `name`: `draw(place, language)` may be async. */
  function component(name, draw) {
    components.set(name, draw);
  }

  /** Call `listener(language)` after the reader chose another language. */
  function onLanguage(listener) {
    listeners.push(listener);
  }

  /**
   * Give the cells of tables their heads and roles: on a phone rows are drawn as cards, which costs a table its
   * meaning for those who do not see it.
   */
  function labelTables() {
    for (const table of block().querySelectorAll("table.grid:not([role])")) {
      const heads = [...table.tHead.rows[0].cells].map((each) => each.firstChild?.data?.trim() ?? "");
      table.setAttribute("role", "table");
      for (const group of [table.tHead, ...table.tBodies]) group.setAttribute("role", "rowgroup");
      for (const row of table.rows) {
        row.setAttribute("role", "row");
        [...row.cells].forEach((cell, at) => {
          const isHead = cell.tagName === "TH";
          const role = isHead ? `${cell.scope === "col" ? "column" : "row"}header` : "cell";
          cell.setAttribute("role", role);
          if (!isHead) cell.dataset.head = heads[at];
        });
      }
    }
  }

  async function drawComponents() {
    for (const place of block().querySelectorAll("[data-component]:not([data-drawn])")) {
      place.dataset.drawn = "yes";
      const draw = components.get(place.dataset.component);
      if (draw) await draw(place, language());
    }
  }

  /** The other language lies packed in the page, escaped like the first; it is parsed when it is asked for. */
  async function unfold(which) {
    if (block(which)) return;
    const parsed = new DOMParser().parseFromString(await unpack(`body-${which}`), "text/html");
    block().after(document.importNode(parsed.querySelector(".language"), true));
    listen(block(which));
  }

  function listen(place) {
    for (const each of place.querySelectorAll(".tools")) each.hidden = false;
    for (const each of place.querySelectorAll("[data-switch]"))
      each.addEventListener("click", () => choose(each.dataset.switch));
    for (const each of place.querySelectorAll("[data-print]"))
      each.addEventListener("click", () => window.print());
  }

  /** Show the page in another language, at the section that is being read; a promise. */
  async function choose(which) {
    if (!LANGUAGES.includes(which) || which === language()) return;
    const seen = topmost();
    await unfold(which);
    root.dataset.language = which;
    for (const each of document.querySelectorAll(".language")) {
      each.hidden = each.dataset.language !== which;
      if (!each.hidden) {
        root.lang = each.lang;
        document.title = each.dataset.title;
      }
    }
    labelTables();
    await drawComponents();
    block().querySelector(`[data-switch="${which}"]`)?.focus({ preventScroll: true });
    if (seen) document.getElementById(seen.replace(/^\w+/, which))?.scrollIntoView({ behavior: "instant" });
    for (const listener of listeners) listener(which);
  }

  /** The id of the section at the top of the window, which the other language has as well. */
  function topmost() {
    if (window.scrollY < window.innerHeight / 2) return null;
    const above = [...block().querySelectorAll("section[id]")].filter(
      (each) => each.getBoundingClientRect().top < window.innerHeight / 3,
    );
    return above.at(-1)?.id ?? null;
  }

  async function start() {
    words = await unpack("words");
    listen(block());
    labelTables();
    await drawComponents();
    root.dataset.ready = "yes";
  }

  document.addEventListener("DOMContentLoaded", start);
  return { block, choose, component, element, has, language, onLanguage, say, text, unpack };
})();
