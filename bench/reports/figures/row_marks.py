"""The layers of a picture made of rows: one for each kind of mark."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from bench.reports.figures.frame import HALO, Layer, colour, values
from bench.reports.figures.lettering import SIZE
from bench.reports.figures.palette import INK, INK_2, INK_3, PAPER, gradient
from bench.reports.figures.row import Line, Row

LINE = 17
"""Pixels from one line of a label to the next."""
_DROP = 11
"""Pixels that marks lie lower where their label stands above them."""


@dataclass(frozen=True, slots=True)
class RowMarks:
    """Layers on shared axes."""

    count: int
    x: Layer
    beyond: float
    """Room that texts at the right ends of bars may take beyond the plot."""

    def _at(self, x: str, end: str | None = None) -> Layer:
        band: dict[str, JsonValue] = {
            "type": "band",
            "domain": list(range(self.count)),
            "paddingInner": 0,
            "paddingOuter": 0,
        }
        told: Layer = {
            "x": {"field": x, **self.x},
            "y": {"field": "row", "type": "ordinal", "axis": None, "scale": band},
        }
        return told | ({"x2": {"field": end}} if end else {})

    def line(self, line: Line) -> Layer:
        """A line through all rows and the text above it."""
        dash: list[JsonValue] = [3, 3] if line.dashed else []
        stroke: Layer = {
            "type": "rule",
            "color": INK_3 if line.dashed else INK,
            "strokeDash": dash,
            "strokeWidth": 1.2,
        }
        text: Layer = {
            "type": "text",
            "y": -6,
            "baseline": "bottom",
            "fontSize": 12,
            "color": INK_2,
        }
        x: Layer = {"field": "x", **self.x}
        layers: list[JsonValue] = [{"mark": stroke, "encoding": {"x": x}}]
        if line.text:
            layers.append({"mark": text, "encoding": {"x": x, "text": {"field": "text"}}})
        return {"data": values([{"x": line.at, "text": line.text}]), "layer": layers}

    def bars(self, rows: Sequence[Row]) -> list[Layer]:
        """Solid bars."""
        found: list[dict[str, JsonValue]] = [
            {"row": at, "from": min(bar.start, bar.end), "to": max(bar.start, bar.end), "colour": bar.colour}
            for at, row in enumerate(rows)
            for bar in row.bars
        ]  # fmt: skip
        mark: Layer = {"type": "bar", "size": 14, "yOffset": _drop()}
        encoding = self._at("from", "to") | {"color": colour()}
        return [{"data": values(found), "mark": mark, "encoding": encoding}] if found else []

    def fades(self, rows: Sequence[Row]) -> list[Layer]:
        """A layer for each colour and direction, since a gradient belongs to a layer."""
        found: dict[tuple[str, bool], list[dict[str, JsonValue]]] = {}
        for at, row in enumerate(rows):
            for fade in row.fades:
                right = fade.unsure >= fade.sure
                ends = sorted((fade.sure, fade.unsure))
                found.setdefault((fade.colour, right), []).append(
                    {"row": at, "from": ends[0], "to": ends[1]}
                )
        return [
            {
                "data": values(told),
                "mark": {
                    "type": "bar",
                    "size": 9,
                    "yOffset": _drop(),
                    "color": gradient(key[0], right=key[1]),
                },
                "encoding": self._at("from", "to"),
            }
            for key, told in found.items()
        ]

    def ticks(self, rows: Sequence[Row]) -> list[Layer]:
        """Short upright strokes."""
        found: list[dict[str, JsonValue]] = [
            {"row": at, "x": tick} for at, row in enumerate(rows) for tick in row.ticks
        ]
        mark: Layer = {
            "type": "tick",
            "size": 22,
            "thickness": 2.5,
            "color": INK,
            "yOffset": _drop(),
        }
        told: Layer = {"data": values(found), "mark": mark, "encoding": self._at("x")}
        return [told] if found else []

    def dots(self, rows: Sequence[Row]) -> list[Layer]:
        """Points, ringed in white so that they stand out of their range."""
        found: list[dict[str, JsonValue]] = [
            {"row": at, "x": dot.at, "colour": dot.colour, "shape": dot.shape}
            for at, row in enumerate(rows)
            for dot in row.dots
        ]
        mark: Layer = {
            "type": "point",
            "filled": True,
            "opacity": 1,
            "size": 120,
            "stroke": PAPER,
            "strokeWidth": 1.5,
            "yOffset": _drop(),
        }
        shape: Layer = {"shape": colour("shape"), "color": colour()}
        told: Layer = {"data": values(found), "mark": mark, "encoding": self._at("x") | shape}
        return [told] if found else []

    def tags(self, rows: Sequence[Row]) -> list[Layer]:
        """Texts beside numbers of the axis."""
        layers: list[Layer] = []
        for side, align, shift in (("left", "right", -6), ("right", "left", 6)):
            found: list[dict[str, JsonValue]] = [
                {"row": at, "x": tag.at, "text": tag.text}
                for at, row in enumerate(rows)
                for tag in row.tags
                if tag.side == side
            ]
            mark: Layer = {
                "type": "text",
                "align": align,
                "dx": shift,
                "yOffset": _drop(),
                "color": INK_2,
            }
            text: Layer = {"text": {"field": "text"}}
            if found:
                layers += [
                    {"data": values(found), "mark": style, "encoding": self._at("x") | text}
                    for style in (mark | HALO, mark)
                ]
        return layers

    def labels(self, labels: Sequence[dict[str, JsonValue]]) -> list[Layer]:
        """Names of rows: at the left or, where it is narrow, above the marks; `rest` at the far right."""
        y = {"y": self._at("x")["y"]}
        name: Layer = {
            "type": "text",
            "align": "left",
            "fontSize": SIZE,
            "lineHeight": LINE,
            "x": {"expr": "4 - gutter"},
            "baseline": {"expr": "narrow ? 'line-bottom' : 'middle'"},
            "yOffset": {
                "expr": f"narrow ? -1 - {LINE} * (datum.short.length - 1)"
                f" : {-LINE / 2} * (datum.long.length - 1)"
            },
        }
        rest: Layer = {
            "type": "text",
            "align": "left",
            "x": {"expr": f"width + {self.beyond + 8}"},
            "color": INK_2,
            "opacity": {"expr": "narrow ? 0 : 1"},
        }
        chosen: Layer = {"text": {"value": {"expr": "narrow ? datum.short : datum.long"}}}
        layers: list[Layer] = [
            {"data": values(labels), "mark": style, "encoding": {**y, **chosen}}
            for style in (name | HALO, name)
        ]
        if any(each["rest"] for each in labels):
            encoding: Layer = {**y, "text": {"field": "rest"}}
            layers.append({"data": values(labels), "mark": rest, "encoding": encoding})
        return layers


def _drop() -> Layer:
    return {"expr": f"narrow ? {_DROP} : 0"}
