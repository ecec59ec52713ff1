import 'node:fs'

// Warmed up, so that the two marks cost nothing themselves.
performance.now()
globalThis.benchMark = performance.now()
