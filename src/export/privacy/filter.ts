import { randomBytes } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import type { Mode, WireSpan } from '../../transport/wire.ts'
import { createAttributeGlobs } from './attribute-globs.ts'
import { limitErrorDetails } from './error-details.ts'
import type { MachineNames } from './machine-name-rules.ts'
import { inTurn, mapTexts } from './map-texts.ts'
import { createPiiFilter } from './pii-filter.ts'
import { createPublicAllowList } from './public-allow-list.ts'
import { limitCounts, SIZES } from './service-limits.ts'

/** What decides what may leave. */
export interface PrivacyFilterOptions {
  readonly mode: Mode
  readonly config: Pick<Config, 'piiFilter' | 'attributesAllow' | 'attributesDeny' | 'errorDetails'>
  /** Removed from all texts, if the PII filter is on. */
  readonly names: MachineNames
  /** Random bytes for the trace ids of public mode; by default made once for each filter. */
  readonly salt?: Uint8Array
}

/**
 * Reduces a span to what may leave; undefined: the span may not leave. Never changes what it is given, and returns the very
 * same span where all of it may leave.
 */
export type PrivacyFilter = (span: WireSpan) => WireSpan | undefined

/**
 * What a mode lets through. It stands before the journal and every exporter: nothing reaches a disk or a socket but what
 * this returns.
 *
 * Public mode: the allow-list alone, whatever the configuration says. Private and local mode: what the user's globs and
 * `ZEN_TELEMETRY_ERROR_DETAILS` leave, without personal data, within the limits of the service.
 */
export function createPrivacyFilter(options: PrivacyFilterOptions): PrivacyFilter {
  if (options.mode === 'public') return createPublicAllowList(options.salt ?? randomBytes(32))

  const { config } = options
  const mayRecord = createAttributeGlobs({ allow: config.attributesAllow, deny: config.attributesDeny })
  // Counted before and cut after the filter: it has less to read, and never half a secret that it cannot recognise.
  const texts = config.piiFilter ? inTurn(createPiiFilter(options.names), SIZES) : SIZES

  return (span) => {
    const wanted = limitErrorDetails(selectAttributes(span, mayRecord), config.errorDetails)
    return mapTexts(limitCounts(wanted), texts)
  }
}

function selectAttributes(span: WireSpan, mayRecord: (name: string) => boolean): WireSpan {
  // The field becomes an attribute, and is denied as one.
  const mayBeIncomplete = !span.incomplete || mayRecord('zen.incomplete')
  if (mayBeIncomplete && Object.keys(span.attributes).every(mayRecord)) return span
  const { incomplete, ...rest } = span
  return {
    ...rest,
    attributes: Object.fromEntries(Object.entries(span.attributes).filter(([name]) => mayRecord(name))),
    ...(incomplete && mayBeIncomplete && { incomplete }),
  }
}
