// The one script of the checkout page: time left, news of the order, and the copy button. Data of a page stands in its
// attributes, so that the text, and with it its hash, is always the same. Written for the old browsers inside of apps too.

/** What it needs of a page: `#live` with `data-state-path` and `data-state-key`, `#left`, `#copy`, `#address`, `#said`. */
export const SCRIPT = `
(function () {
  'use strict'
  var byId = function (id) { return document.getElementById(id) }
  var live = byId('live'), left = byId('left'), copy = byId('copy')
  var loadedAt = Date.now()

  function showLeft() {
    var unit = left.getAttribute('data-units').split(',')
    var all = Math.floor(left.getAttribute('data-seconds') - (Date.now() - loadedAt) / 1000)
    var seconds = Math.max(0, all), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60)
    var days = Math.floor(hours / 24)
    var parts = days ? [days, unit[0], hours % 24, unit[1]]
      : hours ? [hours, unit[1], minutes % 60, unit[2]]
      : minutes ? [minutes, unit[2], seconds % 60, unit[3]] : [seconds, unit[3]]
    left.textContent = parts.join(' ')
  }
  if (left) {
    showLeft()
    setInterval(showLeft, 1000)
  }

  var path = live.getAttribute('data-state-path'), key = live.getAttribute('data-state-key')
  var timer, request, denseUntil
  function later() {
    clearTimeout(timer)
    if (!document.hidden) timer = setTimeout(ask, Date.now() < denseUntil ? 3000 : 10000)
  }
  function ask() {
    clearTimeout(timer)
    if (request) return
    var mine = request = new XMLHttpRequest()
    mine.open('GET', path)
    mine.timeout = 8000
    mine.onloadend = function () {
      if (request !== mine) return
      request = null
      if (mine.status === 200 && mine.responseText.trim() !== key.trim()) return location.reload()
      if (mine.status !== 200) denseUntil = 0
      later()
    }
    mine.send()
  }
  function seen() {
    if (document.hidden) return clearTimeout(timer)
    denseUntil = Date.now() + 120000
    ask()
  }
  if (path) {
    denseUntil = Date.now() + 120000
    later()
    document.addEventListener('visibilitychange', seen)
    // A page that the browser kept: what it had asked is lost.
    window.addEventListener('pageshow', function (event) {
      if (!event.persisted) return
      request = null
      seen()
    })
  }

  function say(what) { byId('said').textContent = copy.getAttribute('data-' + what) }
  function select() {
    var range = document.createRange(), selection = window.getSelection(), copied = false
    range.selectNodeContents(byId('address'))
    selection.removeAllRanges()
    selection.addRange(range)
    try { copied = document.execCommand('copy') } catch (error) { copied = false }
    say(copied ? 'copied' : 'selected')
  }
  if (copy) {
    copy.hidden = false
    copy.addEventListener('click', function () {
      if (!navigator.clipboard || !navigator.clipboard.writeText) return select()
      navigator.clipboard.writeText(byId('address').textContent).then(function () { say('copied') }, select)
    })
  }
})()
`
