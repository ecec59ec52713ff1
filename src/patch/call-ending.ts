/** What is told when the work of a call has ended; later calls do nothing. Throws nothing. */
export interface CallEnding {
  /** @param result what the call returned, or its promise was fulfilled with, where that is known */
  end(result?: unknown): void
  endWithError(thrown: unknown): void
}
