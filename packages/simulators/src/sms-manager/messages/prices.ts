import type { Channel } from './flow-schema.ts';

export interface Price {
  czkMicros: bigint;
  eurMicros: bigint;
}

export interface Destination {
  /** Mobile country code, 0 when the prefix is not in the list. */
  country: number;
  /** Mobile network code, 0 when unknown. */
  operator: number;
}

interface Tariff extends Price, Destination {
  prefix: string;
}

const tariffs: Tariff[] = [
  { prefix: '420', country: 230, operator: 2, czkMicros: 890_000n, eurMicros: 40_000n },
  { prefix: '421', country: 231, operator: 0, czkMicros: 1_560_000n, eurMicros: 63_000n },
  { prefix: '43', country: 232, operator: 0, czkMicros: 1_990_000n, eurMicros: 80_000n },
  { prefix: '48', country: 260, operator: 0, czkMicros: 1_140_000n, eurMicros: 46_000n },
  { prefix: '49', country: 262, operator: 0, czkMicros: 1_850_000n, eurMicros: 75_000n },
];
const elsewhere: Tariff = {
  prefix: '',
  country: 0,
  operator: 0,
  czkMicros: 2_500_000n,
  eurMicros: 100_000n,
};
const testGateway: Price = { czkMicros: 10_000n, eurMicros: 400n };
const chat: Price = { czkMicros: 390_000n, eurMicros: 16_000n };

/** Returns the total price of all parts of a message in micros of both currencies. */
export function priceOf(
  message: { channel: Channel; gateway: string | null; phoneNumber: string },
  parts: number,
): Price {
  const perPart = pricePerPart(message);
  return { czkMicros: perPart.czkMicros * BigInt(parts), eurMicros: perPart.eurMicros * BigInt(parts) };
}

/** Returns the country and network codes of a normalised number. */
export function destinationOf(phoneNumber: string): Destination {
  const { country, operator } = tariffOf(phoneNumber);
  return { country, operator };
}

/** Returns micros as the number that the provider's JSON carries. */
export function microsToNumber(micros: bigint): number {
  return Number(micros) / 1_000_000;
}

/** Returns an amount from JSON as micros. */
export function numberToMicros(amount: number): bigint {
  return BigInt(Math.round(amount * 1_000_000));
}

function pricePerPart(message: { channel: Channel; gateway: string | null; phoneNumber: string }): Price {
  if (message.channel !== 'sms') return chat;
  if (message.gateway === 'test') return testGateway;
  return tariffOf(message.phoneNumber);
}

function tariffOf(phoneNumber: string): Tariff {
  return tariffs.find((tariff) => phoneNumber.startsWith(tariff.prefix)) ?? elsewhere;
}
