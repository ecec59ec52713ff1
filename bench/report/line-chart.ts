import type { Curve } from '../finding.ts'

/** How a chart is labelled. Both axes are logarithmic where their values span more than two powers of ten. */
export interface ChartText {
  readonly title: string
  readonly x: string
  readonly y: string
}

const WIDTH = 760
const HEIGHT = 400
const MARGIN = { top: 48, right: 220, bottom: 52, left: 72 }
const COLOURS = ['#1a73e8', '#d93025', '#188038', '#f29900', '#9334e6', '#00796b', '#5f6368', '#c2185b']
const DECADES_FOR_LOG = 2

interface Axis {
  readonly ticks: readonly number[]
  /** From 0 to 1. */
  readonly place: (value: number) => number
}

/**
 * Draws curves as an SVG picture that can be read on a light and on a dark page.
 *
 * @param curves at least one, with values from 0
 */
export function lineChart(text: ChartText, curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points)
  const x = axisFor(points.map(([value]) => value))
  const y = axisFor(points.map(([, value]) => value))
  const left = (value: number): number =>
    round(MARGIN.left + x.place(value) * (WIDTH - MARGIN.left - MARGIN.right))
  const top = (value: number): number =>
    round(HEIGHT - MARGIN.bottom - y.place(value) * (HEIGHT - MARGIN.top - MARGIN.bottom))
  const right = WIDTH - MARGIN.right
  const bottom = HEIGHT - MARGIN.bottom
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    label(MARGIN.left, 24, escape(text.title), 'font-size="15" font-weight="600"'),
    ...x.ticks.map(
      (tick) =>
        line(left(tick), MARGIN.top, left(tick), bottom, '#e8eaed') +
        label(left(tick), bottom + 18, number(tick), 'text-anchor="middle"'),
    ),
    ...y.ticks.map(
      (tick) =>
        line(MARGIN.left, top(tick), right, top(tick), '#e8eaed') +
        label(MARGIN.left - 8, top(tick) + 4, number(tick), 'text-anchor="end"'),
    ),
    label((MARGIN.left + right) / 2, HEIGHT - 12, escape(text.x), 'text-anchor="middle"'),
    label(
      16,
      (MARGIN.top + bottom) / 2,
      escape(text.y),
      `text-anchor="middle" transform="rotate(-90 16 ${(MARGIN.top + bottom) / 2})"`,
    ),
    ...curves.map((curve, index) => {
      const colour = COLOURS[index % COLOURS.length]
      const places = curve.points.map(([at, value]) => [left(at), top(value)] as const)
      const legend = MARGIN.top + 8 + index * 20
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
        ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
        `<rect x="${right + 14}" y="${legend - 9}" width="12" height="12" fill="${colour}"/>`,
        label(right + 32, legend + 1, escape(curve.label), ''),
      ].join('\n')
    }),
    '</svg>\n',
  ].join('\n')
}

function axisFor(values: readonly number[]): Axis {
  const most = Math.max(...values)
  const positive = values.filter((value) => value > 0)
  const least = Math.min(...positive)
  const logarithmic = positive.length > 0 && most / least >= 10 ** DECADES_FOR_LOG
  if (!logarithmic) return linearAxis(most)
  // Zero has no place on such an axis; it stands one step before the first power of ten.
  const first = Math.floor(Math.log10(least)) - (positive.length < values.length ? 1 : 0)
  const last = Math.ceil(Math.log10(most))
  const place = (value: number): number =>
    value <= 0 ? 0 : (Math.log10(value) - first) / Math.max(1, last - first)
  return { ticks: Array.from({ length: last - first + 1 }, (_, step) => 10 ** (first + step)), place }
}

/** From zero, so that a flat curve looks flat. */
function linearAxis(most: number): Axis {
  const rough = Math.max(most, Number.MIN_VALUE) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power
  const count = Math.ceil(most / step)
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    place: (value) => Math.max(0, value) / (count * step),
  }
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}"/>`
}

function label(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="#202124" ${attributes}>${content}</text>`
}

function number(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
