import type { SendFault } from './faults/faults.ts';
import type { Endpoint, ReportResult } from './messages/received-message.ts';

/** Something worth a line in a log. */
export type SimulatorEvent =
  | { msg: 'messages taken'; endpoint: Endpoint; requestId: string; messageIds: string[] }
  | { msg: 'fault used'; endpoint: Endpoint; fault: SendFault['kind'] }
  | {
      msg: 'report answered' | 'report failed' | 'report dropped';
      messageId: string;
      result: ReportResult;
      attempt: number;
      answer: string;
    }
  | { msg: 'internal error'; error: string };
