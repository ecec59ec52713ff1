/** One kind of personal data or secret: how it is found in a text and what stands there instead. */
export interface PiiRule {
  /** The rule is skipped for a text that contains none of these. Empty: always applied. */
  readonly hints: readonly string[]
  /**
   * Global, and linear in the length of any text: no unbounded quantifier inside another one, and a pattern that begins
   * with an unbounded class may only start where the class starts (a lookbehind), not at each of its characters. Never
   * matches nothing.
   */
  readonly pattern: RegExp
  /** What stands there instead; the match itself if it is nothing personal after all. */
  readonly replace: (match: RegExpExecArray) => string
}

/**
 * Not right behind a letter or a digit, unless that is the end of `%3D` or of `\n`: values are often URL-encoded, or
 * JSON inside a string.
 */
export const WORD_START: string = String.raw`(?<![A-Za-z0-9](?<!%[0-9A-Fa-f]{2}|\\[bfnrt]))`

/** Replaces in a text all that a rule finds. */
export function applyRule({ hints, pattern, replace }: PiiRule, text: string): string {
  if (hints.length > 0 && !hints.some((hint) => text.includes(hint))) return text
  // Not with matchAll, which copies the pattern each time: most texts have no match.
  pattern.lastIndex = 0
  let match = pattern.exec(text)
  if (!match) return text
  let result = ''
  let end = 0
  for (; match; match = pattern.exec(text)) {
    result += text.slice(end, match.index) + replace(match)
    end = match.index + match[0].length
  }
  return result + text.slice(end)
}
