import type { Attributes, Cost, CostResolver, LinkedCost, TraceIds } from '../index.ts'

const MOST_REMEMBERED = 1000
const TRACE_ID = /^[0-9a-f]{32}$/

/** Names under which the clients of language models report what a call used. */
const NAMES = {
  total: ['totalCost', 'total_cost', 'totalUsd', 'total_usd', 'costUsd', 'cost_usd'],
  input: ['inputTokens', 'input_tokens', 'promptTokens', 'prompt_tokens'],
  output: ['outputTokens', 'output_tokens', 'completionTokens', 'completion_tokens'],
  model: ['model'],
} as const

/** Remembers which cost belongs to which trace. */
export interface CostLinks {
  /** Sets the trace on a record, or on a copy of one that cannot be changed, and remembers it. */
  link<T extends Cost>(cost: T, trace: TraceIds): LinkedCost<T>
  /** The record of a trace, or the one with this id. */
  find(id: string): Promise<LinkedCost<Cost> | undefined>
  setResolver(resolver: CostResolver | undefined): void
}

/** Remembers the last 1,000 records; a resolver of the application is asked first. */
export function createCostLinks(): CostLinks {
  const remembered = new Map<string, LinkedCost<Cost>>()
  let resolver: CostResolver | undefined

  function link<T extends Cost>(cost: T, trace: TraceIds): LinkedCost<T> {
    const linked = (
      Reflect.set(cost, 'traceContext', trace) ? cost : { ...cost, traceContext: trace }
    ) as LinkedCost<T>
    remember(trace.traceId, linked)
    if (typeof cost.id === 'string') remember(cost.id, linked)
    return linked
  }

  function remember(key: string, cost: LinkedCost<Cost>): void {
    remembered.delete(key)
    remembered.set(key, cost)
    // Two keys for each record.
    if (remembered.size <= 2 * MOST_REMEMBERED) return
    for (const oldest of remembered.keys()) return void remembered.delete(oldest)
  }

  async function find(id: string): Promise<LinkedCost<Cost> | undefined> {
    return (await resolver?.(id)) ?? remembered.get(id)
  }

  return { link, find, setResolver: (given) => (resolver = given) }
}

/** Whether an id is that of a trace. */
export function isTraceId(id: string): boolean {
  return TRACE_ID.test(id)
}

/** The attributes of a cost. Only numbers and the model are looked at, and only where they are plain properties. */
export function costAttributes(cost: object): Attributes {
  const attributes: Record<string, string | number> = {}
  const total = firstOf(cost, NAMES.total)
  const input = firstOf(cost, NAMES.input)
  const output = firstOf(cost, NAMES.output)
  const model = firstOf(cost, NAMES.model)
  if (typeof total === 'number') attributes['cost.total_usd'] = total
  if (typeof model === 'string') attributes['cost.model'] = model
  if (typeof input === 'number') attributes['cost.tokens.input'] = input
  if (typeof output === 'number') attributes['cost.tokens.output'] = output
  return attributes
}

/** The attributes of the `usage` and `cost` objects in what a call returned. */
export function resultCostAttributes(result: unknown): Attributes {
  if (typeof result !== 'object' || result === null) return {}
  const model = { model: plainProperty(result, 'model') }
  const found = [plainProperty(result, 'usage'), plainProperty(result, 'cost')].filter(
    (value): value is object => typeof value === 'object' && value !== null,
  )
  return found.length > 0 ? Object.assign({}, ...[model, ...found].map(costAttributes)) : {}
}

function firstOf(from: object, names: readonly string[]): unknown {
  for (const name of names) {
    const value = plainProperty(from, name)
    if (value !== undefined) return value
  }
  return undefined
}

/** Getters of the application are not called. */
function plainProperty(from: object, name: string): unknown {
  return Reflect.getOwnPropertyDescriptor(from, name)?.value
}
