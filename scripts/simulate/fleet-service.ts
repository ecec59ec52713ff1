/** A Cloud Trace that takes so many writes a minute, as docs/FLEET.md describes it. */
export interface FleetService {
  /** One write at a time that never goes back, in milliseconds: whether it is accepted. */
  write(time: number): boolean
  /** Changes the quota, in writes a minute. */
  setQuota(quota: number): void
}

const MINUTE_MS = 60_000

/**
 * Makes a service with one bucket: it holds a minute's quota, fills evenly, and each write takes one out, a refused one
 * too, down to a minute's quota below nothing.
 */
export function createFleetService(firstQuota: number): FleetService {
  let quota = firstQuota
  let level = quota
  let last = 0
  return {
    write(time) {
      level = Math.min(quota, level + ((time - last) * quota) / MINUTE_MS)
      last = time
      const accepted = level >= 1
      level = Math.max(-quota, level - 1)
      return accepted
    },
    setQuota(changed) {
      quota = changed
    },
  }
}
