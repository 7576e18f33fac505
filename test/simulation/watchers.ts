// Watchers as processes: none, one or two of them, which look now and then and may be killed over a look.
import { NO_APPROVER } from '../../src/guard/call.ts'
import { DeliveryHooks } from '../../src/shop/delivery-hooks.ts'
import { SubscriptionWatch } from '../../src/subscriptions/subscription-watch.ts'
import { Watcher } from '../../src/watcher/watcher.ts'
import { HOOK_SECRET } from './hook.ts'
import { gatewayOf } from './host.ts'
import type { Life } from './life.ts'
import type { World } from './world.ts'

/** How long a watcher that found nothing to do waits. */
const IDLE_MS = 1_000
/** Of what is paid and not delivered, and what it has just heard may be late, too. */
const TELLS_EVERY_MS = 31_000
// Enough for every order of a story, and what is in doubt.
const MOST_STEPS = 120

interface Process {
  life: Life
  watcher: Watcher
  /** Undefined where there is no shop. */
  hooks: { step(): Promise<number> } | undefined
  /** Undefined where nobody subscribes. */
  agreements: SubscriptionWatch | undefined
}

export class Watchers {
  readonly #processes = new Map<number, Process>()

  constructor(readonly world: World) {}

  /** @param killedAt after so many of its operations; undefined: it lives on */
  async look(place: number, steps: number, killedAt?: number): Promise<void> {
    const { time } = this.world.stage
    const { life, watcher, hooks, agreements } = await this.#at(place)
    const takeBack = killedAt === undefined ? undefined : life.plan(killedAt, () => this.world.kill(life))
    for (let step = 0; step < steps && !life.dead; step++) {
      const pause = await Promise.race([watcher.step(), life.death])
      // By the one that is at work, beside its looks.
      if (hooks && watcher.isActive && !life.dead) await Promise.race([hooks.step(), life.death])
      if (agreements && watcher.isActive && !life.dead) await Promise.race([agreements.step(), life.death])
      if (pause !== 'killed') await time.pause(pause)
    }
    takeBack?.()
  }

  /** Begins anew, and goes on until it finds nothing more to do, nor to tell. */
  async lookAtAll(): Promise<void> {
    const started = await this.#start()
    await this.#lookAtAll(started)
    if (!started.hooks) return
    await this.world.stage.time.pause(TELLS_EVERY_MS)
    await this.#lookAtAll(started)
  }

  async #lookAtAll({ watcher, hooks, agreements }: Process): Promise<void> {
    const { time } = this.world.stage
    for (let step = 0; step < MOST_STEPS; step++) {
      const pause = await watcher.step()
      const rest = hooks && watcher.isActive ? await hooks.step() : IDLE_MS
      const more = agreements && watcher.isActive ? await agreements.step() : IDLE_MS
      if (pause === IDLE_MS && rest === IDLE_MS && more === IDLE_MS) return
      await time.pause(pause)
    }
  }

  killAll(): void {
    for (const { life } of this.#processes.values()) if (!life.dead) this.world.kill(life)
  }

  async #at(place: number): Promise<Process> {
    const known = this.#processes.get(place)
    if (known && !known.life.dead) return known
    const started = await this.#start()
    this.#processes.set(place, started)
    return started
  }

  async #start(): Promise<Process> {
    const { stage, replaced } = this.world
    const life = this.world.newLife('watcher')
    const own = await this.world.ledgerOf(life)
    const ledger = replaced.ledger?.(own) ?? own
    const call = {
      gateway: gatewayOf(life, this.world.around(0)),
      clock: stage.clock,
      rules: this.world.around(0).rules,
      ledger: async () => ledger,
      actor: () => ({ at: stage.time.now(), owner: life.name, host: 'listen' }),
      approver: NO_APPROVER,
    }
    const { shop, subscribing } = this.world
    const agreements = subscribing && new SubscriptionWatch({ ...call, role: 'merchant' }, () => {})
    const hooks =
      shop &&
      new DeliveryHooks(
        call,
        HOOK_SECRET,
        () => {},
        (...posted) => shop.hook.post(life, ...posted),
      )
    return { life, watcher: new Watcher(call, () => {}), hooks: hooks && oneByOne(hooks), agreements }
  }
}

/** A process calls one hook after the other, however many steps ask it to look. */
function oneByOne(hooks: DeliveryHooks): { step(): Promise<number> } {
  let running: Promise<number> | undefined
  return {
    step() {
      running ??= hooks.step().finally(() => {
        running = undefined
      })
      return running
    },
  }
}
