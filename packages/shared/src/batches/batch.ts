import type { MessageMode } from '../messages/message.ts';

/** A batch as it is accepted. Segments and price are those of the messages that it makes. */
export type NewBatch = {
  id: string;
  tenantId: string;
  mode: MessageMode;
  campaign: string | null;
  itemCount: number;
  acceptedCount: number;
  repeatedCount: number;
  refusedCount: number;
  segments: number;
  currency: string;
  priceMicros: bigint;
  sendAt: Date | null;
  createdAt: Date;
};

export type BatchItemState = 'accepted' | 'refused';

/** What came of one recipient of a batch. */
export type NewBatchItem = {
  itemIndex: number;
  state: BatchItemState;
  recipient: string | null;
  messageId: string | null;
  isRepeated: boolean;
  problemCode: string | null;
  problemDetail: string | null;
  problemPointer: string | null;
};
