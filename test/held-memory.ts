// How much memory is held after a collection of garbage.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export function heldMemory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
