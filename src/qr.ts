// QR codes as pictures: PNG for hosts, characters for terminals, and files on disk for hosts that show no images; each file
// is removed when its order has expired.
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A PNG of about 360 pixels. The library is loaded when the first code is drawn. */
export async function drawPng(content: string): Promise<Buffer> {
  const { default: qrcode } = await import('qrcode')
  return qrcode.toBuffer(content, { errorCorrectionLevel: 'M', margin: 4, scale: 8 })
}

/** Half-block characters, dark on light, for a terminal. */
export async function drawForTerminal(content: string): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  return qrcode.toString(content, { type: 'utf8', errorCorrectionLevel: 'M' })
}

/** Thousands of live pictures may lie there; to look at them all for each new one would take longer and longer. */
const SWEEP_EVERY_MS = 10 * 60_000
const PICTURE = /^\w{1,64}-[0-9a-f]{8}\.png$/

export class QrFiles {
  readonly #folder: string
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Full path of the picture, or undefined where it cannot be written: the code is in the answer all the same.
   * @param expiresAt milliseconds since the epoch of this computer's clock; kept as the file's time, for later sweeps
   */
  async write(name: string, png: Uint8Array, expiresAt: number): Promise<string | undefined> {
    // Of its content, so that a code that is shown again is one file; other shops may have an order of the same number.
    const digest = createHash('sha256').update(png).digest('hex').slice(0, 8)
    const file = join(this.#folder, `${name}-${digest}.png`)
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await chmod(this.#folder, 0o700)
      await this.#sweepNowAndThen()
      await writeFile(file, png, { mode: 0o600 })
      await utimes(file, new Date(), new Date(expiresAt))
    } catch {
      return undefined
    }
    const left = Math.min(expiresAt - Date.now(), 2 ** 31 - 1)
    setTimeout(() => void rm(file, { force: true }).catch(() => {}), Math.max(0, left)).unref()
    return file
  }

  async #sweepNowAndThen(): Promise<void> {
    if (Math.abs(Date.now() - this.#sweptAt) < SWEEP_EVERY_MS) return
    this.#sweptAt = Date.now()
    await this.#sweep()
  }

  /** Removes what earlier servers left behind: their timers ended with them. Nothing but such pictures. */
  async #sweep(): Promise<void> {
    for (const name of (await readdir(this.#folder)).filter((one) => PICTURE.test(one))) {
      const file = join(this.#folder, name)
      // Another server may remove it at the same time.
      const found = await lstat(file).catch(() => undefined)
      if (found?.isFile() && found.mtimeMs < Date.now()) await rm(file, { force: true })
    }
  }
}
