// What is drawn by lot, numbers of orders and links for one, is the same in each run: what was found is seen again.
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

const { randomBytes, randomInt, randomUUID } = crypto

/** Begins anew. @returns takes everything back */
export function installLots(): () => void {
  let drawn = 0
  const draw = (size: number) => crypto.createHash('shake128', { outputLength: size }).update(`${drawn++}`).digest()
  replace({
    randomBytes: draw,
    randomInt: (most: number) => draw(6).readUIntBE(0, 6) % most,
    randomUUID: () => `${draw(4).toString('hex')}-0000-4000-8000-${draw(6).toString('hex')}`,
  })
  return () => replace({ randomBytes, randomInt, randomUUID })
}

function replace(functions: object): void {
  Object.assign(crypto, functions)
  syncBuiltinESMExports()
}
