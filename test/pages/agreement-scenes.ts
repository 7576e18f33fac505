// The pages of agreements: signing, the receipt, a refusal, and what the buyer's wallet and the overview show.
import { AgreementClient, MONTHLY, WEEKLY } from '../emulator/agreement-client.ts'
import { startRaw } from '../emulator/raw-client.ts'
import type { Scene } from './scenes.ts'

const RETURN = { return_url: 'https://merchant.example/return' }
const number = (count: number) => `SIGN20261120${count}A1B2C3D4E5F607`

/** An emulator of their own: the overview of the others stays as it is. */
export async function openAgreementScenes(): Promise<{ scenes: readonly Scene[]; close(): Promise<void> }> {
  const client = await startRaw({ ids: { app_id: '9021000123456789', seller_id: '2088000123456789' } })
  const agreements = new AgreementClient(client)
  const at = (name: string, address: string): Scene => ({
    name,
    async show(page) {
      await page.goto(client.origin + address)
    },
  })
  const open = (external_agreement_no: string | undefined, more: object = {}) =>
    client.cashierOf(agreements.signLink(external_agreement_no, { external_logon_id: '159****0000', ...more }, RETURN))
  const signing = await open(number(1), { period_rule_params: MONTHLY })
  const totals = { execute_time: '2026-11-20', total_amount: '780.00', total_payments: '52' }
  const weekly = await open(number(2), { period_rule_params: { ...WEEKLY, ...totals } })
  const signed = (await client.post(`${weekly}/agree`, { account: 'buyer1' })).headers.get('location') ?? ''
  const agreement_no = new URLSearchParams(signed.split('?')[1]).get('agreement_no') ?? ''
  await agreements.charge(agreement_no, 'CHARGE_1')
  const ended = await agreements.signed(number(3), {}, 'buyer2')
  await client.post(`/wallet/${ended}/unsign`, {})
  // Ten are the most that one user can have with one merchant.
  for (let count = 10; count < 20; count++) await agreements.signed(number(count), {}, 'poor')
  return {
    scenes: [
      at('sign', signing),
      at('signed', signed),
      {
        name: 'sign-refused',
        async show(page) {
          await page.goto(client.origin + signing)
          await page.getByText('Buyer without balance').click()
          await page.getByRole('button', { name: /Agree/ }).click()
        },
      },
      at('wallet', `/wallet/${agreement_no}`),
      at('wallet-ended', `/wallet/${ended}`),
      at('overview-agreements', '/'),
    ],
    close: () => client.emulator.close(),
  }
}
