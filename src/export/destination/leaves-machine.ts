import type { Config } from '../../config/config.ts'
import type { Destination } from './destination.ts'

/** Whether spans are sent anywhere: local mode and the exporters `console`, `local` and `none` send nothing. */
export function leavesMachine({ exporter }: Pick<Config, 'exporter'>, { mode }: Destination): boolean {
  return mode !== 'local' && (exporter === 'cloud-trace' || exporter === 'otlp')
}
