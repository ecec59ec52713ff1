import type { AttributeValue } from '../../transport/wire.ts'
import { BUILTIN_OPERATIONS, BUILTIN_SPAN_NAMES, OWN_ATTRIBUTES } from './builtin-vocabulary.ts'
import { CARD_NUMBER_RULE, isCardNumber } from './card-number-rule.ts'
import { HOME_DIRECTORY_RULES } from './home-directory-rules.ts'
import { type MachineNames, machineNameRules } from './machine-name-rules.ts'
import type { TextKind, TextMapping } from './map-texts.ts'
import { NETWORK_RULES } from './network-rules.ts'
import { applyRule, type PiiRule } from './pii-rule.ts'
import { SECRET_RULES } from './secret-rules.ts'

/** Nothing that is found without punctuation, keys and card numbers, is shorter. */
const SHORTEST_WITHOUT_PUNCTUATION = 13
const PUNCTUATION = /[@:.%\\/=]/

/** A secret that starts within the bytes that may leave is seen whole, if it is no longer than the slack. */
const LONGEST_TEXT = 65_536
const SLACK = 8192

/** What the spans of a program have in common, where values and messages may be new each time. */
const RECURRING: ReadonlySet<TextKind> = new Set(['name', 'key', 'errorType'])
const LONGEST_REMEMBERED = 128
const MOST_REMEMBERED = 500

/** The agent's own words, which a user named `main` must not change. */
const OWN_WORDS = new Set([...BUILTIN_SPAN_NAMES, ...BUILTIN_OPERATIONS, ...OWN_ATTRIBUTES])

/** Rules for all that does not depend on the machine, in the order of application. */
export const PII_RULES: readonly PiiRule[] = [
  ...SECRET_RULES,
  ...NETWORK_RULES,
  CARD_NUMBER_RULE,
  ...HOME_DIRECTORY_RULES,
]

/**
 * Removes personal data and secrets from everything in a span that the application can have written: the span's name, names
 * and values of attributes, messages and stacks of errors. For `mapTexts`.
 *
 * Written by hand because the libraries for it that were looked at are asynchronous, load hundreds of patterns, or know
 * a few kinds only; none promises linear time.
 */
export function createPiiFilter(names: MachineNames): TextMapping {
  const filter = createTextFilter(names)
  const recurring = remembering(filter)
  return {
    text: (text, kind) => (RECURRING.has(kind) ? recurring(text) : filter(text)),
    value: filterNumbers,
  }
}

/** Which text it becomes depends on nothing but the text: what is the same in one span after the other is looked up. */
function remembering(filter: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return filter(text)
    let filtered = known.get(text)
    if (filtered === undefined) {
      filtered = filter(text)
      if (known.size >= MOST_REMEMBERED) known.clear()
      known.set(text, filtered)
    }
    return filtered
  }
}

/**
 * The same for one text. Takes time linear in its length, and next to none for ordinary short values.
 *
 * @returns the text with `[email]`, `[token]`, `[ip]` ... where something was found; at most 72 Ki characters long
 */
export function createTextFilter(names: MachineNames): (text: string) => string {
  const nameRules = machineNameRules(names)
  return (text) => {
    if (OWN_WORDS.has(text)) return text
    if (text.length > LONGEST_TEXT + SLACK) {
      // A secret may be cut in half at the end, and shorter text before it may move it to where it would leave.
      return filter(text.slice(0, LONGEST_TEXT + SLACK)).slice(0, -SLACK)
    }
    return filter(text)
  }

  function filter(text: string): string {
    const plain = text.length < SHORTEST_WITHOUT_PUNCTUATION && !PUNCTUATION.test(text)
    const filtered = plain ? text : PII_RULES.reduce((given, rule) => applyRule(rule, given), text)
    return nameRules.reduce((given, rule) => applyRule(rule, given), filtered)
  }
}

/** A card number may also be stored as a number; an array stays of one kind. */
function filterNumbers(value: Exclude<AttributeValue, string>): AttributeValue {
  if (typeof value === 'number') return isCard(value) ? '[card]' : value
  if (!Array.isArray(value) || !value.some(isCard)) return value
  return value.map((element) => (isCard(element) ? '[card]' : String(element)))
}

function isCard(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && isCardNumber(String(value))
}
