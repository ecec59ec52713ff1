'use strict'

class ZenOrchestrator {
  run(count) {
    return count + 1
  }

  async processCommand(count) {
    return count + 1
  }

  process_command(work) {
    return work()
  }

  untraced(work) {
    return work()
  }
}

module.exports = { ZenOrchestrator }
