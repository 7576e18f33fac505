// Which model answers: yours, by OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL, or the scripted one.
import { ChatOpenAI } from '@langchain/openai'
import { startScriptedModel } from '../scripted-model/scripted-model.js'
import { demoScript } from './demo-model.js'

export const isScripted = ({ OPENAI_API_KEY, OPENAI_BASE_URL }) => !OPENAI_API_KEY && !OPENAI_BASE_URL

export async function openModel(env) {
  if (!isScripted(env)) {
    const { OPENAI_API_KEY = 'none', OPENAI_BASE_URL, OPENAI_MODEL } = env
    return { chat: chatModel(OPENAI_MODEL, OPENAI_API_KEY, OPENAI_BASE_URL), close: async () => {} }
  }
  const scripted = await startScriptedModel(demoScript)
  return { chat: chatModel('scripted-model', 'none', scripted.baseUrl), close: scripted.close }
}

/** Chat completions are what every OpenAI-compatible provider has. */
function chatModel(model, apiKey, baseURL) {
  const options = { streaming: true, streamUsage: false, useResponsesApi: false, maxRetries: 2 }
  return new ChatOpenAI({ model, apiKey, configuration: { baseURL }, ...options })
}
