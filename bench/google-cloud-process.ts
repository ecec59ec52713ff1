/** The Google Cloud of the fixtures as a process of its own: the bench blocks while it waits for what it measures. */
import { startGoogleCloud } from '../fixtures/google-cloud/google-cloud.ts'

const cloud = await startGoogleCloud()

process.on('message', (request) => {
  if (request === 'environment') process.send?.(cloud.env({ credentials: 'metadata' }))
  if (request === 'delivered') {
    process.send?.(cloud.spans().filter(({ name }) => name === 'zen.orchestrator.run').length)
    cloud.reset()
  }
})
process.on('disconnect', () => void cloud.close())
