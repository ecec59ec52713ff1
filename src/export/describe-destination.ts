import type { Destination } from './destination/destination.ts'

/** Where spans go, in words for the log. */
export function describeDestination(destination: Destination): string {
  if (destination.mode === 'local') return 'no project was found: traces stay on this machine'
  if (destination.mode === 'public') return `spans go to the community project ${destination.projectId}`
  return destination.projectId === undefined
    ? 'spans go to the endpoint that was named'
    : `spans go to project ${destination.projectId} (from ${destination.source})`
}
