"use strict";

/**
 * One item of the evidence: what was asked, with marks, above the answers of two candidates.
 *
 * Everything here came from suites, models and endpoints; it is set as text and never read as anything else.
 */
const EvidenceItem = (() => {
  const { element } = Bench;
  const SVG = "http://www.w3.org/2000/svg";
  /** Outcome -> its shape, filled or drawn with a line. */
  const SHAPES = {
    accept: [["fill", "M8 1a7 7 0 1 0 .01 0z"], ["cut", "M4.6 8.3l2.3 2.3 4.5-4.8"]],
    edit: [["fill", "M2.4 13.6l.9-3.6 7.3-7.3 2.7 2.7-7.3 7.3z"]],
    redo: [["line", "M13 8a5 5 0 1 1-1.6-3.7M11.9 1.4v3.2H8.7"]],
    harm: [["fill", "M8 1.4l6.8 12.4H1.2z"], ["cut", "M8 5.6v4M8 11.2v1.2"]],
    none: [["line", "M4 4l8 8m0-8l-8 8"]],
  };

  const say = (key, slots) => Bench.say(`evidence.${key}`, slots);
  const named = (group, code) => (Bench.has(`evidence.${group}.${code}`) ? say(`${group}.${code}`) : code);
  const count = (number) => number.toLocaleString("en-US");

  function icon(end) {
    const made = document.createElementNS(SVG, "svg");
    made.setAttribute("class", `icon end-${end}`);
    made.setAttribute("viewBox", "0 0 16 16");
    made.setAttribute("aria-hidden", "true");
    for (const [kind, d] of SHAPES[end]) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", kind);
      path.setAttribute("d", d);
      made.append(path);
    }
    return made;
  }

  const errorTitle = (block, code) =>
    block.losses[code] ? Bench.text(block.losses[code]) : named("error", code);

  function sliceTitle(block, value) {
    const [tag, name] = [value.split("=")[0], value.slice(value.indexOf("=") + 1)];
    const slice = block.slices.find((each) => each.tag === tag);
    const title = slice ? Bench.text(slice.title) : tag;
    return say("slice", { title, name: slice?.names[name] ? Bench.text(slice.names[name]) : name });
  }

  function moneyText(block, answer) {
    const told = block.amounts[answer.money];
    return told ? Bench.text(told) : "";
  }

  /** Text with its marks [start, end, holds, note]; where marks overlap, a stretch carries all of theirs. */
  function marked(text, marks) {
    const ends = new Set([0, text.length]);
    for (const [start, end] of marks) ends.add(Math.min(start, text.length)).add(Math.min(end, text.length));
    const points = [...ends].sort((one, other) => one - other);
    return points.slice(1).map((end, place) => {
      const start = points[place];
      const over = marks.filter((each) => each[0] <= start && end <= each[1]);
      return over.length ? stretch(text.slice(start, end), over) : text.slice(start, end);
    });
  }

  function stretch(text, over) {
    const kinds = new Set(over.map((each) => (each[2] ? "holds" : "against")));
    const notes = over.map((each) => [say(each[2] ? "supports" : "contradicts"), each[3]]);
    const title = [...new Set(notes.map((each) => each.filter(Boolean).join(" · ")))].join("\n");
    return element("mark", { className: [...kinds].join(" "), title, textContent: text });
  }

  /** Something long, folded at twelve lines; the button comes only where something is hidden. */
  function folded(letters, ...children) {
    const body = element("div", { className: "evidence-folded" }, ...children);
    const toggle = element("button", { type: "button", className: "evidence-unfold", hidden: true });
    const tell = (open) => {
      body.classList.toggle("unfolded", open);
      toggle.setAttribute("aria-expanded", String(open));
      toggle.textContent = open ? say("fold") : say("unfold", { n: count(letters) });
    };
    toggle.addEventListener("click", () => tell(!body.classList.contains("unfolded")));
    tell(false);
    requestAnimationFrame(() => {
      const hides = body.scrollHeight > body.clientHeight + 2;
      body.classList.toggle("hides", hides);
      toggle.hidden = !hides;
    });
    return element("div", {}, body, toggle);
  }

  const cutNote = (letters) =>
    letters ? element("p", { className: "evidence-cut", textContent: say("cut", { n: count(letters) }) }) : null;

  /** What was asked. Marks of the answers on show are drawn together. */
  function source(block, item, answers) {
    const marks = answers.flatMap((answer) =>
      (answer.source ?? []).map(([field, ...rest]) => ({ field, mark: [...rest, answer.name] })),
    );
    const fields = item.fields.flatMap(([name, text, left], place) => [
      element("dt", { textContent: named("field", name) }),
      element(
        "dd",
        {},
        ...marked(text, marks.filter((each) => each.field === place).map((each) => each.mark)),
        cutNote(left),
      ),
    ]);
    const letters = item.fields.reduce((sum, each) => sum + each[1].length, 0);
    return element(
      "section",
      { className: "evidence-source" },
      element("h4", { textContent: say("source") }),
      element("p", { className: "reading", textContent: legend(marks) }),
      folded(letters, element("dl", {}, ...fields)),
      reference(item),
    );
  }

  function legend(marks) {
    if (!marks.length) return say("no_marks");
    const place = ({ field, mark }) => [field, mark[0], mark[1]].join(" ");
    const places = (holds) => new Set(marks.filter((each) => each.mark[2] === holds).map(place)).size;
    return say("marks", { holds: count(places(true)), against: count(places(false)) });
  }

  function reference(item) {
    if (!item.reference && !item.rationale) return null;
    return element(
      "details",
      {},
      element("summary", { textContent: say("reference") }),
      item.rationale && element("p", { textContent: say("rationale", { text: item.rationale }) }),
      item.reference && element("p", { className: "evidence-text", textContent: item.reference }),
    );
  }

  /** One answer: what became of it and why, its text, and every score. */
  function answerParts(block, item, answer) {
    if (!answer) return [element("p", { className: "quiet", textContent: say("absent") })];
    if (answer.state === "failed") return [failure(block, answer)];
    return [
      answer.failure ? failure(block, answer) : null,
      ending(block, answer),
      text(answer),
      scores(block, item, answer),
    ];
  }

  function failure(block, answer) {
    const kind = block.failures[answer.failure];
    const told = answer.failure === "scorer" ? say("not_scored") : say("failed", { kind: kind ? Bench.text(kind) : "" });
    return element(
      "div",
      { className: "evidence-failure" },
      element("p", {}, icon("none"), element("b", { textContent: told })),
      answer.message && element("p", { className: "evidence-text", textContent: answer.message }),
    );
  }

  function ending(block, answer) {
    const because = answer.rule === undefined ? null : block.because[answer.rule];
    const worth = moneyText(block, answer);
    const priced = answer.unpriced ? say("unpriced") : "";
    const state = answer.state === "answered" ? "" : ` · ${named("state", answer.state)}`;
    return element(
      "div",
      { className: "evidence-ending" },
      element("p", {}, icon(answer.end), element("b", { className: `end-${answer.end}`, textContent: say(`outcome.${answer.end}`) }), state),
      answer.loss && element("p", {}, element("span", { className: "evidence-error", textContent: errorTitle(block, answer.loss) })),
      because && element("p", { textContent: Bench.text(because) }),
      worth && element("p", { className: "evidence-money", textContent: say("money", { money: worth }) + priced }),
    );
  }

  function text(answer) {
    const marks = (answer.scores ?? []).flatMap((each) => each.spans ?? []);
    const told = answer.text ?? "";
    if (!told) return element("p", { className: "quiet", textContent: say("empty") });
    const body = element("div", { className: "evidence-text evidence-answer" }, ...marked(told, marks));
    const raw = answer.raw && element(
      "details",
      {},
      element("summary", { textContent: say("raw") }),
      element("p", { className: "evidence-text", textContent: answer.raw }),
      cutNote(answer.raw_left_out),
    );
    return element("div", {}, folded(told.length, body), cutNote(answer.left_out), raw);
  }

  function scores(block, item, answer) {
    const rows = (answer.scores ?? []).map((score) => {
      const value = score.value === undefined ? "" : say("value", { value: String(score.value) });
      const error = score.error && element("span", { className: "evidence-error", textContent: errorTitle(block, score.error) });
      const told = { expected: item.expected?.[score.scorer], extracted: score.extracted, reason: score.reason };
      const lines = Object.entries(told).filter(([, each]) => each).flatMap(([name, each]) => [
        element("dt", { textContent: say(name) }),
        element("dd", { className: "evidence-text", textContent: each }),
      ]);
      return element(
        "li",
        {},
        element("p", {}, element("b", { textContent: named("scorer", score.scorer) }), element("span", { textContent: named("label", score.label) }), element("small", { textContent: value }), error),
        lines.length ? element("dl", {}, ...lines) : null,
      );
    });
    if (!rows.length) return null;
    return element("details", { open: true, className: "evidence-scores" }, element("summary", { textContent: say("scores") }), element("ul", {}, ...rows));
  }

  return { answerParts, errorTitle, icon, moneyText, sliceTitle, source };
})();
