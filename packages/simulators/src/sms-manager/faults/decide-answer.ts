import type { Submission } from '../messages/accept-messages.ts';
import type { SendFault } from './faults.ts';

/** Which submissions are taken over, and what the client sees of it. */
export interface SendOutcome {
  taken: Submission[];
  answer: SendAnswer;
}

export type SendAnswer = { kind: 'json'; status: number; body: object } | { kind: 'hang' } | { kind: 'cut' };

const reasons: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  429: 'Too Many Requests',
  500: 'Internal server error',
  503: 'Service Unavailable',
};
const explicitDeny = 'User is not authorized to access this resource with an explicit deny';

/** Returns the text that goes with an error status. */
export function reasonOf(status: number): string {
  return reasons[status] ?? 'Error';
}

/** Returns what becomes of a valid send call, given the fault that is switched on for it. */
export function decideAnswer(
  requestId: string,
  submissions: Submission[],
  fault: SendFault | undefined,
): SendOutcome {
  const accept = (accepted: Submission[], rejected: Submission[]): SendOutcome => ({
    taken: accepted,
    answer: { kind: 'json', status: 200, body: answerBody(requestId, accepted, rejected) },
  });
  switch (fault?.kind) {
    case undefined:
      return accept(submissions, []);
    case 'status':
      return {
        taken: fault.afterTaking ? submissions : [],
        answer: {
          kind: 'json',
          status: fault.status,
          body: { Message: fault.message ?? reasonOf(fault.status) },
        },
      };
    case 'auth400':
      return { taken: [], answer: { kind: 'json', status: 400, body: { Message: explicitDeny } } };
    case 'hang':
    case 'cut':
      return { taken: fault.afterTaking ? submissions : [], answer: { kind: fault.kind } };
    case 'refuse':
      return accept([], submissions);
    case 'partial':
      return accept(submissions.slice(0, fault.accepted), submissions.slice(fault.accepted));
    case 'emptyAnswer':
      return accept([], []);
    case 'keyAsNumber':
      return { taken: submissions, answer: { kind: 'json', status: 200, body: numberKeys() } };
  }

  function numberKeys(): object {
    const accepted = submissions.map(({ key, messageId }) => ({ key: Number(key), message_id: messageId }));
    return { request_id: requestId, accepted, rejected: [] };
  }
}

function answerBody(requestId: string, accepted: Submission[], rejected: Submission[]): object {
  return {
    request_id: requestId,
    accepted: accepted.map(({ key, messageId }) => ({ key, message_id: messageId })),
    rejected: rejected.map(({ key }) => ({ key })),
  };
}
