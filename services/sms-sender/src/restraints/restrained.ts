import type { SendingRules } from '@tollgate/shared/guards/guard-rules.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import type { HoldReason } from '@tollgate/shared/messages/message.ts';
import type { NextStep } from '../next-step/next-step.ts';

/** A message that waits, and until when it does so without being looked at. */
export type Held = { message: ClaimableMessage; reason: HoldReason; until: Date; notBefore?: Date };

/** What one restraint makes of messages: those that go on, those that wait, those that end. */
export type Restrained = { allowed: ClaimableMessage[]; held: Held[]; refused: NextStep[] };

/** The rules of the tenants whose messages are claimed, by tenant. */
export type RulesByTenant = ReadonlyMap<string, SendingRules>;
