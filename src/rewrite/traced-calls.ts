import { AGENT_KEY } from '../shared/agent-key.ts'

/** Stands behind the last line of what was rewritten, and is called where a function comes into being. */
export const HELPER = '__zenTelemetry'

/** Node shows no line of source that holds this, see `uncaught-source-line.ts`, which shows the one of the file. */
const MARKER = '/*node-do-not-add-exception-line*/'

/** Text that was put into a source. */
export interface Insertion {
  /** Index in the source. */
  readonly at: number
  readonly text: string
}

/**
 * Puts text into a source, and behind its last line the helper that hands functions to the agent. It is declared as a
 * function, so that it is there in circular imports too, and gives the function back where there is no agent: in a
 * thread that Node started without it, or in another realm.
 *
 * @param source what is changed
 * @param insertions in any order; at the same index, the first one comes first
 * @param location path or URL, as the agent is to know the module
 */
export function withTracedCalls(source: string, insertions: readonly Insertion[], location: string): string {
  let result = ''
  let done = 0
  let line = 1
  let lineStart = 0
  let marked = 0
  const shifts: string[] = []
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    for (const { 0: end, index } of source.slice(done, at).matchAll(LINE_END)) {
      line++
      lineStart = done + index + end.length
    }
    const inserted = marked === line ? text : text + MARKER
    marked = line
    result += source.slice(done, at) + inserted
    done = at
    shifts.push(`${line}:${at - lineStart}:${inserted.length}`)
  }
  const agent = `globalThis[Symbol.for(${JSON.stringify(AGENT_KEY)})]`
  const call = `${agent}?.traced?.(${JSON.stringify(location)},h,k,f,"${shifts.join()}")`
  return `${result}${source.slice(done)}
;function ${HELPER}(h,k,f){return ${call}??f}
`
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/g
