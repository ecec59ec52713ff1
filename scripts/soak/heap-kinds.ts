import { readFileSync } from 'node:fs'

/** What a heap holds, in bytes. */
export interface HeapKinds {
  /** Objects, functions, strings, arrays: what a program makes, its libraries included. */
  readonly made: number
  /** What V8 keeps about programs: compiled code, feedback about types, shapes of objects. */
  readonly known: number
}

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: string[]; readonly node_types: [string[], ...unknown[]] }
  }
  readonly nodes: number[]
}

const KNOWN = new Set(['code', 'hidden', 'object shape'])

/** Adds up what is in a file of `writeHeapSnapshot`. */
export function readHeapKinds(file: string): HeapKinds {
  const { snapshot, nodes } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot
  const { node_fields: fields, node_types: types } = snapshot.meta
  const type = fields.indexOf('type')
  const size = fields.indexOf('self_size')
  const kinds = { made: 0, known: 0 }
  for (let node = 0; node < nodes.length; node += fields.length) {
    const name = types[0][nodes[node + type] ?? 0] ?? ''
    kinds[KNOWN.has(name) ? 'known' : 'made'] += nodes[node + size] ?? 0
  }
  return kinds
}
