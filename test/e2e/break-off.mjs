// Loaded into init before it starts: at its n-th step in the settings folder it is killed, or the disk is full.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { BREAK_AT = '0', BREAK_BY = 'kill', BREAK_IN = '' } = process.env
const files = new Map()
let steps = 0

for (const name of ['mkdirSync', 'openSync', 'writeFileSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync']) {
  const original = fs[name]
  fs[name] = (...args) => {
    const place = typeof args[0] === 'number' ? files.get(args[0]) : String(args[0])
    // What only reads cannot break anything.
    const isOurs = place?.startsWith(BREAK_IN) && (name !== 'openSync' || args[1] === 'wx')
    if (isOurs && ++steps === Number(BREAK_AT)) breakOff(name)
    const result = original(...args)
    if (name === 'openSync') files.set(result, place)
    return result
  }
}
syncBuiltinESMExports()
process.on('exit', () => fs.writeSync(2, `STEPS ${steps}\n`))

function breakOff(name) {
  if (BREAK_BY === 'kill') process.kill(process.pid, 'SIGKILL')
  throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC', syscall: name })
}
