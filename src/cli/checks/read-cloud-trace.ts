import { GoogleAuth } from 'google-auth-library'

/** A span as version 1 of the API gives it: ids are decimal numbers there. */
interface ApiSpan {
  readonly spanId?: string
  readonly parentSpanId?: string
  readonly name?: string
  readonly startTime?: string
  readonly endTime?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** A span that was read. */
export interface CloudTraceSpan {
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
  readonly sampled: true
  readonly parentSpanId: string | undefined
  readonly name: string
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
  readonly attributes: Readonly<Record<string, string>>
}

/** Enough to read traces, which the credentials of an agent need not allow. */
const READ_SCOPE = 'https://www.googleapis.com/auth/trace.readonly'
const API = 'https://cloudtrace.googleapis.com/v1'
const REQUEST_MS = 10_000

/**
 * Reads a trace, with Application Default Credentials.
 *
 * @param traceId 32 hex digits
 * @returns none if there is no such trace
 * @throws what the API or the network says
 * @see https://cloud.google.com/trace/docs/reference/v1/rest/v1/projects.traces/get
 */
export async function readCloudTrace(projectId: string, traceId: string): Promise<readonly CloudTraceSpan[]> {
  const auth = new GoogleAuth({ scopes: [READ_SCOPE], projectId })
  try {
    const { data } = await auth.request<{ readonly spans?: readonly ApiSpan[] }>({
      url: `${API}/projects/${projectId}/traces/${traceId}`,
      timeout: REQUEST_MS,
      retry: false,
    })
    return (data.spans ?? []).map((span) => spanOf(traceId, span))
  } catch (thrown) {
    if (Number((thrown as { status?: unknown }).status) === 404) return []
    throw thrown
  }
}

function spanOf(traceId: string, span: ApiSpan): CloudTraceSpan {
  const { spanId = '0', parentSpanId, name = '', startTime = '', endTime = '', labels = {} } = span
  return {
    traceId,
    spanId: hexId(spanId),
    sampled: true,
    parentSpanId: parentSpanId === undefined || parentSpanId === '0' ? undefined : hexId(parentSpanId),
    name,
    start: Date.parse(startTime),
    end: Date.parse(endTime),
    attributes: labels,
  }
}

function hexId(decimal: string): string {
  return BigInt(decimal).toString(16).padStart(16, '0')
}
