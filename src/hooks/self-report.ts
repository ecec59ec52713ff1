import { AGENT_KEY } from '../shared/agent-key.ts'

const NAMESPACE = '__zenTelemetryNamespace'

/**
 * Makes an ES module report its own namespace when it has run: two statements behind its last line import the module
 * itself and hand the namespace over. Nothing stands between the module and its importers, so live bindings, `export *`,
 * circular imports, top-level await and the module's identity stay as they are, and no line moves.
 *
 * @param source the module's source
 * @param url the module's URL, as it will be resolved again
 */
export function withSelfReport(source: string, url: string): string {
  if (source.includes(NAMESPACE)) return source
  const quoted = JSON.stringify(url)
  return `${source}
;import * as ${NAMESPACE} from ${quoted};
globalThis[Symbol.for(${JSON.stringify(AGENT_KEY)})]?.moduleLoaded(${NAMESPACE}, ${quoted});
`
}

/**
 * Whether a loaded module can be given the report.
 *
 * @param format as the load hook returns it
 */
export function canReport(format: string | null | undefined): boolean {
  return format === 'module' || format === 'module-typescript'
}

/**
 * The same for a CommonJS module whose source a loader made: Node runs it without `Module.prototype.load`.
 *
 * @param source the module's source
 * @param url the module's URL
 */
export function withCommonJsReport(source: string, url: string): string {
  return `${source}
;globalThis[Symbol.for(${JSON.stringify(AGENT_KEY)})]?.moduleLoaded(module.exports, ${JSON.stringify(url)});
`
}
