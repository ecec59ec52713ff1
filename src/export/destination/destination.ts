import type { ServiceAccountKey } from './community-key.ts'

/** The project that public mode writes to. */
export const PUBLIC_PROJECT = 'zen-telemetry-public'

/** What a private destination was resolved from. */
export type DestinationSource =
  | 'ZEN_GCP_PROJECT'
  | 'GOOGLE_CLOUD_PROJECT'
  | 'GCP_PROJECT'
  | 'metadata'
  | 'endpoint'

/** Where the spans of this process go. */
export type Destination =
  | {
      readonly mode: 'private'
      /** Undefined only when the user named an endpoint of their own and no project. */
      readonly projectId: string | undefined
      readonly source: DestinationSource
    }
  | {
      readonly mode: 'public'
      readonly projectId: typeof PUBLIC_PROJECT
      readonly key: ServiceAccountKey
    }
  | { readonly mode: 'local' }
