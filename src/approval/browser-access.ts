// Who is let in to the page of an approval: the browser of this user, on this page, and nobody's web page or program.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

const FORM = 'application/x-www-form-urlencoded'
const BODY_LIMIT = 2_048
const ROOT = 0

/** The address of one page, and what its own form has to send. */
export class BrowserAccess {
  /** `127.0.0.1:<port>`, and nothing else: another name in `Host` means DNS rebinding. */
  host = ''
  readonly path = `/${secret()}`
  /** In the form, so that only our own page can send it. */
  readonly token = secret()

  /** The status to turn a request away with, before anything else of it is read; undefined lets it in. */
  async refusedStatus({ headers, method, socket, url }: IncomingMessage): Promise<number | undefined> {
    if (headers.host !== this.host || (await isOfAnotherUser(socket))) return 403
    if (!same(url ?? '', this.path)) return 404
    if (method !== 'GET' && method !== 'POST') return 405
    // Not in a frame, and not fetched by a script.
    if ((headers['sec-fetch-dest'] ?? 'document') !== 'document') return 403
    if (method === 'GET') return undefined
    if (headers.origin !== `http://${this.host}`) return 403
    if ((headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin') return 403
    return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === FORM ? undefined : 415
  }

  /** The decision of a form that has our token; a number is the status to turn it away with. */
  async readDecision(request: IncomingMessage): Promise<boolean | number> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of request) {
      size += chunk.length
      if (size > BODY_LIMIT) return 413
      chunks.push(chunk)
    }
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const [token, ...otherTokens] = form.getAll('token')
    const [decision, ...otherDecisions] = form.getAll('decision')
    if (token === undefined || !same(token, this.token)) return 403
    if (otherTokens.length > 0 || otherDecisions.length > 0) return 400
    if (decision !== 'yes' && decision !== 'no') return 400
    return decision === 'yes'
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/**
 * The address stands in the command line that starts the browser, which every user of a Linux computer can read, and
 * so an assistant that runs as another user than the server. Elsewhere nothing tells whose a connection is.
 */
async function isOfAnotherUser({ remotePort, localPort }: Socket): Promise<boolean> {
  const user = process.platform === 'linux' ? process.getuid?.() : undefined
  if (user === undefined) return false
  const read = (name: string) => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')
  const rows = (await Promise.all([read('tcp'), read('tcp6')])).join('\n').split('\n')
  const owners = rows.flatMap((row) => {
    const [, local = '', remote = '', , , , , owner] = row.trim().split(/\s+/)
    return portOf(local) === remotePort && portOf(remote) === localPort ? [Number(owner)] : []
  })
  // Root can do anything anyway, and is who connects for a browser outside a virtual machine.
  return owners.some((owner) => owner !== user && owner !== ROOT)
}

/** Of `0100007F:1F90`. */
function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16)
}
