import { InvalidArgumentError, Option } from 'commander'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import type { Style } from '../terminal.ts'
import { attributeValues } from '../traces/attribute-values.ts'
import { buildTraces } from '../traces/build-traces.ts'
import { exportChrome } from '../traces/export-chrome.ts'
import { exportOtlp } from '../traces/export-otlp.ts'
import { readTraceFiles } from '../traces/read-trace-files.ts'
import { renderTraces } from '../traces/render-traces.ts'
import { createTraceIndex, type TraceEntry, type TraceFilter } from '../traces/trace-index.ts'
import type { TraceSpan } from '../traces/trace-span.ts'

const DEFAULT_LIMIT = 10
const NARROWEST = 60
const WIDEST = 160
const USUAL = 100
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const NOTHING_YET = `No traces on this machine yet. To keep them here instead of sending them:
  ZEN_TELEMETRY_EXPORTER=local ZEN_TELEMETRY_SAMPLE_RATE=1 node --import @zen/telemetry/register app.mjs`

/** Draws local traces as trees with bars, or exports them. */
export const traces: CliCommand = {
  name: 'traces',
  summary: 'local traces in the terminal, as trees with bars',
  define(command) {
    command
      .argument('[text]', 'part of a name, of an error type or of a trace id')
      .addOption(new Option('--status <status>', 'only these').choices(['ok', 'error', 'incomplete']))
      .option('--slower <duration>', 'only traces that took at least so long, such as 250ms', duration)
      .option('--since <duration>', 'only traces that began within, such as 10m', duration)
      .addOption(
        new Option('--sort <order>', 'what comes first')
          .choices(['newest', 'slowest', 'largest'])
          .default('newest'),
      )
      .option('--limit <count>', 'at most so many traces', count, DEFAULT_LIMIT)
      .addOption(
        new Option(
          '--export <format>',
          'print all that are found as OTLP JSON, or for chrome://tracing and Perfetto',
        )
          .choices(['otlp', 'chrome'])
          .conflicts('json'),
      )
  },
  run({ args, options, environment, cwd, terminal, report }) {
    const { folder } = readContext({ environment, cwd })
    const index = createTraceIndex()
    index.add(readTraceFiles(folder))
    const found = index.find(filterOf(args[0], options), options['sort'] as 'newest' | 'slowest' | 'largest')
    const format = options['export']
    if (format !== undefined) {
      const spans = found.flatMap((trace) => trace.spans)
      terminal.print(JSON.stringify(format === 'otlp' ? exportOtlp(spans) : exportChrome(spans)))
      return EXIT.fine
    }
    const shown = found.slice(0, options['limit'] as number)
    report({ folder, found: found.length, of: index.traceCount, traces: shown.map(traceData) }, (style) => {
      if (index.traceCount === 0) return [NOTHING_YET]
      return [...drawn(shown, style), '', summary(shown.length, found.length, index.traceCount)]
    })
    return EXIT.fine
  },
}

function filterOf(text: string | undefined, options: Readonly<Record<string, unknown>>): TraceFilter {
  const since = options['since'] as number | undefined
  return {
    text,
    status: options['status'] as TraceFilter['status'],
    leastDuration: options['slower'] as number | undefined,
    from: since === undefined ? undefined : Date.now() - since,
  }
}

/** The one that comes first in the list is drawn last, next to the prompt. */
function drawn(entries: readonly TraceEntry[], style: Style): readonly string[] {
  const trees = entries.flatMap(({ spans }) => buildTraces(spans)).toReversed()
  const width = Math.min(WIDEST, Math.max(NARROWEST, process.stdout.columns || USUAL))
  return renderTraces(trees, {
    width,
    paint: (colour, text) => style(colour === 'gray' ? 'dim' : colour, text),
  })
}

function summary(shown: number, found: number, all: number): string {
  const more = shown < found ? `, the first ${shown} shown (--limit)` : ''
  return `${found} of ${all} traces${more}. In the browser: zen-telemetry view`
}

function traceData({ traceId, name, start, end, errors, incomplete, spans }: TraceEntry): object {
  return {
    traceId,
    name,
    start: new Date(start).toISOString(),
    durationMs: rounded(end - start),
    errors,
    incomplete,
    spans: spans.map(spanData),
  }
}

function spanData({
  spanId,
  parentSpanId,
  name,
  start,
  end,
  errorType,
  incomplete,
  otlp,
}: TraceSpan): object {
  return {
    spanId,
    parentSpanId: parentSpanId ?? null,
    name,
    start: new Date(start).toISOString(),
    durationMs: rounded(end - start),
    errorType: errorType ?? null,
    incomplete,
    attributes: attributeValues(otlp.attributes),
  }
}

/** Times are exact to the microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

function duration(text: string): number {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim()) ?? []
  if (amount === undefined) throw new InvalidArgumentError('Such as 250ms, 10s, 5m, 2h or 1d.')
  return Number(amount) * UNITS[unit]!
}

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('A whole number from 1 on.')
  return Number(text)
}
