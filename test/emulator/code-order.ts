// For the tests of QR codes: an emulator, and what a merchant and a buyer do with the code of order Q.
import { beforeEach, expect } from 'vitest'
import { codeOrder, useRaw } from './raw-client.ts'

export const buyer1 = { account: 'buyer1' }
export const NOT_EXIST = 'ACQ.TRADE_NOT_EXIST'

export async function useCodes() {
  const client = await useRaw()
  const usual = { precreate_repeat: 'code_again', close_before_scan: 'not_exist_only' }
  beforeEach(() => client.control('/rules', usual))
  const precreate = (more: object = {}) => client.precreate(codeOrder('Q', more))
  return {
    client,
    precreate,
    code: async (more: object = {}) => String((await precreate(more)).qr_code),
    pathOf: (qr_code: string) => qr_code.slice(client.origin.length),
    status: () => client.status('Q'),
    close: () => client.close({ out_trade_no: 'Q' }),
    scan: (qr_code: string, account?: string) => client.control('/scan', { qr_code, account }),
    pay: (qr_code: string, account?: string) => client.control('/pay', { qr_code, account }),
    wait: (seconds: number) => client.wait(seconds),
  }
}

export async function expectRefusedPage(answer: Response, sub_code: string, words: string): Promise<void> {
  const text = await answer.text()
  expect([answer.status, text]).toEqual([409, expect.stringContaining(sub_code)])
  expect(text).toContain(words)
}
