// That the tests of crashes and pauses can fail: with one protection taken out they find money where none may be.
import { afterAll, expect, it } from 'vitest'
import { expectResolvedBy } from './again.ts'
import { breakOff, record, type Step } from './broken-calls.ts'
import { bundleBreaking } from './bundle.ts'
import { OPERATIONS } from './operations.ts'
import { pauseAll, pausesOf, READS } from './paused-calls.ts'
import { ROUTES } from './routes.ts'
import { World } from './world.ts'

const { refundOfPart } = OPERATIONS
const main = await bundleBreaking('breaking-server')
const world = await World.open()
afterAll(() => world.close())
const recorded = await record(world, main, [refundOfPart])

const only = (at: string) => (steps: readonly Step[]) => steps.filter((step) => step.at === at)

it.skipIf(process.platform === 'win32')(
  'a refund that goes on after others have resolved it moves money, if nobody looks at the lease',
  async () => {
    const calls = pausesOf(recorded, [[refundOfPart, READS]], 'stood', only('before ledger.markSending'))
    const options = { main, clock: 'stands still', sabotage: 'lease' } as const
    const { outcomes } = await pauseAll(world, calls, options)
    expect([...outcomes.values()]).toMatchObject([{ known: true, before: [], after: ['30.00'] }])
  },
)

it('a refund that was killed when it was done is called not executed, if the send is not written down first', async () => {
  const [call] = pausesOf(recorded, [[refundOfPart, READS]], 'killed', only('after gateway.refund'))
  const [route] = ROUTES
  if (!call || !route) throw new Error('there is nothing to be killed')
  const maker = await world.server()
  await refundOfPart.prepare(world, maker, call.id)
  await maker.end()
  const { server } = await breakOff(world, main, [call], { how: 'SIGKILL', sabotage: 'sent' })
  await server.exited
  await expect(expectResolvedBy(route, world, world.env())).rejects.toThrow(/to strictly equal/)
})
