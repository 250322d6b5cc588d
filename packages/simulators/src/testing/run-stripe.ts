import Stripe from 'stripe';
import type { SimulatorEvent } from '../stripe/simulator-event.ts';
import {
  type StripeSimulator,
  type StripeSimulatorOptions,
  startStripeSimulator,
} from '../stripe/start-stripe-simulator.ts';
import { type Answer, call } from './run-simulator.ts';

export const secretKey = 'sk_test_simulated';
export const webhookSecret = 'whsec_simulated';

export interface RunningStripe {
  simulator: StripeSimulator;
  /** The vendor's own client, pointed at the simulator. */
  stripe: Stripe;
  /** Sets the clock, which stands still otherwise. */
  setTime(instant: string): void;
  /** Calls an address with the secret key and reads the JSON of the answer. */
  raw(path: string, init?: RequestInit): Promise<Answer>;
  /** Resolves with the next event of that kind. */
  next(msg: SimulatorEvent['msg']): Promise<SimulatorEvent>;
}

/** Starts a simulator at 1 September 2026, 10:00 UTC, with a clock that stands still. */
export async function runStripe(options: Partial<StripeSimulatorOptions> = {}): Promise<RunningStripe> {
  let time = new Date('2026-09-01T10:00:00.000Z');
  const awaited: { msg: string; resolve: (event: SimulatorEvent) => void }[] = [];
  const simulator = await startStripeSimulator({
    secretKey,
    webhookSecret,
    now: () => time,
    onEvent: (event) => {
      const index = awaited.findIndex(({ msg }) => msg === event.msg);
      if (index >= 0) awaited.splice(index, 1)[0]?.resolve(event);
    },
    ...options,
  });
  const headers = {
    authorization: `Bearer ${secretKey}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  return {
    simulator,
    stripe: clientOf(simulator.baseUrl),
    setTime: (instant) => {
      time = new Date(instant);
    },
    raw: (path, init = {}) => call(`${simulator.baseUrl}${path}`, { headers, ...init }),
    next: (msg) => new Promise((resolve) => awaited.push({ msg, resolve })),
  };
}

/** Returns the vendor's client for an address; it retries only what it always does. */
export function clientOf(baseUrl: string, key: string = secretKey): Stripe {
  const { hostname, port } = new URL(baseUrl);
  return new Stripe(key, {
    apiVersion: '2026-10-28.endive',
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

export interface Shop {
  customer: Stripe.Customer;
  product: Stripe.Product;
  /** 0.875 CZK per segment. */
  segmentPrice: Stripe.Price;
  /** 499.00 CZK per month. */
  planPrice: Stripe.Price;
}

/** Creates a customer, and the prices of a message and of a plan. */
export async function openShop(stripe: Stripe): Promise<Shop> {
  const customer = await stripe.customers.create({
    name: 'ACME s.r.o.',
    email: 'billing@example.com',
    address: { country: 'CZ' },
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    metadata: { tenant_id: 'tnt_1' },
  });
  const product = await stripe.products.create({ name: 'SMS messages', unit_label: 'segment' });
  const segmentPrice = await stripe.prices.create({
    product: product.id,
    currency: 'czk',
    unit_amount_decimal: Stripe.Decimal.from('87.5'),
    lookup_key: 'sms_segment',
  });
  const planPrice = await stripe.prices.create({
    product_data: { name: 'Plan' },
    currency: 'czk',
    unit_amount: 49_900,
    recurring: { interval: 'month' },
  });
  return { customer, product, segmentPrice, planPrice };
}
