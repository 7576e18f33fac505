// Values that a host left as they stood in its settings, `${NAME}`: they count as not set.

export const PLACEHOLDER = `holds a placeholder like \${NAME} that the host did not replace, so it counts as not set.`

export const isPlaceholder = (value: string | undefined) => /^\$\{.*\}$/.test(value?.trim() ?? '')

/** A value fit to be shown: a long one may be a key in the wrong place. */
export const quoteValue = (value: string) =>
  value.length <= 24 ? JSON.stringify(value) : `a text of ${value.length} characters`
