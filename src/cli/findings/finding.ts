/** How much a finding matters: `error` keeps spans from arriving, `warning` should be looked at. */
export type Severity = 'error' | 'warning' | 'info' | 'ok'

/** What can be found; the order is that of causes: what stands first may well be why the later ones are there. */
export const FINDING_CODES = [
  'switched-off',
  'node-too-old',
  'export-thread-fails',
  'proxy-refuses',
  'host-unreachable',
  'tls-failed',
  'clock-skew',
  'credentials-unusable',
  'credentials-missing',
  'project-invalid',
  'api-disabled',
  'project-not-found',
  'key-rejected',
  'login-expired',
  'quota-project-missing',
  'permission-missing',
  'quota-exceeded',
  'write-failed',
  'agent-late',
  'target-bundled',
  'target-not-found',
  'target-left',
  'spans-dropped',
  'agent-warning',
  'no-calls',
  'program-failed',
  'agent-not-in-command',
  'consent-on',
  'node-ok',
  'export-thread',
  'destination',
  'credentials',
  'credentials-expiry',
  'host-reachable',
  'clock-right',
  'write-accepted',
  'journal',
  'target-patched',
  'spans-delivered',
] as const
/** One of {@link FINDING_CODES}. */
export type FindingCode = (typeof FINDING_CODES)[number]

/** One thing that was found: data only, the words are in `finding-texts.ts`. */
export interface Finding {
  readonly code: FindingCode
  readonly values: Readonly<Record<string, string | number>>
}

/** Makes a finding. */
export function finding(code: FindingCode, values: Finding['values'] = {}): Finding {
  return { code, values }
}
