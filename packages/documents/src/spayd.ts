/** A payment order as Czech banking applications read it from a QR code. */
export type PaymentOrder = {
  iban: string;
  bic: string | null;
  /** In minor units of CZK: hellers. */
  amountMinor: bigint;
  /** Up to ten digits. */
  variableSymbol: string;
  message: string;
  /** YYYY-MM-DD */
  dueOn: string | null;
};

/** Limits of the standard; a longer message is cut, a value that has to be exact is refused. */
const MESSAGE_LENGTH_MAX = 60;
const AMOUNT_MINOR_MAX = 9_999_999_99n;

/**
 * The Short Payment Descriptor of an order in CZK, or null where the standard cannot carry it: an
 * account or variable symbol that is none, nothing to pay, or more than 9,999,999.99.
 * Source: Czech Banking Association, "Formát pro sdílení platebních údajů v rámci tuzemského platebního
 * styku v CZK prostřednictvím QR kódů", version 1.2.
 */
export function buildSpayd(order: PaymentOrder): string | null {
  const iban = order.iban.replaceAll(' ', '').toUpperCase();
  const bic = order.bic?.replaceAll(' ', '').toUpperCase() ?? '';
  const { amountMinor, variableSymbol, dueOn } = order;
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return null;
  if (amountMinor <= 0n || amountMinor > AMOUNT_MINOR_MAX) return null;
  if (!/^\d{1,10}$/.test(variableSymbol)) return null;
  const fields = [
    `ACC:${iban}${/^[A-Z0-9]{8}([A-Z0-9]{3})?$/.test(bic) ? `+${bic}` : ''}`,
    `AM:${amountMinor / 100n}.${String(amountMinor % 100n).padStart(2, '0')}`,
    'CC:CZK',
    ...(dueOn === null ? [] : [`DT:${dueOn.replaceAll('-', '')}`]),
    `X-VS:${variableSymbol}`,
  ];
  const message = writeMessage(order.message);
  return ['SPD', '1.0', ...fields, ...(message === '' ? [] : [`MSG:${message}`])].join('*');
}

/**
 * The message in the characters of a QR code's alphanumeric mode, which every application reads: capital
 * letters without accents. What separates fields or begins an escape is percent-encoded.
 */
function writeMessage(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toUpperCase()
    .replace(/[^0-9A-Z $%*+\-./:]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
  let message = '';
  for (const character of plain) {
    const written = character === '*' ? '%2A' : character === '%' ? '%25' : character;
    if (message.length + written.length > MESSAGE_LENGTH_MAX) break;
    message += written;
  }
  return message.trim();
}
