// Which pictures of pages are kept in docs/screenshots: both themes, and both widths where these look different.
import type { Scene } from './scenes.ts'

export interface KeptPicture {
  file: string
  scene: Scene
  width: number
  theme: 'light' | 'dark'
}

const PHONE = 390
const COMPUTER = 1280

/** On a wide screen the same card stands in the middle. All pictures together are to stay under 1 MB. */
const ON_PHONE_ONLY = [
  ...['approval-warnings', 'approval-yes', 'approval-no', 'approval-expired', 'approval-frozen', 'approval-not-saved'],
  ...['cashier-mobile', 'cashier-confirm', 'cashier-paid', 'cashier-refused'],
  'checkout-goods',
  'subscription-live',
  ...['gateway-error', 'not-found', 'refund-by-hand'],
]
/** Whoever tries the emulator sits at a computer. */
const ON_COMPUTER_ONLY = ['overview']
/** They differ from others by a few sentences or look like pages of orders, or are of the emulator's agreements, which look like its cashier. */
export const NOT_KEPT = [
  ...['checkout-item', 'checkout-bought'],
  ...[
    'subscription-computer-signing-english',
    'subscription-in-chat',
    'subscription-back',
    'subscription-live-english',
  ],
  ...['phone-offered', 'cancelling', 'ended', 'over', 'paused', 'cancel', 'trouble'].map(
    (name) => `subscription-${name}`,
  ),
  ...['sign', 'signed', 'sign-refused', 'wallet', 'wallet-ended', 'overview-agreements'],
]

export function keptPictures(scenes: readonly Scene[]): readonly KeptPicture[] {
  return scenes.flatMap((scene) =>
    widthsOf(scene).flatMap((width) =>
      (['light', 'dark'] as const).map((theme) => ({
        file: `${scene.name}-${width}-${theme}.png`,
        scene,
        width,
        theme,
      })),
    ),
  )
}

function widthsOf({ name }: Scene): readonly number[] {
  if (NOT_KEPT.includes(name)) return []
  if (ON_PHONE_ONLY.includes(name)) return [PHONE]
  return ON_COMPUTER_ONLY.includes(name) ? [COMPUTER] : [PHONE, COMPUTER]
}
