import { messageOf } from '../../shared/errors.ts'
import { exportFailure } from './export-failure.ts'
import type { Exporter } from './exporter.ts'

/**
 * Loads an exporter with the libraries behind it only when it is first needed: local mode never loads gRPC, and the last
 * resort is mostly not needed at all.
 *
 * @param name of the exporter
 * @param load imports and makes it
 */
export function createLazyExporter(name: string, load: () => Promise<Exporter>): Exporter {
  let loading: Promise<Exporter> | undefined
  const loaded = (): Promise<Exporter> => (loading ??= load())

  return {
    name,
    prepare: async () => (await loaded()).prepare?.(),
    send: async (spans, timeoutMs) => {
      try {
        return await (await loaded()).send(spans, timeoutMs)
      } catch (thrown) {
        loading = undefined
        return exportFailure('unknown', true, messageOf(thrown))
      }
    },
    encode: async (spans) => {
      const { encode } = await loaded()
      if (!encode) throw new Error(`${name} makes no requests`)
      return encode(spans)
    },
    close: async () => (await loading)?.close(),
  }
}
