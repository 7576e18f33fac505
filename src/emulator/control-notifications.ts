// The control API's part for notifications: the list, holding them back, and sending one again in another form.
import { type ControlBody, ControlError, optionalText, readWord } from './control-input.ts'
import { FORMS } from './notifications/forms.ts'
import { describeNotification, type Notification } from './notifications/notification-queue.ts'
import { post } from './notifications/post.ts'
import type { Platform } from './platform.ts'

export function listNotifications({ notifications }: Platform): object {
  return { held: notifications.held, notifications: notifications.all().map(describeNotification) }
}

/** Those held back leave together once it is false. */
export async function holdNotifications(body: ControlBody, platform: Platform): Promise<object> {
  if (typeof body.on !== 'boolean') throw new ControlError('"on" must be true or false.', ['true', 'false'])
  platform.notifications.hold(body.on)
  await platform.notifications.deliver(platform)
  return { held: body.on }
}

const MOST_SHOWN_BACK = 10_000

/** Sends one now, whatever became of it before, and tells what the merchant answered. */
export async function sendNotification(body: ControlBody, platform: Platform): Promise<object> {
  const { url, fields } = findNotification(body, platform)
  const name = readWord(body, 'form', [...FORMS.keys()], 'again')
  const text = FORMS.get(name)?.write(fields, platform) ?? ''
  const { quoted, confirmed } = await post(url, text, platform.notifications.closing)
  const sent = text.length > MOST_SHOWN_BACK ? undefined : text
  return { form: name, notify_id: fields.get('notify_id'), answer: quoted, confirmed, body: sent }
}

const NAMES = ['out_trade_no', 'agreement_no', 'notify_id'] as const

/** The newest of the order or of the agreement, or the one with that notify_id. */
function findNotification(body: ControlBody, { notifications }: Platform): Notification {
  const given = NAMES.flatMap((name) => {
    const value = optionalText(body, name)
    return value === undefined ? [] : [{ name, value }]
  })
  const [one] = given
  if (!one || given.length > 1) throw new ControlError('Give one of these.', NAMES)
  const isMeant = ({ fields }: Notification) => fields.get(one.name) === one.value
  const found = notifications.all().findLast(isMeant)
  if (found) return found
  throw new ControlError('There is no such notification: the order has none, or named no notify_url.', undefined, 404)
}
