// Provokes what the page of troubleshooting quotes about the network and the clock.
import { afterAll, expect } from 'vitest'
import type { Both } from '../../src/language.ts'
import { answering, cleanUp, newPatient, nobody, refusingProxy, report, SANDBOX } from '../doctor/patients.ts'
import { type Env, RawServer } from '../e2e/hosts.ts'
import { prove } from './troubleshooting-page.ts'

afterAll(cleanUp)

/** The answer to a query, and the server's standard error. */
async function served(env: Env): Promise<string> {
  const server = new RawServer(env)
  await server.open('2025-11-25')
  const answer = await server.call('query_payment', { out_trade_no: 'ORDER_1' })
  await server.end()
  return `${answer.message}\nmessage_zh: ${answer.message_zh}\n${server.stderr}`
}

/** What the doctor finds, in both languages at once. */
async function examined(env: Env): Promise<Both> {
  const { output } = await report(env)
  return { en: output, zh: output }
}

prove('network', {
  'the proxy refused to connect (HTTP ...); see HTTPS_PROXY and NO_PROXY': async () => {
    return examined({ ...SANDBOX, HTTPS_PROXY: await refusingProxy('403 Forbidden') })
  },
  'the name ... was not found (ENOTFOUND)': () => {
    return examined({ ...SANDBOX, ALIPAY_ENV: 'production', ALIPAY_GATEWAY: 'https://gateway.invalid/gateway.do' })
  },
  'nothing listens at the gateway address (ECONNREFUSED)': async () => {
    const env = { ...SANDBOX, ALIPAY_GATEWAY: `http://${await nobody()}/gateway.do` }
    return { en: await served(env), zh: (await examined(env)).zh }
  },
  "... answers with ... (HTTP ...) instead of Alipay's JSON": async () => {
    const ALIPAY_GATEWAY = await answering(200, '<!doctype html><title>Wi-Fi</title>')
    const tool = await served({ ...SANDBOX, ALIPAY_GATEWAY })
    expect(tool).toContain("answers with a web page (HTTP 200) instead of Alipay's JSON: either ALIPAY_GATEWAY is not")
    return examined({ ...SANDBOX, ALIPAY_GATEWAY })
  },
  "The clock of this computer is ... minutes ... Alipay's, by which orders expire; set it right.": async () => {
    const { env, control } = await newPatient()
    await control('/clock', { seconds: 3_600 })
    return { en: await served(env), zh: (await examined(env)).zh }
  },
})
