// Where the ledger lies: never where it would outlive its emulator, and one merchant's ledger is one, however written.

import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { defaultFolder, folderMeant, placeOf } from '../../src/server/ledger-location.ts'
import { configOf } from '../../src/settings/config.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { vectors } from '../keys-for-tests.ts'
import { readConfig } from '../settings/read-config.ts'

const APP = {
  ALIPAY_APP_ID: '9021000000000001',
  ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8,
  ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki,
}
const EMULATOR = 'http://127.0.0.1:7001/gateway.do'

function place(variables: Variables) {
  const read = readConfig(variables)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return placeOf(read.config)
}
const merchant = (variables: Variables) => place({ ...APP, ...variables }).partition.merchant
const gateway = (ALIPAY_GATEWAY: string, ALIPAY_ENV?: string) =>
  place({ ...APP, ALIPAY_GATEWAY, ALIPAY_ENV }).partition.gateway

describe('the folder', () => {
  it.each([
    ['with the built-in emulator', {}],
    ['with the built-in emulator, whatever folder is named', { ALIPAY_DATA_DIR: '/srv/alipay' }],
    ['with an emulator elsewhere and no folder', { ...APP, ALIPAY_GATEWAY: EMULATOR }],
  ])('is none, the ledger is in memory, %s', (_what, variables) => {
    expect(place(variables).folder).toBeUndefined()
  })

  it('is the one that is named for an emulator elsewhere', () => {
    const variables = { ...APP, ALIPAY_GATEWAY: EMULATOR, ALIPAY_DATA_DIR: '/srv/alipay' }
    expect(place(variables)).toStrictEqual({
      folder: '/srv/alipay',
      partition: { environment: 'local', gateway: EMULATOR, merchant: APP.ALIPAY_APP_ID },
    })
  })

  it.each(['sandbox', 'production'])('is in %s the one that is named, else the one of the platform', (env) => {
    expect(place({ ...APP, ALIPAY_ENV: env, ALIPAY_DATA_DIR: '/srv/alipay' }).folder).toBe('/srv/alipay')
    expect(place({ ...APP, ALIPAY_ENV: env }).folder).toBe(defaultFolder())
    expect(defaultFolder()).toMatch(/alipay-mcp(.Data)?$/)
  })
})

describe('the merchant', () => {
  it('is who gets the money; else the app, and for whom it acts', () => {
    const acting = merchant({ ALIPAY_APP_AUTH_TOKEN: '201510BBcanary' })
    expect(merchant({})).toBe(APP.ALIPAY_APP_ID)
    expect(merchant({ ALIPAY_SELLER_ID: '2088000000000001' })).toBe('2088000000000001')
    expect(place({ ...APP, ALIPAY_SELLER_ID: '2088000000000001' }).partition.merchant_before).toBe(APP.ALIPAY_APP_ID)
    expect(acting).toMatch(/^9021000000000001\/[\da-f]{8}$/)
    expect(acting).not.toContain('canary')
    expect(merchant({ ALIPAY_APP_AUTH_TOKEN: '201510BBother' })).not.toBe(acting)
    const both = { ALIPAY_SELLER_ID: '2088000000000001', ALIPAY_APP_AUTH_TOKEN: '201510BBcanary' }
    expect(merchant(both)).toBe('2088000000000001')
  })
})

describe('the gateway', () => {
  it.each([
    ['https://OpenAPI.alipay.com/gateway.do', 'production'],
    ['https://openapi.alipay.com:443/gateway.do', 'production'],
    ['https://openapi.alipay.com./gateway.do', 'production'],
  ])('%s is the one that production means', (written, env) => {
    expect(gateway(written, env)).toBe('https://openapi.alipay.com/gateway.do')
    expect(place({ ...APP, ALIPAY_ENV: env }).partition.gateway).toBe(gateway(written, env))
  })

  it('is the same one with slashes or a dot behind it', () => {
    for (const written of ['https://a.example./gateway.do/', 'https://a.example/gateway.do//']) {
      expect(gateway(written)).toBe('https://a.example/gateway.do')
    }
  })

  it('is another one with another port or path', () => {
    const others = ['https://a.example/', 'https://a.example:8443/', 'https://a.example/b', 'https://b.example/']
    expect(new Set(others.map((one) => gateway(one))).size).toBe(others.length)
    expect(gateway('https://a.example')).toBe('https://a.example')
    expect(gateway('http://[::1]:7001/gateway.do')).toBe('http://[::1]:7001/gateway.do')
  })
})

describe('the folder that a broken configuration means', () => {
  const meant = (args: string[], env: Variables) => {
    const line = readCommandLine(args, env)
    const read = configOf(line)
    if (!('problems' in read)) throw new Error('not broken')
    return folderMeant(line, read.problems)
  }
  const BROKEN = { ALIPAY_APP_ID: 'x' }

  it('is known where only something else is wrong', () => {
    expect(meant([], BROKEN)).toBe(defaultFolder())
    expect(meant([], { ...BROKEN, ALIPAY_DATA_DIR: ' /srv/alipay ' })).toBe('/srv/alipay')
    expect(meant([], { ...BROKEN, ALIPAY_DATA_DIR: '${DIR}' })).toBe(defaultFolder())
    expect(meant(['--data-dir', '/srv/a'], { ...BROKEN, ALIPAY_DATA_DIR: '/srv/b' })).toBe('/srv/a')
  })

  it('is not known where it may have been named and could not be read', () => {
    expect(meant([], { ALIPAY_DATA_DIR: 'relative' })).toBeUndefined()
    expect(meant(['--data-dir', 'relative'], {})).toBeUndefined()
    expect(meant([], { ALIPAY_DATADIR: '/srv/alipay' })).toBeUndefined()
    expect(meant(['--config', '/nowhere/settings.json'], {})).toBeUndefined()
    expect(meant(['--dotenv', '/nowhere/.env'], {})).toBeUndefined()
  })
})
