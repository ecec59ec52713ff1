/** A bundle of its own, with the parser in it: it is only loaded for a source that may hold what is looked for. */
import { parse, type Program } from 'acorn'
import type { Target, WantedExport } from '../targets/target.ts'
import type { WantedFunctions } from '../targets/wanted-functions.ts'
import { exportedAgain, targetAt } from './exported-again.ts'
import { exportedFunctions } from './exported-functions.ts'
import { memberFunctions } from './member-functions.ts'
import { withTracedCalls } from './traced-calls.ts'
import { withoutTypes } from './without-types.ts'

/** What is to be rewritten, and why. */
export interface RewriteRequest {
  /** As Node has it; undefined where only the source can tell. */
  readonly format: string | undefined
  /** Whether it may be TypeScript. */
  readonly typed: boolean
  /** Path or URL, as the agent is to know the module. */
  readonly location: string
  readonly wanted: WantedFunctions
}

/** What came of it. */
export interface Rewritten {
  /** JavaScript; undefined if nothing of what is wanted is there. */
  readonly source: string | undefined
  /** Where it exports from other files what is wanted of it. */
  readonly more: readonly Target[]
}

/**
 * Puts a call of the agent around each function that is wanted. No line moves; in a line that is touched, what stands
 * behind the call moves to the right.
 *
 * @param source JavaScript or TypeScript
 * @param request what it is, and what is wanted of it
 * @throws {SyntaxError} if the source cannot be parsed
 */
export function rewriteSource(source: string, request: RewriteRequest): Rewritten {
  return request.typed
    ? withoutTypes(source, (javascript) => rewriteJavaScript(javascript, request))
    : rewriteJavaScript(source, request)
}

function rewriteJavaScript(source: string, { format, location, wanted }: RewriteRequest): Rewritten {
  const program = programOf(source, format?.replace(/-typescript$/, ''))
  const isModule = program.sourceType === 'module'
  const insertions = [
    ...(isModule ? exportedFunctions(program, source, wanted.exports) : []),
    ...memberFunctions(program, source, wanted.members),
  ]
  return {
    source: insertions.length === 0 ? undefined : withTracedCalls(source, insertions, location),
    more: isModule ? elsewhere(program, location, wanted.exports) : [],
  }
}

function elsewhere(program: Program, location: string, wanted: readonly WantedExport[]): Target[] {
  return exportedAgain(program, location, wanted).flatMap((again) => targetAt(again, location) ?? [])
}

function programOf(source: string, format: string | undefined): Program {
  if (format === 'module') return parseAs(source, 'module')
  try {
    return parseAs(source, 'commonjs')
  } catch (error) {
    if (format === 'commonjs') throw error
    return parseAs(source, 'module')
  }
}

function parseAs(source: string, sourceType: 'module' | 'commonjs'): Program {
  return parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true })
}
