import type { Config } from '../../config/config.ts'
import type { Destination } from './destination.ts'

type Decisive = Pick<Config, 'exporter' | 'inspectFile'>

/** Whether spans are sent anywhere: not in local mode, by `console`, `local` or `none`, nor while they are inspected. */
export function leavesMachine(
  { exporter, inspectFile }: Decisive,
  { mode }: Pick<Destination, 'mode'>,
): boolean {
  return inspectFile === undefined && mode !== 'local' && (exporter === 'cloud-trace' || exporter === 'otlp')
}
