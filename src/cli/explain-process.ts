import type { ProcessStatus } from '../export/metrics/process-status.ts'

const KILOBYTE = 1024
const INDENT = ' '.repeat(13)

/**
 * A process that runs with the agent, in lines: what it is and where its spans go, what became of them, and what is out
 * of the ordinary.
 */
export function explainProcess(status: ProcessStatus): string[] {
  const { pid, serviceName, mode, projectId, exporter, delivered, queueSize, breaker, lastError } = status
  const dropped = Object.entries(status.dropped).map(([reason, count]) => `${count} ${reason}`)
  const where = projectId === undefined ? mode : `${mode} to ${projectId}`
  const lost = dropped.length > 0 ? `dropped ${dropped.join(', ')}` : 'none dropped'
  const failure = lastError ? ` (${lastError.kind}): ${lastError.message}` : ''
  return [
    `process      ${pid} ${serviceName}, ${where} by ${exporter}`,
    `${INDENT}${delivered} delivered, ${queueSize} wait${onDisk(status)}, ${lost}${ratesOf(status)}`,
    ...(breaker === 'open' ? [`${INDENT}deliveries fail${failure}`] : []),
    ...(breaker === 'closed' && lastError ? [`${INDENT}last failure at ${lastError.at}${failure}`] : []),
    ...status.load.records
      .filter(({ revertedAt }) => revertedAt === undefined)
      .map(({ signal, value, action }) => `${INDENT}in force: ${action} (${signal} at ${value})`),
  ]
}

function onDisk({ journalBytes }: ProcessStatus): string {
  return journalBytes > 0 ? `, ${Math.ceil(journalBytes / KILOBYTE)} KB in the journal` : ''
}

function ratesOf({ samplingRate, rateBound }: ProcessStatus): string {
  const rate = samplingRate === undefined ? '' : `, ${percent(samplingRate)} sampled`
  return rateBound < 1 ? `${rate}, ${percent(rateBound)} at most` : rate
}

function percent(part: number): string {
  return `${Number((part * 100).toPrecision(2))} %`
}
