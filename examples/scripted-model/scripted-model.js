// A model without a model: an OpenAI-compatible endpoint on this computer whose answers a script gives.
import { createServer } from 'node:http'
import { completion, streamed } from './completion.js'

const MODEL = 'scripted-model'

/**
 * Listens on a free port of 127.0.0.1. `script(messages, tools)` gives each answer.
 * `requests` holds everything that the model was given, request by request.
 */
export async function startScriptedModel(script) {
  const requests = []
  const server = createServer((request, response) => {
    answer(request, response, { script, requests }).catch((error) => fail(response, 400, error.message))
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request, response, { script, requests }) {
  const { pathname } = new URL(request.url, 'http://127.0.0.1')
  const call = `${request.method} ${pathname}`
  if (call === 'GET /v1/models') {
    return send(response, 200, {
      object: 'list',
      data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'script' }],
    })
  }
  if (call !== 'POST /v1/chat/completions') return fail(response, 404, `There is no ${call} here.`)
  const asked = await readJson(request)
  requests.push(asked)
  if (!Array.isArray(asked.messages)) throw new Error('"messages" must be a list.')
  const said = await script(asked.messages, asked.tools ?? [])
  const whole = completion(said, asked.model ?? MODEL)
  if (asked.stream !== true) return send(response, 200, whole)
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  for (const chunk of streamed(whole, asked.stream_options)) response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  response.end('data: [DONE]\n\n')
}

async function readJson(request) {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += piece
  return JSON.parse(text)
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}

/** Clients do not repeat a request after a 400, so a fault of the script shows at once. */
function fail(response, status, message) {
  if (response.headersSent) response.destroy()
  else send(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } })
}
