// The page of the chat: its frame, with the shop's words in the language of the browser; all that moves is chat-page.js.

const AI = '<span class="ai" lang="zh-CN">AI 生成</span><span class="ai" lang="en">AI-generated</span>'
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%232c6e49'/%3E%3Cpath d='M7 12h14v6a6 6 0 0 1-6 6h-2a6 6 0 0 1-6-6zM21 13h2a3 3 0 0 1 0 7h-2M11 8v1M15 7v2' fill='none' stroke='%23fff' stroke-width='2' stroke-linecap='round'/%3E%3C/svg%3E"

/**
 * @param notice what the buyer has to know of the whole shop, such as that no real money moves
 * @param hasPlans whether there is something to subscribe to
 */
export function pageOf(words, notice, hasPlans) {
  const say = (text) => escapeHtml(text)
  const suggested = [...words.suggested, ...(hasPlans ? [words.suggestedPlan] : [])]
  const suggestions = suggested.map((text) => `<button type="button">${say(text)}</button>`).join('\n')
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>${say(words.title)}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/chat-page.css">
<link rel="stylesheet" href="/entries.css">
<script type="application/json" id="words">${JSON.stringify(words).replaceAll('<', '\\u003c')}</script>
<script type="module" src="/chat-page.js"></script>
</head>
<body>
<header>
<h1>${say(words.title)} ${label()}</h1>
<p class="about">${say(words.about)}</p>
${notice === undefined ? '' : `<p class="notice">${say(notice)}</p>`}
</header>
<main>
<p class="hello">${say(words.hello)}</p>
<noscript><p class="hello">${say(words.noScript)}</p></noscript>
<ol id="log" aria-label="${say(words.log)}"></ol>
<p id="writing" hidden>${say(words.writing)}</p>
</main>
<footer>
<div id="suggestions" class="suggestions" role="group" aria-label="${say(words.suggestions)}">
${suggestions}
</div>
<form id="form">
<label for="message">${say(words.message)}</label>
<textarea id="message" rows="1" maxlength="1000" autocomplete="off" enterkeyhint="send" placeholder="${say(words.message)}"></textarea>
<button>${say(words.send)}</button>
</form>
<p id="refusal" role="alert"></p>
</footer>
<div id="spoken" class="unseen" role="log"></div>
<template id="ai">${label()}</template>
</body>
</html>
`
}

/** As the rules for generated content in mainland China ask for it: on each piece, and on the whole. */
const label = () => `<span class="label">${AI}</span>`

function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
