// A shop in a web chat: reads its settings, opens it, and closes it again.
import { readSettings } from './settings.js'
import { terminalWords } from './words.js'

const words = terminalWords(process.env)
const settings = readSettings(process.env, process.argv.slice(2))
if (settings.fault === undefined) await open()
else stop(words[settings.fault], 2)

async function open() {
  // What it is made of takes a second to load, and is not needed to say what is wrong with the settings.
  const { openShop } = await import('./shop.js')
  try {
    const shop = await openShop(settings)
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void shop.close())
    console.log(settings.isScripted ? words.scripted : words.model(settings.model.name))
    console.log(`${words.open(shop.address)}\n${words.stop}`)
  } catch (error) {
    stop(words.noServer(error.message), 1)
  }
}

function stop(why, exitCode) {
  console.error(why)
  process.exitCode = exitCode
}
