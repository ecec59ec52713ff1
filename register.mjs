// Without import statements: on Node 20, where the agent is switched off, a single one would take 2 ms.
const OFF_SWITCHES = ['ZEN_TELEMETRY_DISABLED', 'DO_NOT_TRACK', 'OTEL_SDK_DISABLED']

if (!OFF_SWITCHES.some((name) => isOn(process.env[name]))) {
  if (process.getBuiltinModule) {
    process.getBuiltinModule('node:module').createRequire(import.meta.url)('./register.cjs')
  } else {
    // A Node that is too old, which is said there; nothing waits for it.
    import('./register.cjs').catch(() => {})
  }
}

function isOn(value) {
  return value !== undefined && /^\s*(true|1|yes)\s*$/i.test(value)
}
