import { messageOf } from '../shared/errors.ts'
import type { Logger } from '../shared/log.ts'
import type { Targets } from '../targets/all-targets.ts'
import { wantedFunctions } from '../targets/wanted-functions.ts'
import { mayHold } from './may-hold.ts'
import type * as Rewriting from './rewrite-source.ts'
import { HELPER } from './traced-calls.ts'

/**
 * Given the source of a module, its format as Node has it (`module`, `commonjs`, the same with `-typescript`; undefined
 * where only the source can tell) and its path or URL, returns what is to be run instead, in the same format.
 */
export type Rewrite = (source: string, format: string | undefined, location: string) => string

/** The parser takes some 300 ms for a million of them, for which the application would have to wait. */
const MOST_CHARACTERS = 500_000
/** With a query, as tsx escapes it too. */
const TYPESCRIPT_FILE = /\.[cm]?tsx?(?:(?:[?#]|%3F).*)?$/

/**
 * Makes what puts calls of the agent into the sources of targets: around functions that cannot be reached from outside,
 * as they belong to single instances, or to the bindings of an ES module. A source that holds none, or cannot be
 * parsed, is left as it is.
 *
 * @param targets of this process
 * @param log takes a line at `debug` for what is not rewritten
 * @returns throws nothing
 */
export function createRewriter(targets: Pick<Targets, 'all' | 'add'>, log: Logger): Rewrite {
  return function rewrite(source, format, location) {
    try {
      const wanted = wantedFunctions(targets.all, location)
      const typed = format?.endsWith('typescript') === true || TYPESCRIPT_FILE.test(location)
      if (!mayHold(source, wanted, format, typed) || source.includes(HELPER)) return source
      if (source.length > MOST_CHARACTERS)
        throw new RangeError(`it has more than ${MOST_CHARACTERS} characters`)
      // Loaded here, as no module needs it in most processes: it takes half a millisecond.
      const { createRequire } = process.getBuiltinModule('node:module')
      const { rewriteSource } = createRequire(import.meta.url)('./source-rewriter.cjs') as typeof Rewriting
      const rewritten = rewriteSource(source, { location, wanted, format, typed })
      rewritten.more.forEach(targets.add)
      return rewritten.source ?? source
    } catch (error) {
      log.debug(
        `${location} is not rewritten (${messageOf(error)}); arrow functions in its classes and functions that it exports ` +
          'as an ES module are not traced',
      )
      return source
    }
  }
}
