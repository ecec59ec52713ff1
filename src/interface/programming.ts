import type {
  Attributes,
  Carrier,
  Cost,
  CostResolver,
  InstrumentOptions,
  LinkedCost,
  LinkedSpan,
  Settings,
  TraceIds,
} from '../index.ts'

/** What the agent does for the functions of `index.ts`, whose documentation holds. Nothing here throws an error of its own. */
export interface Programming {
  wrap<F>(target: F, name: string, attributes: Attributes): F
  instrument<T>(target: T, options: InstrumentOptions): T
  addAttributes(attributes: Attributes): void
  recordError(error: unknown): void
  currentTrace(): TraceIds | undefined
  inject(carrier: Carrier): void
  injectEnvironment(environment: Record<string, string | undefined>): void
  within<T>(carrier: Carrier, fn: () => T): T
  linkCost<T extends Cost>(cost: T): LinkedCost<T>
  linkedData(id: string): Promise<Cost | readonly LinkedSpan[] | undefined>
  costStore(resolver: CostResolver | undefined): void
  configure(settings: Settings): void
}
