import { DAY_MS, HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { Submission } from '../../services/api/src/messages/submit-messages.ts';
import type { Random } from './random.ts';

export type TenantPlan = {
  name: string;
  paymentTerms: 'prepaid' | 'postpaid';
  currency: 'CZK' | 'EUR';
  timeZone: string;
  balanceMicros: bigint;
  chargeOn: 'accepted' | 'sent' | 'delivered';
  onInsufficientCredit: 'reject' | 'hold';
  cadence: 'daily' | 'weekly' | 'monthly';
};

export type RequestPlan = {
  label: string;
  tenant: number;
  mode: 'live' | 'test';
  key: string;
  /** Given when it is sent, because times in it hang on that moment. */
  build(now: Date): Submission['request'];
};

export type RunPlan = {
  startsAt: Date;
  tenants: TenantPlan[];
  requests: RequestPlan[];
  /** How often things go wrong, from never to often; a run without some trouble shows other faults more clearly. */
  trouble: { queue: number; crash: number; provider: number; stripe: number; mail: number; post: number };
  /** Actions in the storm over the messages, and in the one over the bills. */
  actions: number;
  billingActions: number;
  /** How far each process's clock stands from the right one. */
  skewsMs: number[];
};

const monthEnds = ['2026-03-01', '2026-04-01', '2026-07-01', '2026-11-01', '2027-01-01'];
const timeZones = ['Europe/Prague', 'UTC', 'America/New_York', 'Asia/Kolkata'] as const;
const SKEW_MS_MAX = 5_000;

/** What the seed asks for: who sends what, when, and how bad the weather is. */
export function planRun(random: Random): RunPlan {
  const beforeEnd = random.weighted([
    [2, random.int(5 * MINUTE_MS, 2 * HOUR_MS)],
    [2, random.int(2 * HOUR_MS, DAY_MS)],
    [1, random.int(DAY_MS, 3 * DAY_MS)],
  ]);
  const tenants = Array.from({ length: random.int(2, 3) }, (_, index) => planTenant(random, index));
  const rate = (...rates: number[]) => random.pick(rates);
  return {
    startsAt: new Date(Date.parse(random.pick(monthEnds)) - beforeEnd),
    tenants,
    requests: planRequests(random, tenants.length),
    trouble: {
      queue: rate(0, 0.1, 0.3),
      crash: rate(0, 0.02, 0.05),
      provider: rate(0, 0.3, 0.6),
      stripe: rate(0, 0.3, 0.6),
      mail: rate(0, 0.5),
      post: rate(0, 0.15, 0.4),
    },
    actions: random.int(60, 180),
    billingActions: random.int(30, 90),
    skewsMs: Array.from({ length: 16 }, () =>
      random.chance(0.5) ? 0 : random.int(-SKEW_MS_MAX, SKEW_MS_MAX),
    ),
  };
}

function planTenant(random: Random, index: number): TenantPlan {
  const isPostpaid = index === 0 || random.chance(0.3);
  return {
    name: `Tenant ${index + 1}`,
    paymentTerms: isPostpaid ? 'postpaid' : 'prepaid',
    currency: random.chance(0.85) ? 'CZK' : 'EUR',
    timeZone: random.pick(timeZones),
    balanceMicros: isPostpaid
      ? 0n
      : random.chance(0.5)
        ? 100_000_000n
        : BigInt(random.int(1, 6)) * 1_500_000n,
    chargeOn: random.weighted([
      [3, 'sent'],
      [1, 'accepted'],
      [1, 'delivered'],
    ]),
    onInsufficientCredit: random.pick(['reject', 'hold']),
    cadence: random.weighted([
      [8, 'monthly'],
      [1, 'weekly'],
      [1, 'daily'],
    ]),
  };
}

const texts = ['Your parcel is ready.', 'Kód: 123456', 'Žluťoučký kůň úpěl ďábelské ódy 🐎', 'x'.repeat(200)];

function planRequests(random: Random, tenants: number): RequestPlan[] {
  return Array.from({ length: random.int(4, 12) }, (_, index): RequestPlan => {
    const category = random.weighted([
      [4, 'transactional'],
      [2, 'priority'],
      [2, 'promotional'],
    ] as const);
    const body = `${random.pick(texts)} ${index + 1}`;
    const delayMs = random.chance(0.15) ? random.int(MINUTE_MS, DAY_MS) : null;
    const validMs = random.chance(0.15) ? random.int(MINUTE_MS, 3 * HOUR_MS) : null;
    const to = `+420777${String(100_000 + random.int(0, 9) * 1_111 + index)}`;
    return {
      label: `request ${index + 1}`,
      tenant: random.int(0, tenants - 1),
      mode: random.chance(0.1) ? 'test' : 'live',
      key: `key-${index + 1}`,
      build: (now) => {
        const sendAt = delayMs === null ? undefined : new Date(now.getTime() + delayMs).toISOString();
        const validUntil =
          validMs === null ? undefined : new Date(now.getTime() + (delayMs ?? 0) + validMs).toISOString();
        return { to, body, category, ...(sendAt && { sendAt }), ...(validUntil && { validUntil }) };
      },
    };
  });
}
