// One alipay-mcp for all buyers, in the buyer's role: each call says in its `_meta` whose it is.
import { MCPServerStdio } from '@openai/agents'

/** Longer than the 45 seconds that a wait for a payment may take. */
const CALL_MS = 90_000
const BUYERS_TOOLS = [
  ...['list_items', 'create_payment', 'wait_for_payment', 'query_payment'],
  ...['request_refund', 'deliver_order', 'close_payment'],
  ...['create_subscription', 'query_subscription', 'cancel_subscription'],
]

/** The web server knows the buyer from its cookie, and puts it into the context of the run; the model never sees it. */
const metaOf = (buyer) => ({ 'alipay-mcp/buyer': buyer })

/** What the SDK says where nothing was sent: the server ended, or did not start again. */
const UNCONNECTED = /^(Not connected|Server not initialized)/

const FAILED =
  'The payment service did not answer, so it is not known whether this was done. Do not repeat it. Tell the buyer to wait a ' +
  'minute; then call query_payment for the order, or query_subscription.'

export class AlipayServer extends MCPServerStdio {
  #connecting

  constructor({ command, env }) {
    super({
      ...{ name: 'alipay-mcp', command: process.execPath, args: command, env },
      ...{ cacheToolsList: true, timeout: CALL_MS, clientSessionTimeoutSeconds: 30 },
      toolMetaResolver: ({ runContext }) => metaOf(runContext.context.buyer),
      // What the web server shows of a call; the model reads the text of the result.
      customDataExtractor: ({ toolName, structuredContent, isError }) => ({ toolName, structuredContent, isError }),
      errorFunction: () => FAILED,
    })
  }

  /** A call of the web server's own for that buyer, past the model. @returns undefined where it failed */
  async callFor(buyer, tool, args) {
    const { structuredContent, isError } = await this.callToolResult(tool, args, metaOf(buyer))
    return isError ? undefined : structuredContent
  }

  /** A server that ended is started again, and gets the call that could not reach it. */
  async callToolResult(...call) {
    try {
      return await super.callToolResult(...call)
    } catch (error) {
      if (!UNCONNECTED.test(error?.message)) throw error
      this.#connecting ??= this.connect().finally(() => {
        this.#connecting = undefined
      })
      await this.#connecting
      return super.callToolResult(...call)
    }
  }

  /** @throws where a tool of the merchant's is offered: buyers sit in this chat */
  async requireBuyersRole() {
    const offered = await this.listTools()
    const others = offered.map(({ name }) => name).filter((name) => !BUYERS_TOOLS.includes(name))
    if (others.length > 0) throw new Error(`These are tools of the merchant: ${others.join(', ')}. Remove --role.`)
  }
}
