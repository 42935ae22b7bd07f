"""Plots as SVG, with nothing but the language."""

import html
import math

COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#16a085", "#7f8c8d", "#5d4037",
           "#e377c2", "#34495e")
WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 34, 46


def _text(x, y, words, anchor="start", size=12, more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {more}>'
            f"{html.escape(words)}</text>")


def _number(value):
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value / 1e3:g} k" if value >= 1e3 else f"{value:g}"


def _steps(low, high):
    """Round numbers on a logarithmic axis that takes in all values."""
    steps = []
    power = math.floor(math.log10(low))
    while 10**power <= high * 10:
        steps += [factor * 10**power for factor in (1, 2, 5)]
        power += 1
    below = max((s for s in steps if s <= low), default=steps[0])
    above = min((s for s in steps if s >= high), default=steps[-1])
    return [s for s in steps if below <= s <= max(above, below * 2)]


def _svg(title, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" font-family="sans-serif" role="img">'
            f"<title>{html.escape(title)}</title>"
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
            + _text(LEFT, 20, title, size=14, more='font-weight="bold"') + "".join(parts) + "</svg>")


def lines(title, x_label, series):
    """`series` is a list of (name, [(x, nanoseconds), ...]). Both axes are logarithmic."""
    series = [(name, points) for name, points in series if points]
    if not series:
        return ""
    xs = sorted({x for _, points in series for x, _ in points})
    ys = [y for _, points in series for _, y in points]
    ticks = _steps(min(ys), max(ys))

    def across(x):
        span = math.log(xs[-1] / xs[0]) or 1
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log(x / xs[0]) / span if len(xs) > 1 else 0.5)

    def up(y):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (
            math.log(y / ticks[0]) / math.log(ticks[-1] / ticks[0]))

    parts = []
    for tick in ticks:
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(tick):.1f}" '
                     f'y2="{up(tick):.1f}" stroke="#dddddd"/>')
        parts.append(_text(LEFT - 6, up(tick) + 4, _number(tick), "end", 11))
    for x in xs:
        parts.append(_text(across(x), HEIGHT - BOTTOM + 18, _number(x), "middle", 11))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x_label, "middle"))
    parts.append(_text(14, (TOP + HEIGHT - BOTTOM) / 2, "ns an operation, of its thread", "middle", 12,
                       f'transform="rotate(-90 14 {(TOP + HEIGHT - BOTTOM) / 2:.0f})"'))
    for number, (name, points) in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        dash = ' stroke-dasharray="5 3"' if number >= len(COLOURS) else ""
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>'
                  for x, y in points]
        y = TOP + 14 + 17 * number
        parts.append(f'<line x1="{WIDTH - RIGHT + 12}" x2="{WIDTH - RIGHT + 32}" y1="{y}" y2="{y}" '
                     f'stroke="{colour}" stroke-width="2"{dash}/>')
        parts.append(_text(WIDTH - RIGHT + 38, y + 4, name, size=11))
    return _svg(title, HEIGHT, parts)


def bars(title, values):
    """`values` is a list of (name, times as much). Logarithmic from 1 on."""
    if not values:
        return ""
    left, right = 200, 70
    most = max(2.0, *(value for _, value in values))
    height = TOP + 24 * len(values) + 12
    parts = []
    for number, (name, value) in enumerate(values):
        y = TOP + 24 * number
        width = (WIDTH - left - right) * max(0.0, math.log(max(value, 1.0)) / math.log(most))
        parts.append(_text(left - 8, y + 16, name, "end"))
        parts.append(f'<rect x="{left}" y="{y + 4}" width="{max(width, 1):.1f}" height="16" '
                     f'fill="{COLOURS[0]}"/>')
        parts.append(_text(left + max(width, 1) + 6, y + 16, f"{value:.2f} x"))
    return _svg(title, height, parts)
