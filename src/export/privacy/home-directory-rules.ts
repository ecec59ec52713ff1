import type { PiiRule } from './pii-rule.ts'

/**
 * The owner's name in paths of home directories, whoever the owner is. `/home/` in the path of a URL cannot be told apart
 * and loses a segment too.
 */
export const HOME_DIRECTORY_RULES: readonly PiiRule[] = [
  {
    hints: ['/home/', '/Users/', '%2Fhome%2F', '%2FUsers%2F'],
    pattern: /((?:\/|%2F)(?:home|Users)(?:\/|%2F))[^\s\\/:"'`<>|?*,;()[\]{}%&]+/g,
    replace: (match) => `${match[1]}[user]`,
  },
  {
    // With a drive, any slash (`C:/Users/x`, `C:\\Users\\x` inside JSON); without one, backslashes only: `/users/7` is a URL.
    // A name may have spaces where a separator shows its end.
    hints: ['sers', 'SERS', 'ettings'],
    pattern:
      /((?:[a-z]:[\\/]{1,2}|\\{1,2})(?:users|documents and settings)[\\/]{1,2})(?!\[user\])(?:[^\s\\/:"'`<>|?*]+(?: [^\s\\/:"'`<>|?*]+){1,3}(?=[\\/])|[^\s\\/:"'`<>|?*]+)/gi,
    replace: (match) => `${match[1]}[user]`,
  },
]
