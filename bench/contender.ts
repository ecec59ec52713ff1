/** One way of running a program, measured side by side with others. */
export interface Contender {
  readonly id: string
  /** As it stands in the tables. */
  readonly title: string
  /** Flags of Node, mostly a preload. */
  readonly flags: readonly string[]
  readonly program: string
  readonly args?: readonly string[]
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Takes part in every so many rounds; slow ones in fewer. Default 1. */
  readonly every?: number
  /** Whether it may write to stderr. Peers introduce themselves there; this agent must not. */
  readonly talks?: boolean
}
