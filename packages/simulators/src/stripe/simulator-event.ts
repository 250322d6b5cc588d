import type { ReadFault, WriteFault } from './faults/faults.ts';

/** Something worth a line in a log. */
export type SimulatorEvent =
  | { msg: 'stripe call'; endpoint: string; requestId: string; status: number; isReplayed: boolean }
  | { msg: 'stripe fault used'; endpoint: string; fault: WriteFault['kind'] | ReadFault['kind'] }
  | {
      msg: 'webhook answered' | 'webhook failed' | 'webhook dropped';
      eventId: string;
      type: string;
      attempt: number;
      answer: string;
    }
  | { msg: 'internal error'; error: string };
