// Puts the shop together: one alipay-mcp, one model, many buyers.
import { AlipayServer } from './alipay-server.js'
import { createAssistant } from './assistant.js'
import { Chats } from './chats.js'
import { openModel } from './model.js'
import { openWeb } from './web.js'

/** @returns its address, and what closes it @throws where it cannot be opened, and then nothing of it is left */
export async function openShop(settings) {
  const opened = []
  const close = async () => {
    for (const one of opened.reverse()) await one.close()
  }
  try {
    const model = await openModel(settings)
    opened.push(model)
    const alipay = new AlipayServer(settings.alipay)
    await alipay.connect()
    opened.push(alipay)
    await alipay.requireBuyersRole()
    const chats = new Chats({ secret: settings.secret, assistant: createAssistant({ model, alipay }), alipay })
    opened.push(chats)
    const { environment, plans } = await offerOf(alipay)
    const notice = settings.isScripted ? 'demo' : environment === 'production' ? undefined : 'tryOut'
    const web = await openWeb(settings, { chats, hasPlans: plans !== undefined, noticeIn: (words) => words[notice] })
    opened.push(web)
    return { address: web.address, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What buyers have to know of it; the call also has the server say on standard error what is wrong with its items. */
async function offerOf(alipay) {
  const { structuredContent } = await alipay.callToolResult('list_items', {}, { 'alipay-mcp/buyer': 'the shop itself' })
  return structuredContent ?? {}
}
