/** What is told when the work of a call has ended; later calls do nothing. Throws nothing. */
export interface CallEnding {
  end(): void
  endWithError(thrown: unknown): void
}
