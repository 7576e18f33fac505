// The front as a process that lives and dies: it answers for the pages of orders and takes notifications.
import type { PageAnswer } from '../../src/checkout/page-answer.ts'
import type { PagePath } from '../../src/checkout/short-link.ts'
import type { Visit } from '../../src/checkout/visitor.ts'
import { Clock } from '../../src/clock.ts'
import { LedgerError } from '../../src/errors.ts'
import { frontHandlers } from '../../src/front/front-handlers.ts'
import type { FrontHandlers } from '../../src/front/front-server.ts'
import type { SubscriptionPath } from '../../src/subscriptions/subscription-page-path.ts'
import type { Life } from './life.ts'
import type { World } from './world.ts'

/** As buyers and Alipay reach it: no address of this computer, so that the emulator posts nothing there itself. */
export const AT = 'https://pay.example'

/** What becomes of the front while it answers: after so many operations it pauses, or is killed. */
export interface FrontTrouble {
  at: number
  /** Milliseconds; undefined kills it. */
  pause: number | undefined
}

export class Front {
  #process: { life: Life; handlers: FrontHandlers } | undefined

  constructor(readonly world: World) {}

  /** `lost` where it was killed before it answered. */
  async page(path: PagePath, visit: Visit, trouble?: FrontTrouble): Promise<PageAnswer | 'lost'> {
    return this.#during(trouble, ({ page }) => page(path, visit))
  }

  async subscription(path: SubscriptionPath, visit: Visit, trouble?: FrontTrouble): Promise<PageAnswer | 'lost'> {
    return this.#during(trouble, ({ subscription }) => subscription(path, visit))
  }

  /** What Alipay gets to hear. */
  async notify(body: string, trouble?: FrontTrouble): Promise<string> {
    const answered = await this.#during(trouble, ({ notify }) =>
      notify(Buffer.from(body)).catch((error: unknown) => {
        if (error instanceof LedgerError) return 'lost' as const
        throw error
      }),
    )
    return answered === 'lost' ? 'lost' : `${answered.status} ${answered.body}`
  }

  /** The one that is at work, or a new one in its place. */
  async life(): Promise<Life> {
    return (await this.#running()).life
  }

  kill(): void {
    if (this.#process && !this.#process.life.dead) this.world.kill(this.#process.life)
  }

  async #during<T>(
    trouble: FrontTrouble | undefined,
    answer: (handlers: FrontHandlers) => Promise<T>,
  ): Promise<T | 'lost'> {
    const { life, handlers } = await this.#running()
    const { time } = this.world.stage
    const pause = trouble?.pause
    const takeBack =
      trouble && life.plan(trouble.at, () => (pause === undefined ? this.world.kill(life) : time.pause(pause)))
    const ended = await Promise.race([answer(handlers), life.death])
    takeBack?.()
    return ended === 'killed' ? 'lost' : ended
  }

  async #running() {
    if (!this.#process || this.#process.life.dead) this.#process = await this.#start()
    return this.#process
  }

  async #start() {
    const { stage, replaced } = this.world
    const { app_id, seller_id, keys } = stage.alipay.platform
    const life = this.world.newLife('front')
    const ledger = await this.world.ledgerOf(life)
    const handlers = frontHandlers({
      at: AT,
      environment: 'local',
      payee: undefined,
      clock: new Clock(),
      ledger: replaced.ledger?.(ledger) ?? ledger,
      actor: () => ({ at: stage.time.now(), owner: life.name, host: 'front' }),
      app_id,
      alipayPublicKeys: new Map([[app_id, keys.alipay.publicKey]]),
      recipient: { app_ids: [app_id], seller_id },
      followsLedger: true,
      say: () => {},
    })
    return { life, handlers: replaced.front?.(handlers, stage) ?? handlers }
  }
}
