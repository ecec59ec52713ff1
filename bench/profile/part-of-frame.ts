import type { SourceOfBundle } from './source-of-bundle.ts'

/** Where a function stands, as V8's profiler writes it: lines and columns count from 0. */
export interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
  readonly columnNumber: number
}

const INSTALLED = '/node_modules/@zen/telemetry/dist/'
const V8 = new Map([
  ['(garbage collector)', 'V8: garbage collector'],
  ['(program)', 'native code'],
])

/**
 * Names the part of a process that a function belongs to: a room of the agent, a package bundled with it, a part of
 * Node, or the program.
 *
 * @returns undefined for what is no work: an idle event loop, the root of the tree
 */
export function partOfFrame(frame: CallFrame, sourceOf: SourceOfBundle): string | undefined {
  const { functionName, url } = frame
  if (url === '') return functionName.startsWith('(') ? V8.get(functionName) : 'native code'
  if (url.startsWith('node:')) return `Node: ${partOfNode(url.slice('node:'.length))}`
  const at = url.indexOf(INSTALLED)
  if (at === -1) return url.includes('/@zen/telemetry/') ? 'agent: register' : 'program'
  const bundle = url.slice(at + INSTALLED.length)
  const source = sourceOf(bundle, frame.lineNumber, frame.columnNumber)
  return source === undefined ? `agent: ${bundle}` : partOfSource(source)
}

function partOfSource(source: string): string {
  // The application thread stands still there at the end of the process.
  if (source === 'src/transport/finish-handshake.ts') return 'agent: waiting for the last delivery'
  const inPackage = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)
  if (inPackage) return `bundled: ${inPackage[1]}`
  const [, room = '', inner] = source.split('/')
  if (!source.includes('/') || !source.startsWith('src/')) return 'agent: bundle'
  return room === 'export' && inner !== undefined && !inner.includes('.')
    ? `agent: export/${inner}`
    : `agent: ${room.replace(/\.ts$/, '')}`
}

function partOfNode(id: string): string {
  if (/^internal\/(?:modules|bootstrap|process\/esm|per_context|vm|main|process\/pre)/.test(id))
    return 'modules'
  if (/worker|message/.test(id)) return 'worker threads'
  if (/timers|task_queues|promise|async_|event_target|events/.test(id))
    return 'timers, promises, async context'
  if (/http|net|tls|stream|crypto|dns/.test(id)) return 'network and crypto'
  if (/fs|path|url|buffer|encoding/.test(id)) return 'files, URLs, buffers'
  return 'other'
}
