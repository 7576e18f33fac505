// The LangChain agent: a model, the server's tools, and a conversation that it remembers until it ends.
import { MemorySaver } from '@langchain/langgraph'
import { createAgent, createMiddleware, modelCallLimitMiddleware, ToolMessage } from 'langchain'

/** So many calls of the model for one sentence of the person: a model that goes round in circles is stopped. */
const MODEL_CALLS = 12
const PROMPT = `You are the assistant of a merchant, at the merchant's own desk. Answer briefly, in the language of the merchant.
Show links and order numbers in full, as plain text: a terminal shows them. Do what the merchant asks, and nothing else.
For a refund call refund_payment: the server then asks the merchant itself. You cannot approve anything.`

export function createDesk({ model, tools, instructions, onCall }) {
  const agent = createAgent({
    model,
    tools,
    systemPrompt: `${PROMPT}\n\n${instructions}`,
    middleware: [modelCallLimitMiddleware({ runLimit: MODEL_CALLS, exitBehavior: 'end' }), toolCalls(onCall)],
    checkpointer: new MemorySaver(),
  })
  return {
    /** The text of the model, piece by piece. */
    async *answer(sentence, signal) {
      const input = { messages: [{ role: 'user', content: sentence }] }
      const run = { configurable: { thread_id: 'desk' }, recursionLimit: 10 * MODEL_CALLS, signal }
      for await (const [message] of await agent.stream(input, { ...run, streamMode: 'messages' })) {
        if (message.type === 'ai') yield message.text
      }
    },
  }
}

/** An error of a tool is for the model to read; LangChain's own words would ask it to try once more. */
function toolCalls(onCall) {
  return createMiddleware({
    name: 'ToolCalls',
    wrapToolCall: async (request, handler) => {
      const { id, name } = request.toolCall
      onCall(name)
      try {
        return await handler(request)
      } catch (error) {
        return new ToolMessage({ content: error.message, tool_call_id: id, name, status: 'error' })
      }
    },
  })
}
