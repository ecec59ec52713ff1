import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto'

const id = (): string => randomBytes(6).toString('hex')

/** Secrets that exist nowhere else, by the place an application keeps them in. */
export interface Canaries {
  /** What the application reads. */
  readonly book: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly argument: string
  readonly packageName: string
  readonly packageVersion: string
  readonly folder: string
  readonly user: string
  readonly host: string
  /** Of kinds that the filter knows; in no mode they leave, nor reach a disk. */
  readonly filtered: Readonly<Record<string, string>>
  /** Recorded in no mode, whatever they look like. */
  readonly never: Readonly<Record<string, string>>
  /** The application's own words: recorded in private mode, never in public mode. */
  readonly words: Readonly<Record<string, string>>
}

/** Plants one secret in each place, and one of each kind in the texts that private mode records. */
export function plantCanaries(): Canaries {
  const user = `tilda-${id()}`
  const host = `host-${id()}.internal.example`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const filtered = {
    email: `jane.${id()}@shop-${id()}.example`,
    bearer: `${id()}Ab1${id()}Zz9${id()}`,
    jwt: `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(`{"sub":"${id()}"}`).toString('base64url')}.${id()}${id()}`,
    googleKey: `AIza${id()}${id()}${id()}x`.slice(0, 39),
    awsKey: `AKIA${id().toUpperCase()}ABCD`,
    githubToken: `ghp_${id()}${id()}${id()}`,
    privateKey: pem.split('\n')[3] ?? '',
    ipv4: '203.0.113.197',
    ipv6: '2001:db8:4af1::7c1d',
    password: `pw${id()}`,
    card: cardNumber(),
    home: `kim${id()}`,
    user,
    host,
  }
  const words = {
    className: `Declined${id()}Error`,
    attributeName: `shop.${id()}`,
    attributeValue: `green-tea-${id()}`,
    messageWord: `teapot-${id()}`,
    packageVersion: `1.0.0-${id()}`,
    folder: `shop-${id()}`,
  }
  const never = {
    argument: `argument-${id()}`,
    result: `result-${id()}`,
    environmentValue: `environment-${id()}`,
    commandLine: `line-${id()}`,
    packageName: `package-${id()}`,
    orchestratorName: `orchestrator-${id()}`,
    traceState: `state${id()}`,
    baggage: `baggage-${id()}`,
  }
  const everyKind =
    `to ${filtered.email} with Bearer ${filtered.bearer} and ${filtered.jwt} and ${filtered.googleKey}, ` +
    `${filtered.awsKey}, ${filtered.githubToken}; from ${filtered.ipv4} and ${filtered.ipv6} ` +
    `by https://jane:${filtered.password}@db.example/x card ${filtered.card} in /home/${filtered.home}/shop ` +
    `for ${user} on ${host}\n${pem}`
  return {
    filtered,
    never,
    words,
    user,
    host,
    folder: words.folder,
    packageName: never.packageName,
    packageVersion: words.packageVersion,
    argument: never.commandLine,
    environment: { SHOP_SECRET: never.environmentValue, SHOP_EVERYTHING: everyKind },
    book: {
      traceId: randomBytes(16).toString('hex'),
      argument: `${never.argument} ${everyKind}`,
      result: `${never.result} ${everyKind}`,
      orchestratorName: never.orchestratorName,
      traceState: never.traceState,
      baggage: never.baggage,
      className: words.className,
      attributeName: words.attributeName,
      attributeValue: words.attributeValue,
      attributeSecrets: everyKind,
      cardNumber: filtered.card.replaceAll(' ', ''),
      recordedMessage: `${words.messageWord} ${everyKind}`,
      message: `${words.messageWord} ${everyKind}`,
    },
  }
}

/** Of the kind that shops test with, with the right check digit, in groups. */
function cardNumber(): string {
  const digits = `4${randomInt(1e14).toString().padStart(14, '0')}`
  const doubled = Array.from(digits, (digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1))
  const sum = doubled.reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`.replaceAll(/(\d{4})(?=\d)/g, '$1 ')
}
