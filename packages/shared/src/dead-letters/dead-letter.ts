export const deadLetterStates = ['open', 'replayed', 'discarded', 'expired'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

export const deadLetterActions = ['buried', 'replayed', 'discarded', 'expired'] as const;
export type DeadLetterAction = (typeof deadLetterActions)[number];

/** The provider may have taken the message: sending it again could send it twice. */
export const OUTCOME_UNKNOWN = 'outcome_unknown';

/** Who acts where no person does. */
export const SYSTEM_ACTOR = 'tollgate';

/** A letter and the queue in whose mirror it stands. */
export type DeadLetterRef = { id: string; queue: string };

/** Money that one tenant's work of a letter stands for. */
export type Stake = { tenantId: string; currency: string; atStakeMicros: bigint };
