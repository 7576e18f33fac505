// Which model answers: yours, at any OpenAI-compatible address, or the scripted one.
import { OpenAIProvider } from '@openai/agents'
import { startScriptedModel } from '../scripted-model/scripted-model.js'
import { demoScript } from './demo-model.js'

export async function openModel({ isScripted, model: { name, key, address } }) {
  if (!isScripted) return { name, provider: providerOf(key, address), close: async () => {} }
  const scripted = await startScriptedModel(demoScript)
  return { name: 'scripted-model', provider: providerOf('none', scripted.baseUrl), close: scripted.close }
}

/** Chat completions are what every OpenAI-compatible provider has. */
const providerOf = (apiKey, baseURL) => new OpenAIProvider({ apiKey, baseURL, useResponses: false })
