// A question of the server (MCP elicitation), put to the person at the terminal: only what they type then is an answer.

const TRIES = 2

export class ApprovalForm {
  #terminal
  #words
  #last = Promise.resolve()
  #askedNow = new Set()

  constructor(terminal, words) {
    this.#terminal = terminal
    this.#words = words
  }

  /** The person has written to the assistant: the same question may come again. */
  newSentence() {
    this.#askedNow.clear()
  }

  /** One question after the other, also where the model calls two tools at once. */
  answer(form, signal) {
    this.#last = this.#last.then(() => this.#ask(form, signal))
    return this.#last
  }

  async #ask({ message, requestedSchema }, signal) {
    const words = this.#words
    if (this.#askedNow.has(message)) return this.#leave('decline', words.askedBefore)
    this.#askedNow.add(message)
    const [[name, field], ...others] = Object.entries(requestedSchema.properties)
    if (!Array.isArray(field.enum) || others.length > 0) return this.#leave('cancel', words.otherForm)
    this.#terminal.say(`\n---- ${words.question}\n${message}\n${words.skip}`)
    for (let tries = 0; tries < TRIES; tries++) {
      const typed = await this.#terminal.freshLine(`${field.title ?? name} [${field.enum.join(' / ')}]: `, signal)
      if (!typed?.trim()) break
      const choice = choiceOf(typed, field.enum)
      if (choice !== undefined) return { action: 'accept', content: { [name]: choice } }
      this.#terminal.say(words.unclear)
    }
    return this.#leave('cancel', words.noAnswer)
  }

  #leave(action, why) {
    this.#terminal.say(why)
    return { action }
  }
}

/** A choice such as "同意 yes" is taken by either word, or by its first letter. */
function choiceOf(typed, choices) {
  const word = typed.trim().toLowerCase()
  const fits = (choice) => [choice, ...choice.split(' '), ...choice.split(' ').map(([first]) => first)].includes(word)
  return choices.find(fits)
}
