"use strict";

/**
 * Pictures. The library is unpacked when the first picture comes near the window, or in an idle moment so that
 * printing finds it; expressions are interpreted, since the page's policy lets nothing be evaluated.
 *
 * A specification's `usermeta` tells its measures: see bench/reports/figures/frame.py.
 */
const Figures = (() => {
  const PAPER_PX = 880; // shrunk to the sheet, on which 12 px come out as the 7 pt of its tables
  const PILLARS = 3; // pictures of the three values stand beside each other
  const GAP_PX = 28;
  const NEAR = "600px 0px";
  const places = new Map(); // place of a picture -> {language, at, view, width}
  const specs = {};
  const paper = window.matchMedia("print");
  let library = null;

  /** The library, once: a promise. Its script is allowed by hash. */
  function load() {
    library ??= Bench.unpack("library").then((text) => {
      if (!text) throw new Error("no library");
      document.head.append(Bench.element("script", { textContent: text }));
    });
    return library;
  }

  const isLoaded = () => typeof vega === "object" && typeof vegaLite === "object";

  async function specsOf(language) {
    specs[language] ??= (await Bench.unpack(`figures-${language}`)) ?? [];
    return specs[language];
  }

  /** The specification as it fits a width: texts keep their size, the plot takes what is left. */
  function fitted(spec, width) {
    const plan = spec.usermeta;
    const whole = Math.min(width, plan.most);
    const narrow = whole < plan.turn;
    const room = narrow ? plan.narrow : plan.wide;
    const inner = Math.max(80, Math.round(whole - room.left - room.right));
    const height = plan.aspect ? inner * plan.aspect : plan.rows * room.step;
    return {
      ...spec,
      width: inner,
      height: Math.round(height),
      padding: { left: room.left, right: room.right, top: room.top, bottom: room.bottom },
      params: [
        { name: "narrow", value: narrow },
        { name: "gutter", value: room.left },
      ],
      config: { ...spec.config, font: getComputedStyle(document.body).fontFamily },
    };
  }

  function heightOf(spec) {
    const { height, padding } = spec;
    return height + padding.top + padding.bottom;
  }

  /** What stands above a picture: its finding, and how to read it. */
  function captions(place, plan) {
    place.replaceChildren(
      Bench.element("p", { className: "finding", textContent: plan.title }),
      Bench.element("p", { className: "legend", textContent: plan.note }),
      Bench.element("div", { className: "drawing" }),
    );
  }

  /** Keep the room of a picture that is not drawn yet, so that the page does not move under the reader. */
  function reserve(place, width) {
    const { language, at } = places.get(place);
    const spec = specs[language]?.[at];
    if (!spec || place.firstChild) return;
    captions(place, spec.usermeta);
    place.lastChild.style.minHeight = `${heightOf(fitted(spec, width))}px`;
  }

  /** Draw at once; the library and the specifications are there. */
  function draw(place, width) {
    const held = places.get(place);
    const spec = specs[held.language]?.[held.at];
    if (!spec || width < 1 || held.width === width) return;
    reserve(place, width);
    held.view?.finalize();
    held.width = width;
    const compiled = vegaLite.compile(fitted(spec, width), { logger: vega.logger(vega.Error) }).spec;
    const runtime = vega.parse(compiled, {}, { ast: true });
    held.view = new vega.View(runtime, {
      expr: vega.expressionInterpreter,
      renderer: "svg",
      hover: false,
      loader: { load: refuse, sanitize: refuse },
      logLevel: vega.Error,
    });
    place.lastChild.replaceChildren();
    held.view.initialize(place.lastChild).run();
    place.lastChild.setAttribute("aria-hidden", "true"); // the place itself says what it shows
    place.dataset.shown = "yes";
  }

  /** Pictures name no address. */
  function refuse() {
    return Promise.reject(new Error("pictures load nothing"));
  }

  const widthOf = (place) => Math.floor(place.clientWidth);

  async function show(place) {
    await Promise.all([load(), specsOf(places.get(place).language)]);
    if (widthOf(place)) draw(place, widthOf(place));
  }

  /** All pictures of the language that is shown, as wide as the sheet; nothing may be awaited here. */
  function drawForPaper() {
    if (!isLoaded()) return;
    const block = Bench.block();
    for (const place of places.keys()) {
      if (!block.contains(place)) continue;
      const whole = paperWidth(place);
      draw(place, whole);
      const svg = place.querySelector("svg"); // the same scale for all, however wide they are
      if (svg) svg.style.width = `${(100 * svg.width.baseVal.value) / whole}%`;
    }
  }

  function paperWidth(place) {
    return place.closest(".values") ? Math.floor((PAPER_PX - 2 * GAP_PX) / PILLARS) : PAPER_PX;
  }

  function drawForScreen() {
    for (const [place, held] of places) {
      if (!held.view || !widthOf(place)) continue;
      draw(place, widthOf(place));
      place.querySelector("svg").style.width = "";
    }
  }

  /** Printing must find library and specifications in memory. */
  async function prepare(language) {
    if (!Bench.block(language).querySelector("[data-figure]")) return;
    await specsOf(language);
    for (const [place, held] of places)
      if (held.language === language && widthOf(place)) reserve(place, widthOf(place));
    await load();
  }

  function whenIdle(task) {
    if (window.requestIdleCallback) window.requestIdleCallback(task, { timeout: 4000 });
    else window.setTimeout(task, 1200);
  }

  /** Pictures of the language that is shown now, which may have just come into the page. */
  function watch() {
    const language = Bench.language();
    for (const place of Bench.block().querySelectorAll("[data-figure]")) {
      if (places.has(place)) continue;
      places.set(place, { language, at: Number(place.dataset.figure), view: null, width: 0 });
      near.observe(place);
      resized.observe(place);
    }
    whenIdle(() => prepare(language));
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const each of entries) if (each.isIntersecting) show(each.target);
    },
    { rootMargin: NEAR },
  );

  let waiting = 0;
  const resized = new ResizeObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      if (!paper.matches) drawForScreen();
    });
  });

  function start() {
    watch();
    Bench.onLanguage(watch);
    window.addEventListener("beforeprint", drawForPaper);
    window.addEventListener("afterprint", drawForScreen);
    paper.addEventListener("change", () => (paper.matches ? drawForPaper() : drawForScreen()));
  }

  document.addEventListener("DOMContentLoaded", start);
  return { fitted };
})();
