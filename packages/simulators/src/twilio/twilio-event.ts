/** Something worth a line in a log. */
export type TwilioEvent =
  | { msg: 'message taken'; sid: string }
  | { msg: 'fault used'; fault: string }
  | {
      msg: `callback ${'answered' | 'pending' | 'dropped' | 'lost'}`;
      sid: string;
      status: string;
      attempt: number;
      answer: string;
    }
  | { msg: 'internal error'; error: string };
