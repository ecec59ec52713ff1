const end = performance.now()
globalThis.benchPreload = end - globalThis.benchMark
globalThis.benchMark = performance.now()
