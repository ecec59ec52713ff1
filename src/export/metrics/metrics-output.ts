/** Where the agent's own metrics go, once it is open. */
export interface MetricsOutput {
  /** Sends what has not been sent; never rejects. */
  flush(): Promise<void>
}
