import type { ProcessStatus } from '../export/metrics/process-status.ts'

/** One line about a process that runs with the agent: what it is, where its spans go, what became of them. */
export function explainProcess(status: ProcessStatus): string {
  const { pid, serviceName, mode, projectId, exporter, delivered, queueSize, breaker, lastError } = status
  const dropped = Object.entries(status.dropped).map(([reason, count]) => `${count} ${reason}`)
  const failing =
    breaker === 'open'
      ? `; deliveries fail${lastError ? ` (${lastError.kind}): ${lastError.message}` : ''}`
      : ''
  const where = projectId === undefined ? mode : `${mode} to ${projectId}`
  const lost = dropped.length > 0 ? `dropped ${dropped.join(', ')}` : 'none dropped'
  return `${pid} ${serviceName}, ${where} by ${exporter}: ${delivered} delivered, ${queueSize} wait, ${lost}${failing}`
}
