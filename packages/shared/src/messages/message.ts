import type { Encoding } from '../text/segments.ts';
import type { MessageCategory } from './categories.ts';
import type { MessageState } from './states.ts';

export type ChargeOn = 'accepted' | 'sent' | 'delivered';
export const messageModes = ['live', 'test'] as const;
export type MessageMode = (typeof messageModes)[number];
export const holdReasons = ['credit', 'window', 'guard', 'rate', 'provider', 'suspended', 'unpaid'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** A message as it is accepted: quoted, sealed, not yet handed over. */
export type NewMessage = {
  id: string;
  tenantId: string;
  mode: MessageMode;
  category: MessageCategory;
  /** E.164 */
  recipient: string;
  country: string;
  sender: string | null;
  bodyEncrypted: Uint8Array;
  encoding: Encoding;
  segments: number;
  currency: string;
  unitPriceMicros: bigint;
  pricedPer: 'segment' | 'message';
  priceMicros: bigint;
  chargeOn: ChargeOn;
  reference: string | null;
  campaign: string | null;
  metadata: Record<string, string> | null;
  callbackUrl: string | null;
  traceParent: string | null;
  acceptedAt: Date;
  sendAt: Date | null;
  notBefore: Date;
  expiresAt: Date;
  wakeAt: Date;
  /** The batch that it came with. */
  batchId?: string;
};

/** A message whose row the caller has locked, with what decides its next step. */
export type LockedMessage = {
  id: string;
  tenantId: string;
  mode: MessageMode;
  category: MessageCategory;
  state: MessageState;
  country: string;
  campaign: string | null;
  batchId: string | null;
  segments: number;
  currency: string;
  unitPriceMicros: bigint;
  priceMicros: bigint;
  chargeOn: ChargeOn;
  attemptCount: number;
  /** How many attempts the provider itself refused or denied; outages and its rate limit do not count. */
  refusalCount: number;
  acceptedAt: Date;
  expiresAt: Date;
  reportDeadline: Date | null;
  reservation: 'open' | 'captured' | 'released' | null;
  /** Whether the provider has accepted an attempt, so that the message is on its way. */
  hasAcceptedAttempt: boolean;
  /** The attempt whose outcome is not known yet, if any. */
  openAttemptId: string | null;
};
