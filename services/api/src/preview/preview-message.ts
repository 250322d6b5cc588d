import { readAccount } from '@tollgate/shared/credit/accounts.ts';
import { availableMicros } from '@tollgate/shared/credit/fit-within-credit.ts';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { formatMicros, type Micros } from '@tollgate/shared/money/money.ts';
import type { PriceRow } from '@tollgate/shared/pricing/choose-price.ts';
import { listPrices } from '@tollgate/shared/pricing/list-prices.ts';
import { quoteMessage } from '@tollgate/shared/pricing/quote.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { SegmentCount } from '@tollgate/shared/text/segments.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { z } from 'zod';
import { checkCountryAllowed } from '../messages/check-country-allowed.ts';
import { checkSendingAllowed } from '../messages/check-sending-allowed.ts';
import { findPrice } from '../messages/find-price.ts';
import { readRecipient } from '../messages/read-recipient.ts';
import { readText } from '../messages/read-text.ts';
import { countForcingCharacters } from './forcing-characters.ts';
import type { PreviewRequest, PreviewView, TextPreview } from './preview-request.ts';

export type PreviewDeps = { prisma: PrismaClient; clock: Clock };

/**
 * How a message would travel and what it would cost, stored nowhere. Throws the Problem that sending it
 * would throw; too little credit is shown instead.
 */
export async function previewMessage(
  { prisma, clock }: PreviewDeps,
  caller: Caller,
  { to, body, sender, category, transliterate }: PreviewRequest,
): Promise<z.infer<typeof PreviewView>> {
  const at = clock.now();
  checkSendingAllowed(caller, category, at);
  const { e164, country } = readRecipient(to, caller.defaultCountry);
  checkCountryAllowed(caller, country);
  const original = readText({ body });
  const transliterated = transliterate ? readText({ body, transliterate }) : null;
  const { tenantId, currency } = caller;
  const { prices, account } = await withTenant(prisma, tenantId, async (db) => ({
    prices: await listPrices(db, { currency, tenantIds: [tenantId], at }),
    account: await readAccount(db, { tenantId, currency }),
  }));
  const price = findPrice(prices, caller, country, at);
  const available = account ? availableMicros(account) : 0n;
  const view = (text: SegmentCount) => viewText(text, price, available, caller);
  return {
    to: e164,
    country,
    sender: sender ?? caller.sender,
    category,
    mode: caller.mode,
    unitPrice: { amount: formatMicros(price.unitPriceMicros), currency, per: price.per },
    available: formatMicros(available),
    ...view(original),
    transliterated: transliterated && view(transliterated),
  };
}

function viewText(text: SegmentCount, price: PriceRow, available: Micros, caller: Caller): TextPreview {
  const { body, encoding, segments, units, unitsPerSegment, remainingUnits } = text;
  const { priceMicros } = quoteMessage(price, segments);
  const chargedMicros = caller.mode === 'live' ? priceMicros : 0n;
  return {
    body,
    encoding,
    segments,
    units,
    unitsPerSegment,
    remainingUnits,
    forcedUcs2: countForcingCharacters(body),
    price: { amount: formatMicros(priceMicros), currency: caller.currency },
    availableAfter: formatMicros(available - chargedMicros),
    isCovered: caller.mode === 'test' || available >= priceMicros,
  };
}
