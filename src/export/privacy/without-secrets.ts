import { USER_INFO_RULE } from './network-rules.ts'
import { applyRule } from './pii-rule.ts'
import { SECRET_RULES } from './secret-rules.ts'

const RULES = [...SECRET_RULES, USER_INFO_RULE]
/** Of a log line no more is shown. */
const LONGEST = 4096

/** A text without keys, tokens and passwords, for log lines and the command line tool; addresses and paths stay. */
export function withoutSecrets(text: string): string {
  return RULES.reduce((given, rule) => applyRule(rule, given), text.slice(0, LONGEST))
}
