import { stateFolder } from '../config/state-folder.ts'
import type { Config } from '../config/config.ts'
import type { Logger } from '../shared/log.ts'
import type { ProcessFacts } from '../transport/wire.ts'
import type { Destination } from './destination/destination.ts'
import { destinationIdentity } from './destination/destination-identity.ts'
import { leavesMachine } from './destination/leaves-machine.ts'
import { type Journal, type JournalOptions, openJournal, UNRESOLVED } from './journal/journal.ts'
import type { RecordedBy, SegmentHeader } from './journal/segment-format.ts'

/** What a journal of this process is opened with. */
export interface DestinationJournalOptions extends Pick<JournalOptions, 'owner' | 'onLost'> {
  readonly config: Config
  readonly facts: ProcessFacts
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Logger
}

/** What a service is called that has not said how, and one whose name may not be recorded. */
const UNNAMED_SERVICE = 'zen-library'

/**
 * Opens the journal for a destination.
 *
 * @param destination undefined: none is decided, and the process ends
 * @returns undefined where spans are written once, by the exporters `local`, `console` and `none` and in local mode
 */
export function openDestinationJournal(
  destination: Destination | undefined,
  options: DestinationJournalOptions,
): Journal | undefined {
  const { config } = options
  // An undecided destination may still be one of Google's.
  if (!leavesMachine(config, destination ?? { mode: 'private' })) return undefined
  if (destination?.mode === 'local') return undefined
  return openJournal({
    stateFolder: stateFolder(config.directory, options.environment),
    owner: options.owner,
    header: headerFor(destination, options),
    log: options.log,
    onLost: options.onLost,
  })
}

function headerFor(
  destination: Exclude<Destination, { mode: 'local' }> | undefined,
  { config, facts, environment }: DestinationJournalOptions,
): SegmentHeader {
  const anonymous: RecordedBy = {
    serviceName: UNNAMED_SERVICE,
    facts: { ...facts, serviceVersion: undefined },
  }
  if (!destination) return { mode: 'unresolved', destination: UNRESOLVED, recordedBy: anonymous }
  const { mode } = destination
  return {
    mode,
    destination: destinationIdentity(destination, config, environment),
    recordedBy: mode === 'public' ? anonymous : { serviceName: config.serviceName, facts },
  }
}
