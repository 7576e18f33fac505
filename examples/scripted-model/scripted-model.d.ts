// The types of the scripted model, for its users in TypeScript.

export interface ScriptedMessage {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  content?: string | { type: string; text?: string }[] | null
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[]
  tool_call_id?: string
}

export interface OfferedTool {
  type: 'function'
  function: { name: string; description?: string; parameters?: Record<string, unknown> }
}

export interface ScriptedAnswer {
  text?: string
  tool_calls?: { name: string; arguments?: string | Record<string, unknown> }[]
}

export type Script = (messages: ScriptedMessage[], tools: OfferedTool[]) => ScriptedAnswer | Promise<ScriptedAnswer>

export interface ScriptedModel {
  /** For OPENAI_BASE_URL. */
  baseUrl: string
  /** Everything that the model was given, request by request. */
  requests: { model?: string; messages: ScriptedMessage[]; tools?: OfferedTool[]; stream?: boolean }[]
  close(): Promise<void>
}

export function startScriptedModel(script: Script): Promise<ScriptedModel>
