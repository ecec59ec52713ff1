import { fileURLToPath } from 'node:url'
import type { Target, TargetMethod } from '../targets/target.ts'
import type { SpanTemplate } from '../tracing/span-template.ts'
import { rememberShifts } from './original-column.ts'
import { wrapFunction } from './patch-method.ts'
import type { TracedCall } from './traced-call.ts'
import { printWhenUncaught } from './uncaught-source-line.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** What a rewritten source hands over; the last says where its text was moved, see `rememberShifts`. */
export type HandedOver = readonly [
  location: string,
  holder: object | string | null,
  key: string,
  original: AnyFunction,
  shifts: string,
]

/** Traces functions that rewritten sources hand over as they come into being. */
export interface TracedFunctions {
  /** A class of a target was found among the exports of a module. */
  found(target: Target, prototype: object): void
  /**
   * The traced function for one that an object gets as a member, or that a module exports; the original if it is none of a
   * target's. Instead of an object there is null then, or the location of the module that exports it again.
   */
  trace(...handed: HandedOver): AnyFunction
}

/** What is known of a module, so that an instance costs little. */
interface Place {
  readonly path: string
  readonly targets: readonly {
    readonly target: Target
    readonly templates: Map<string, SpanTemplate | undefined>
  }[]
}

/**
 * Makes what {@link TracedFunctions} says.
 *
 * @param targets of this process
 * @param templateOf what the spans of a method have in common, in a module at a path
 * @param onTraced told once for each target and name in a module
 * @param tracedCall makes the spans
 */
export function createTracedFunctions(
  targets: readonly Target[],
  templateOf: (target: Target, method: TargetMethod, path: string) => SpanTemplate,
  onTraced: (target: Target, spanName: string, path: string) => void,
  tracedCall: TracedCall,
): TracedFunctions {
  const prototypes = new Map<Target, WeakSet<object>>()
  const places = new Map<string, Place>()
  const rewritten = new Set<string>()

  function placeOf(location: string): Place {
    let place = places.get(location)
    if (place) return place
    const path = pathAt(location)
    const matching = targets.filter(({ matches }) => matches(location))
    place = { path, targets: matching.map((target) => ({ target, templates: new Map() })) }
    places.set(location, place)
    return place
  }

  function noteRewritten(location: string, shifts: string): void {
    rewritten.add(location)
    rememberShifts(pathAt(location), shifts)
    printWhenUncaught()
  }

  function isMeant(target: Target, holder: object | null): boolean {
    if (holder === null || target.exportName === undefined)
      return (holder === null) === (target.exportName === undefined)
    const known = prototypes.get(target)
    let at = Object.getPrototypeOf(holder) as object | null
    for (; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      if (known?.has(at) === true || nameOfClass(at) === target.exportName) return true
    }
    return false
  }

  function newTemplate(target: Target, key: string, path: string): SpanTemplate | undefined {
    const method = methodOf(target, key)
    if (!method) return undefined
    onTraced(target, method.spanName, path)
    return templateOf(target, method, path)
  }

  return {
    found(target, prototype) {
      const known = prototypes.get(target) ?? new WeakSet()
      prototypes.set(target, known.add(prototype))
    },
    trace(location, holder, key, original, shifts) {
      if (!rewritten.has(location)) noteRewritten(location, shifts)
      const isExportedAgain = typeof holder === 'string'
      const { path, targets: matching } = placeOf(isExportedAgain ? holder : location)
      for (const { target, templates } of matching) {
        if (!isMeant(target, isExportedAgain ? null : holder)) continue
        if (!templates.has(key)) templates.set(key, newTemplate(target, key, path))
        const template = templates.get(key)
        if (template) return wrapFunction(original, template, tracedCall)
      }
      return original
    },
  }
}

function pathAt(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location) : location
}

/** Its instances may be made before the module has exported it. Getters are not asked. */
function nameOfClass(prototype: object): unknown {
  const constructor: unknown = Reflect.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof constructor === 'function'
    ? Reflect.getOwnPropertyDescriptor(constructor, 'name')?.value
    : undefined
}

function methodOf({ exportName, methods }: Target, key: string): TargetMethod | undefined {
  if (methods === '*') return { method: key, spanName: `${exportName}.${key}`, attributes: {} }
  return methods.find(({ method }) => method === key)
}
