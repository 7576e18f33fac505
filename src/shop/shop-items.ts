// What a shop sells now: the items file, read again when it changes; a version with a fault leaves the one before in place.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { ConfigError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import { openFileWarning } from '../settings/named-file.ts'
import type { Item } from './item.ts'
import { fixOf } from './item-fields.ts'
import { type ItemsFile, readItemsFile } from './items-file.ts'
import type { Plan } from './plan.ts'

type LedgerOfItems = Pick<Call, 'ledger' | 'actor'>

export interface ItemsNow {
  hash: string
  items: readonly Item[]
  plans: readonly Plan[]
}

export class ShopItems {
  readonly #path: string
  readonly #hasSecret: boolean
  readonly #say: (line: string) => void
  #now: ItemsNow | undefined
  #faults: readonly string[] = []
  /** Of the files as they were last read. */
  #readState = ''
  #paths: readonly string[]
  #reading: Promise<void> | undefined

  /** @param say tells the operator, on standard error, what is wrong and what was taken */
  constructor(path: string, hasSecret: boolean, say: (line: string) => void) {
    this.#path = path
    this.#hasSecret = hasSecret
    this.#say = say
    this.#paths = [path]
  }

  /** @throws ConfigError where no version of the file could be used yet, LedgerError */
  async now(call: LedgerOfItems): Promise<ItemsNow> {
    if (this.#readState !== stateOf(this.#paths)) {
      this.#reading ??= this.#read(call).finally(() => {
        this.#reading = undefined
      })
      await this.#reading
    }
    if (this.#now) return this.#now
    throw new ConfigError(
      this.#faults.map((problem) => ({ variable: 'ALIPAY_ITEMS_FILE', problem, fix: fixOf(problem) })),
    )
  }

  async #read(call: LedgerOfItems): Promise<void> {
    // Before it is read: what changes meanwhile is read again.
    const state = stateOf(this.#paths)
    const read = readItemsFile(this.#path, this.#hasSecret)
    const isSameFiles = read.paths.join() === this.#paths.join()
    const faults = 'faults' in read ? read.faults : await this.#accept(read, call)
    if (faults.length > 0) this.#refuse(faults)
    this.#faults = faults
    this.#paths = read.paths
    this.#readState = isSameFiles ? state : stateOf(read.paths)
  }

  async #accept(
    { hash, items, plans, codes, paths }: ItemsFile,
    { ledger, actor }: LedgerOfItems,
  ): Promise<readonly string[]> {
    const of = createHash('sha256').update(hash).update(JSON.stringify(codes)).digest('hex')
    if (of === this.#accepted) return []
    const taken = await (await ledger()).acceptItems({ hash, count: items.length, codes }, actor())
    if (taken.length > 0) {
      return taken.map(
        ({ item, other }) =>
          `a code of ${JSON.stringify(item)} was already sold, or is reserved, as ${JSON.stringify(other)}.`,
      )
    }
    this.#accepted = of
    this.#now = { hash, items, plans }
    const ofPlans = plans.length > 0 ? `, plans: ${plans.length}` : ''
    this.#say(`Items: ${items.length}${ofPlans}, version ${hash.slice(0, 12)}.`)
    for (const [at, path] of paths.entries()) this.#warnOfOpenFile(path, at > 0)
    return []
  }

  #accepted: string | undefined

  /** Whoever may write the prices sells; whoever may read the codes has them. */
  #warnOfOpenFile(path: string, isSecret: boolean): void {
    const open = openFileWarning(path)
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    if (open && (isSecret || (mode & 0o022) !== 0))
      this.#say(`Notice: ALIPAY_ITEMS_FILE ${open.problem} Fix: ${open.fix}`)
  }

  #refuse(faults: readonly string[]): void {
    const kept = this.#now
      ? `The version before stays (${this.#now.hash.slice(0, 12)}).`
      : 'Nothing is sold until the file is correct.'
    this.#say(`The items file cannot be used. ${kept}\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

/** Another one after anybody has written to a file, or laid another in its place. */
function stateOf(paths: readonly string[]): string {
  return paths
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((found) => (found ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : '-'))
    .join('; ')
}
