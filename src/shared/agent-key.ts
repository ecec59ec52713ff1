/** The name under which the agent is found on `globalThis`, by its second copy and by modules that speak to it. */
export const AGENT_KEY = '@zen/telemetry'
