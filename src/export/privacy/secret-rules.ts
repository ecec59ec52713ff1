import { type PiiRule, WORD_START } from './pii-rule.ts'

/** The beginnings by which providers mark their keys, each with the shortest body it can have. */
const KEYS = [
  'AIza[\\w-]{30,}', // Google API key
  'ya29\\.[\\w.-]{20,}', // Google access token
  '1//0[\\w-]{20,}', // Google refresh token
  'GOCSPX-[\\w-]{20,}', // Google client secret
  '(?:AKIA|ASIA)[0-9A-Z]{16}', // AWS
  'gh[opsur]_[A-Za-z0-9]{20,}', // GitHub
  'github_pat_\\w{20,}',
  'gl(?:pat|ptt|rt|dt|cbt|ft|soat|agent)-[\\w.-]{16,}', // GitLab
  'xox[a-z]-[\\w.-]{8,}', // Slack
  'xapp-\\d-[\\w-]{8,}',
  '[rs]k_(?:live|test)_[A-Za-z0-9]{10,}', // Stripe
  'whsec_[A-Za-z0-9+/]{16,}',
  'npm_[A-Za-z0-9]{30,}',
  'pypi-[\\w-]{50,}',
  'SG\\.[\\w-]{16,}\\.[\\w-]{16,}', // SendGrid
  'SK[0-9a-f]{32}', // Twilio
  'key-[0-9a-z]{32}', // Mailgun
  'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}', // Shopify
  'do[opr]_v1_[0-9a-f]{32,}', // DigitalOcean
  'hf_[A-Za-z0-9]{30,}', // Hugging Face
  'gsk_[A-Za-z0-9]{30,}', // Groq
  'xai-[A-Za-z0-9]{30,}',
  'dapi[0-9a-f]{32}', // Databricks
  'hv[bs]\\.[\\w-]{20,}', // HashiCorp Vault
  'ATATT3[\\w=-]{20,}', // Atlassian
  'gl(?:sa|c)_[\\w=]{30,}', // Grafana
  'sntr[yu]s_[\\w=+/-]{30,}', // Sentry
  'dckr_pat_[\\w-]{20,}', // Docker
  'NRAK-[A-Z0-9]{20,}', // New Relic
  '\\d{8,10}:AA[\\w-]{32,}', // Telegram
]

const NAMES_OF_SECRETS =
  'passw(?:or)?d|passphrase|(?<![a-z])pass|pwd|secret|(?:access|refresh|id|auth|session|api|secret|private|account|shared)[_-]?(?:access[_-]?)?(?:token|key)|api[_-]?secret|client[_-]?secret|token|signature|sig'

/** Credentials in the forms in which they are passed around: keys, tokens, `password=...`. In the order of application. */
export const SECRET_RULES: readonly PiiRule[] = [
  {
    hints: ['-----BEGIN'],
    // Without its end, because the text was cut, all that follows belongs to it.
    pattern: new RegExp(
      '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^]*?' +
        '(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)',
      'g',
    ),
    replace: () => '[private key]',
  },
  {
    hints: ['eyJ'],
    pattern: /(?<![\w-](?<!%[0-9A-Fa-f]{2}|\\[bfnrt]))eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*){0,3}/g,
    replace: () => '[token]',
  },
  {
    hints: ['earer', 'EARER'],
    pattern: new RegExp(`${WORD_START}(bearer(?:\\s+|%20|:\\s{0,4}))([\\w.~+/=-]{6,})`, 'gi'),
    replace: (match) => (isWord(match[2] ?? '') ? match[0] : `${match[1]}[token]`),
  },
  {
    hints: ['asic ', 'ASIC ', 'asic%20'],
    pattern: new RegExp(`${WORD_START}(basic(?: +|%20))([A-Za-z0-9+/_-]{6,}={0,2})`, 'gi'),
    replace: (match) => (isBase64(match[2] ?? '') ? `${match[1]}[token]` : match[0]),
  },
  {
    hints: [],
    pattern: new RegExp(`${WORD_START}(?:${KEYS.join('|')})`, 'g'),
    replace: () => '[api key]',
  },
  {
    // OpenAI, Anthropic, and others after them. Words in the same form, as in style sheets, have no digit.
    hints: ['sk-'],
    pattern: new RegExp(`${WORD_START}sk-[\\w-]{16,}`, 'g'),
    replace: (match) => (/\d/.test(match[0]) ? '[api key]' : match[0]),
  },
  {
    // `password=...` in connection strings and query strings, `"password":"..."` in JSON; prose has a space there.
    hints: ['=', '":', '%3D', '%3d'],
    pattern: new RegExp(
      `((?:${NAMES_OF_SECRETS})(?:=|%3D|\\\\?"\\s{0,2}:\\s{0,2}\\\\?"))(?!\\[[a-z -]{2,12}\\])([^\\s&;,"'<>\\\\]+)`,
      'gi',
    ),
    replace: (match) => `${match[1]}[secret]`,
  },
]

/** `Bearer authentication` is prose: a short word in letters of one case, with or without a capital. */
function isWord(text: string): boolean {
  return /^(?:[A-Z]?[a-z]{1,18}|[A-Z]{1,19})[.]?$/.test(text)
}

/** Encoded credentials come in fours, and are not a word. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && !isWord(text)
}
