import { installAllReleases } from './node-lines.ts'
import { packAgent } from './packed-agent.ts'

/** Vitest's global set-up of the tests that run whole processes: the packed tarball and the Node lines. */
export default function setup(): void {
  packAgent()
  installAllReleases()
}
