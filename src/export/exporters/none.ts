import type { Exporter } from './exporter.ts'

/** Makes an exporter that takes everything and sends nothing. */
export function createNoneExporter(): Exporter {
  return { name: 'none', send: async () => ({ status: 'accepted' }), close: async () => {} }
}
