"""The small charts as drawings without text: what they say in words stands in the cells beside them."""

from collections.abc import Callable, Mapping

from bench.reports.brief import styles
from bench.reports.brief.markup import Picture
from bench.reports.charts import BAR, HEIGHT, WIDTH, Axis, Bullet, Dots, Stack, Swing
from bench.reports.parts import GateState
from bench.types import Decision

DOTS_WIDTH = 35.0
STACK_WIDTH = 21.0
SWING_WIDTH = 27.0
BULLET_WIDTH = 24.0
DPI = 300
_SWING, _BAND, _TICK, _SIGN = 240, 18, 5, 16
_HATCH = (
    '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="1.6" height="4" fill="#fff"/></pattern></defs>'
)
_FILLS = {
    "accept": styles.GOOD,
    "edit": styles.EDIT,
    "redo": styles.REDO,
    "harm": styles.HARM,
}
_VERDICTS: Mapping[Decision, str] = {
    "deploy": styles.GOOD,
    "pilot": styles.GOOD,
    "iterate": styles.OPEN,
    "stop": styles.STOP,
}
_GATES: Mapping[GateState, str] = {
    "held": styles.GOOD,
    "open": styles.OPEN,
    "broken": styles.HARM_TEXT,
    "none": styles.STOP,
}


def png(it: Picture) -> bytes:
    """A drawing in points of a 300 dpi printer. No font is loaded, as there is no text."""
    import resvg_py  # heavy (native code), and only for this format

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=it.svg, width=round(it.width / 25.4 * DPI), skip_system_fonts=True
        )
    )


def dots(it: Dots, *, strong: bool) -> Picture:
    """Twenty dots about the zero line; an arrow where some lie beyond the axis."""
    better = styles.GOOD if strong else styles.REST
    marks = [
        _level(WIDTH, HEIGHT - 1.5),
        _upright(it.zero, HEIGHT, styles.INK),
    ]
    marks += [
        f'<circle cx="{each.x}" cy="{each.y}" r="3.7" fill="#{styles.HARM if each.worse else better}"/>'
        for each in it.dots
    ]
    if it.beyond[0]:
        marks.append(f'<path d="M1 8l9-5v10z" fill="#{styles.HARM}"/>')
    if it.beyond[1]:
        marks.append(f'<path d="M{WIDTH - 1} 8l-9-5v10z" fill="#{better}"/>')
    return _picture(marks, WIDTH, HEIGHT, DOTS_WIDTH, it.alt)


def axis(it: Axis, alt: str) -> Picture:
    """Ticks; a longer one at zero. What they mean is told beneath."""
    marks = [_upright(each.x, _TICK * 0.6, styles.INK_3, 1) for each in it.ticks]
    marks += [_level(WIDTH, 0.5), _upright(it.zero, _TICK, styles.INK)]
    return _picture(marks, WIDTH, _TICK, DOTS_WIDTH, alt)


def stack(it: Stack) -> Picture:
    """Shares of outcomes; harm is hatched, so that a copier in black and white keeps it apart."""
    marks = [mark for x, width, name in it.bars for mark in _share(x, width, name)]
    return _picture(marks, BAR, 12, STACK_WIDTH, it.alt)


def swatch(outcome: str, alt: str) -> Picture:
    """An outcome's colour, for the key."""
    return _picture(_share(0, 16, outcome), 16, 12, 3.2, alt, sign=True)


def swing(it: Swing) -> Picture:
    """A bar of a tornado: orange below zero, the base dashed."""
    (left, below), (split, above) = it.worse, it.better
    marks = [
        _bar(left, below, 3, 12, styles.HARM),
        _bar(split, above, 3, 12, styles.GOOD),
        _upright(it.zero, _BAND, styles.INK),
        _upright(it.base, _BAND, styles.INK_3, dashes="2.5 2.5"),
    ]
    return _picture(marks, _SWING, _BAND, SWING_WIDTH, it.alt)


def bullet(it: Bullet) -> Picture:
    """A gate: what was seen, how far it may reach, and the limit."""
    state: GateState = "open" if it.held is None else "held" if it.held else "broken"
    seen = min(max(it.observed, 4), BAR - 4)
    marks = [
        _level(BAR, _BAND / 2),
        _bar(it.reach[0], it.reach[1], 6, 6, _GATES[state], ' fill-opacity=".35"'),
        f'<circle cx="{seen}" cy="{_BAND / 2}" r="3.6" fill="#{_GATES[state]}"/>',
        _upright(it.limit, _BAND - 1, styles.INK, 2.4, top=1),
    ]
    return _picture(marks, BAR, _BAND, BULLET_WIDTH, it.alt)


def verdict(decision: Decision, alt: str, size: float = 2.9) -> Picture:
    """The sign of a verdict, which never stands without its word."""
    return _sign(_VERDICT_SIGNS[decision](f"#{_VERDICTS[decision]}"), size, alt)


def gate(state: GateState, alt: str) -> Picture:
    """The sign of a gate's state, which never stands without its word."""
    return _sign(_GATE_SIGNS[state](f"#{_GATES[state]}"), 2.5, alt)


def verdict_colour(decision: Decision) -> str:
    """The colour of a verdict."""
    return _VERDICTS[decision]


def _ticked(colour: str) -> str:
    return (
        f'<circle cx="8" cy="8" r="7" fill="{colour}"/>'
        '<path d="M4.6 8.3l2.3 2.3 4.5-4.8" fill="none" stroke="#fff" stroke-width="1.8"/>'
    )


def _ring(colour: str) -> str:
    return f'<circle cx="8" cy="8" r="6.2" fill="none" stroke="{colour}" stroke-width="1.6"/>'


def _half(colour: str) -> str:
    return _ring(colour) + f'<path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="{colour}"/>'


def _clock(colour: str) -> str:
    return (
        _ring(colour)
        + f'<path d="M8 4.4V8l2.6 1.6" fill="none" stroke="{colour}" stroke-width="1.6"/>'
    )


def _barred(colour: str) -> str:
    return (
        f'<rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="{colour}"/>'
        '<path d="M4.5 8h7" stroke="#fff" stroke-width="2"/>'
    )


def _triangle(colour: str) -> str:
    return (
        f'<path d="M8 2.2l6.2 11.2H1.8z" fill="none" stroke="{colour}" stroke-width="1.6"'
        ' stroke-linejoin="round"/>'
    )


def _cross(colour: str) -> str:
    return f'<path d="M3.5 3.5l9 9m0-9l-9 9" stroke="{colour}" stroke-width="2.2"/>'


def _dash(colour: str) -> str:
    return f'<path d="M3 8h10" stroke="{colour}" stroke-width="2"/>'


_VERDICT_SIGNS: Mapping[Decision, Callable[[str], str]] = {
    "deploy": _ticked,
    "pilot": _half,
    "iterate": _clock,
    "stop": _barred,
}
_GATE_SIGNS: Mapping[GateState, Callable[[str], str]] = {
    "held": _ticked,
    "open": _triangle,
    "broken": _cross,
    "none": _dash,
}


def _sign(mark: str, size: float, alt: str) -> Picture:
    return _picture([mark], _SIGN, _SIGN, size, alt, sign=True)


def _share(x: float, width: float, name: str) -> list[str]:
    plain = _bar(x, width, 0, 12, _FILLS[name])
    if name != "harm":
        return [plain]
    return [plain, f'<rect x="{x}" y="0" width="{width}" height="12" fill="url(#hatch)"/>']


def _bar(x: float, width: float, y: float, height: float, colour: str, more: str = "") -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#{colour}"{more}/>'


def _level(width: float, y: float) -> str:
    """The hairline that a chart stands on or hangs from."""
    return f'<line x1="0" x2="{width}" y1="{y}" y2="{y}" stroke="#{styles.HAIR}" stroke-width="1"/>'


def _upright(
    x: float, height: float, colour: str, width: float = 1.4, dashes: str = "", top: float = 0
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x}" x2="{x}" y1="{top}" y2="{height}" stroke="#{colour}"'
        f' stroke-width="{width}"{dashed}/>'
    )


def _picture(
    marks: list[str], units: float, height: float, width: float, alt: str, *, sign: bool = False
) -> Picture:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {units} {height}">'
        f"{_HATCH}{''.join(marks)}</svg>"
    )
    return Picture(svg, width, width * height / units, alt, sign)
