/**
 * The sampling rate of a trace in the W3C header `tracestate`, as OpenTelemetry writes it: the member `ot` holds `th`, how
 * many of 2^56 random values are rejected, and `rv`, the random value of the trace, which lies above it.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 */

const DIGITS = 14
const VALUES = 1n << 56n
const MEMBER = /^\s*ot=(.*?)\s*$/
const THRESHOLD = /^th:([0-9a-f]{1,14})$/i
const RANDOMNESS = /^rv:([0-9a-f]{14})$/i
/** What a rate is rounded to; see `root-sampler.ts`. */
const RATE_DIGITS = 6

/**
 * The state of a trace that begins here. Which trace is sampled was not decided by its id, so that a random value goes
 * along that fits the decision: among the sampled ones it is as evenly spread as it has to be, and it is the same each time.
 *
 * @param traceId 32 hex digits, random
 * @param rate above 0 and at most 1
 */
export function samplingState(traceId: string, rate: number): string {
  const kept = BigInt(Math.round(rate * Number(VALUES)))
  const threshold = VALUES - kept
  const randomness = threshold + (randomnessOf(traceId) * kept) / VALUES
  return `ot=th:${hex(threshold).replace(/0+$/, '') || '0'};rv:${hex(randomness)}`
}

/**
 * The rate that a sampled trace of somebody else has begun with.
 *
 * @param traceId 32 hex digits
 * @param traceState the whole list
 * @returns undefined where it is not said, or what is said cannot be: then such a trace would not have been sampled
 */
export function rateOfState(traceId: string, traceState: string | undefined): number | undefined {
  const pairs = memberOf(traceState)?.split(';') ?? []
  const [digits] = pairs.flatMap((pair) => THRESHOLD.exec(pair)?.[1] ?? [])
  if (digits === undefined) return undefined
  const threshold = BigInt(`0x${digits.padEnd(DIGITS, '0')}`)
  const [explicit] = pairs.flatMap((pair) => RANDOMNESS.exec(pair)?.[1] ?? [])
  const randomness = explicit === undefined ? randomnessOf(traceId) : BigInt(`0x${explicit}`)
  if (randomness < threshold) return undefined
  return Number((Number(VALUES - threshold) / Number(VALUES)).toPrecision(RATE_DIGITS))
}

/** The list without a threshold that cannot be; undefined where nothing is left. */
export function withoutThreshold(traceState: string): string | undefined {
  const members = traceState.split(',').flatMap((member) => {
    const ours = MEMBER.exec(member)?.[1]
    if (ours === undefined) return [member]
    const rest = ours.split(';').filter((pair) => !pair.startsWith('th:'))
    return rest.length > 0 ? [`ot=${rest.join(';')}`] : []
  })
  return members.length > 0 ? members.join(',') : undefined
}

function memberOf(traceState: string | undefined): string | undefined {
  return traceState
    ?.split(',')
    .flatMap((member) => MEMBER.exec(member)?.[1] ?? [])
    .at(0)
}

function randomnessOf(traceId: string): bigint {
  return BigInt(`0x${traceId.slice(-DIGITS)}`)
}

function hex(value: bigint): string {
  return value.toString(16).padStart(DIGITS, '0')
}
