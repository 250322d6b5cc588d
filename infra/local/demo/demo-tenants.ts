import type { BillingSettings, NewTenant } from '@tollgate/shared/tenants/create-tenant.ts';

export type DemoTenant = Omit<NewTenant, 'dataKeyWrapped' | 'createdAt' | 'billing'> & {
  billing: BillingSettings & { email: string };
  /** What its plan costs a month at Stripe, in minor units; null for one that has no subscription there. */
  planPriceMinor: number | null;
  /** What its demo message says. */
  body: string;
  /** Money it has paid in at the first start; 0 for postpaid. */
  purchaseMicros: bigint;
};

/** The tenants of the demonstration. Fixed ids, so that every start means the same ones. */
export const demoTenants: readonly DemoTenant[] = [
  {
    id: '019a0000-0000-7000-8000-000000000001',
    name: 'Hotel Modrá hvězda',
    planId: 'pro',
    paymentTerms: 'prepaid',
    currency: 'CZK',
    defaultCountry: 'CZ',
    timeZone: 'Europe/Prague',
    creditLimitMicros: 0n,
    purchaseMicros: 100_000_000n,
    billing: { collection: 'none', email: 'ucetni@hotel-modra-hvezda.example' },
    planPriceMinor: null,
    body: 'Hotel Modra hvezda: your room is ready. See you soon!',
  },
  {
    id: '019a0000-0000-7000-8000-000000000002',
    name: 'Autoservis Novotný',
    planId: 'pro',
    paymentTerms: 'postpaid',
    currency: 'EUR',
    defaultCountry: 'CZ',
    timeZone: 'Europe/Prague',
    creditLimitMicros: 50_000_000n,
    purchaseMicros: 0n,
    billing: { collection: 'subscription_item', email: 'billing@autoservis-novotny.example' },
    planPriceMinor: 29_00,
    body: 'Autoservis Novotny: your car is ready to be picked up.',
  },
];

export const demoRecipient = '+420777123456';

export const demoOperator = {
  id: '019a0000-0000-7000-8000-00000000000a',
  email: 'operator@tollgate.example',
  role: 'admin',
} as const;

/** Whether a tenant that pays such sums in advance should do so now: a tenth is left, or less. */
export function needsPurchase(purchaseMicros: bigint, availableMicros: bigint): boolean {
  return purchaseMicros > 0n && availableMicros * 10n <= purchaseMicros;
}
