import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { type Finding, finding, type FindingCode } from '../findings/finding.ts'
import { fixOf, severityOf, textOf } from '../findings/finding-texts.ts'
import type { TraceSpan } from '../traces/trace-span.ts'

/** One item of the checklist. */
export interface Check {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly detail: string
}

/** The items that are looked at before a deployment, and the findings that decide each. */
const PRE: readonly (readonly [
  name: string,
  failedBy: readonly FindingCode[],
  shownBy: readonly FindingCode[],
])[] = [
  ['telemetry on', ['switched-off'], ['consent-on']],
  ['export thread', ['export-thread-fails'], ['export-thread']],
  [
    'credentials',
    [
      'credentials-unusable',
      'credentials-missing',
      'key-rejected',
      'login-expired',
      'permission-missing',
      'quota-project-missing',
    ],
    ['credentials'],
  ],
  ['project id', ['project-invalid', 'project-not-found', 'api-disabled'], ['destination']],
  ['connectivity', ['proxy-refuses', 'host-unreachable', 'tls-failed'], ['host-reachable']],
  ['clock', ['clock-skew'], ['clock-right']],
]
const FILES = [
  'agent.cjs',
  'older-node.cjs',
  'module-hook.cjs',
  'all-targets.cjs',
  'share-queue.cjs',
  'activate.cjs',
  'export-thread.cjs',
  'module-loader.mjs',
]
/** How many standard deviations a share may be off by chance. */
const DEVIATIONS = 4

/**
 * The checklist before a deployment.
 *
 * @param findings of the set-up
 * @param bundleFolder where the agent's parts have to be
 */
export function preChecks(findings: readonly Finding[], bundleFolder: string): Check[] {
  const missing = FILES.filter((file) => !existsSync(join(bundleFolder, file)))
  const dependencies: Check = {
    name: 'dependencies',
    status: missing.length === 0 ? 'passed' : 'failed',
    detail:
      missing.length === 0
        ? 'the agent is complete; it needs no other package'
        : `missing: ${missing.join(', ')}`,
  }
  return [dependencies, ...PRE.map(([name, failedBy, shownBy]) => checkOf(findings, name, failedBy, shownBy))]
}

/** A check from the findings that fail it, or that show that all is well. */
export function checkOf(
  findings: readonly Finding[],
  name: string,
  failedBy: readonly FindingCode[],
  shownBy: readonly FindingCode[],
): Check {
  const failed = findings.find(({ code }) => failedBy.includes(code))
  if (failed) return { name, status: 'failed', detail: textOf(failed) }
  const shown = findings.find(({ code }) => shownBy.includes(code))
  return shown
    ? { name, status: 'passed', detail: textOf(shown) }
    : { name, status: 'skipped', detail: 'does not apply here' }
}

/** What can be pasted for everything that was found. */
export function recommendations(findings: readonly Finding[]): string[] {
  const wrong = findings.filter((found) => ['error', 'warning'].includes(severityOf(found)))
  return wrong.flatMap((found) => {
    const fix = fixOf(found)
    return fix === undefined ? [textOf(found)] : [`${textOf(found)}: ${fix}`]
  })
}

/**
 * Whether as many root calls were sampled as the configuration says.
 *
 * @param all spans of a run in which every call was sampled
 * @param sampled spans of a run as it is configured
 */
export function checkSampling(
  all: readonly TraceSpan[],
  sampled: readonly TraceSpan[],
  config: Config,
): Check {
  const name = 'sampling rate'
  const calls = rootsOf(all).length
  const kept = rootsOf(sampled).length
  if (calls === 0) return { name, status: 'failed', detail: textOf(finding('no-calls')) }
  const observed = kept / calls
  const adaptive = config.sampleRate === undefined
  const least = adaptive ? 0.01 : config.sampleRate
  const most = adaptive ? 1 : config.sampleRate
  const chance = (rate: number): number => DEVIATIONS * Math.sqrt((rate * (1 - rate)) / calls) + 1 / calls
  // Failed calls are kept on top of those that were sampled.
  const failed = rootsOf(all).filter(({ errorType }) => errorType !== undefined).length / calls
  const passed = observed >= least - chance(least) && observed <= most + failed + chance(most)
  const configured = adaptive ? 'adaptive' : String(config.sampleRate)
  return {
    name,
    status: passed ? 'passed' : 'failed',
    detail: `${kept} of ${calls} root calls (${observed.toFixed(3)}), configured: ${configured}`,
  }
}

/** Whether every call inside a call is below it in the same trace. */
export function checkPropagation(all: readonly TraceSpan[]): Check {
  const name = 'context propagation'
  const known = new Map(all.map((span) => [span.spanId, span]))
  const below = all.filter(({ parentSpanId }) => parentSpanId !== undefined)
  if (below.length === 0) return { name, status: 'skipped', detail: 'no call was made inside another' }
  const lost = below.filter((span) => known.get(span.parentSpanId!)?.traceId !== span.traceId)
  return {
    name,
    status: lost.length === 0 ? 'passed' : 'failed',
    detail: `${below.length - lost.length} of ${below.length} calls are below the call that made them`,
  }
}

/** How many of the program's own calls failed; for people to judge, so it never fails. */
export function showErrorRate(all: readonly TraceSpan[]): Check {
  const failed = all.filter(({ errorType }) => errorType !== undefined).length
  const percent = all.length === 0 ? 0 : (failed / all.length) * 100
  return {
    name: 'error rate of calls',
    status: 'passed',
    detail: `${percent.toFixed(1)}% of ${all.length} calls failed`,
  }
}

/** The spans that have no parent. */
export function rootsOf(spans: readonly TraceSpan[]): TraceSpan[] {
  return spans.filter(({ parentSpanId }) => parentSpanId === undefined)
}
