import { describe, expect, it } from 'vitest'
import { endpoints, endpointUrl, isGoogleEndpoint } from '../../src/config/endpoint.ts'

describe('an endpoint', () => {
  it.each([
    ['collector', 'https://collector/'],
    ['collector:4317', 'https://collector:4317/'],
    ['10.0.0.1:4317', 'https://10.0.0.1:4317/'],
    ['[::1]:4317', 'https://[::1]:4317/'],
    ['https://h/v1/traces', 'https://h/v1/traces'],
    ['http://localhost:4318', 'http://localhost:4318/'],
  ])('%s is meant as %s', (written, url) => {
    expect(endpointUrl(written)?.href).toBe(url)
  })

  it.each([
    '',
    ':4317',
    'ftp://h',
    'file:///etc/passwd',
    'grpc://h:1',
    'a b',
    'http://',
    'host:123456',
    '-host',
  ])('%j is none', (written) => {
    expect(endpointUrl(written)).toBeUndefined()
  })
})

describe('a list of endpoints', () => {
  it('is read in order, blanks and empty items left out', () => {
    expect(endpoints.read(' a:1 ,, https://b ')).toEqual(['a:1', 'https://b'])
  })

  it.each(['a:1, ftp://b', ',', ' , '])('%j is not read at all', (raw) => {
    expect(endpoints.read(raw)).toBeUndefined()
  })
})

describe('a Google token', () => {
  it.each([
    'cloudtrace.googleapis.com',
    'cloudtrace.googleapis.com:443',
    'https://telemetry.googleapis.com/v1/traces',
    'telemetry.us-central1.rep.googleapis.com',
  ])('may go to %s', (endpoint) => {
    expect(isGoogleEndpoint(endpoint)).toBe(true)
  })

  it.each([
    'http://cloudtrace.googleapis.com',
    'googleapis.com.evil.example',
    'evilgoogleapis.com',
    'https://evil.example/googleapis.com',
    'https://googleapis.com@evil.example',
    'ftp://googleapis.com',
    'collector:4317',
  ])('must not go to %s', (endpoint) => {
    expect(isGoogleEndpoint(endpoint)).toBe(false)
  })
})
