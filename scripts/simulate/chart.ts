/** One line of a panel; x and y have the same length. */
export interface Series {
  readonly name: string
  readonly colour: string
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** One coordinate system of a picture. */
export interface Panel {
  readonly title: string
  readonly unit: string
  readonly series: readonly Series[]
  /** Decades instead of equal steps; values below the lowest are drawn on it. */
  readonly logarithmic?: readonly [lowest: number, highest: number]
  /** Where the axis ends; default: the largest value. */
  readonly highest?: number
}

/** A picture: panels one below the other over the same time. */
export interface Chart {
  readonly title: string
  readonly timeUnit: string
  readonly panels: readonly Panel[]
}

const WIDTH = 840
const LEFT = 74
const RIGHT = 16
const TOP = 40
const PANEL = 150
const GAP = 52
const STEPS = 4
const FONT = 'font-family="sans-serif" font-size="12" fill="#333"'

/** Draws a chart as SVG, without any script or style sheet, on white, so that it can be read anywhere. */
export function drawChart({ title, timeUnit, panels }: Chart): string {
  const height = TOP + panels.length * (PANEL + GAP)
  const end = Math.max(...panels.flatMap((panel) => panel.series.map((series) => series.x.at(-1) ?? 0)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" ${FONT} font-weight="bold">${escaped(title)}</text>`,
    ...panels.flatMap((panel, index) => drawPanel(panel, TOP + index * (PANEL + GAP) + 12, end, timeUnit)),
    '</svg>',
    '',
  ].join('\n')
}

function drawPanel(panel: Panel, top: number, end: number, timeUnit: string): string[] {
  const bottom = top + PANEL
  const position = heightOf(panel)
  const across = (time: number): number => LEFT + (time / end) * (WIDTH - LEFT - RIGHT)
  const up = (value: number): number => bottom - position.of(value) * PANEL
  return [
    `<text x="${LEFT}" y="${top - 6}" ${FONT}>${escaped(panel.title)}</text>`,
    ...legend(panel.series, top - 6),
    ...position.marks.flatMap((value) => [
      line([LEFT, up(value)], [WIDTH - RIGHT, up(value)], '#ddd'),
      `<text x="${LEFT - 6}" y="${round(up(value) + 4)}" text-anchor="end" ${FONT}>${shown(value)}${panel.unit}</text>`,
    ]),
    ...Array.from({ length: STEPS + 1 }, (_, step) => (end / STEPS) * step).map(
      (time) =>
        `<text x="${round(across(time))}" y="${bottom + 16}" text-anchor="middle" ${FONT}>${shown(time)} ${timeUnit}</text>`,
    ),
    ...panel.series.map(({ x, y, colour }) => {
      const points = x.map((time, index) => `${round(across(time))},${round(up(y[index] ?? 0))}`)
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.3"/>`
    }),
  ]
}

function heightOf({ series, logarithmic, highest }: Panel): {
  of: (value: number) => number
  marks: readonly number[]
} {
  if (logarithmic) {
    const [low, high] = logarithmic.map(Math.log10) as [number, number]
    const decades = Math.round(high - low)
    return {
      of: (value) => Math.max(0, Math.min(1, (Math.log10(Math.max(value, 1e-12)) - low) / (high - low))),
      marks: Array.from({ length: decades + 1 }, (_, index) => 10 ** (low + index)),
    }
  }
  const most = highest ?? Math.max(1e-9, ...series.map(({ y }) => y.reduce((a, b) => Math.max(a, b), 0)))
  return {
    of: (value) => Math.max(0, Math.min(1, value / most)),
    marks: Array.from({ length: STEPS + 1 }, (_, step) => (most / STEPS) * step),
  }
}

function legend(series: readonly Series[], y: number): string[] {
  if (series.length < 2) return []
  return series.map(
    ({ name, colour }, index) =>
      `<text x="${WIDTH - RIGHT - 150 * (series.length - 1 - index)}" y="${y}" text-anchor="end" ${FONT.replace('#333', colour)}>${escaped(name)}</text>`,
  )
}

function line([x1, y1]: [number, number], [x2, y2]: [number, number], colour: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`
}

function shown(value: number): string {
  return value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3)))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
