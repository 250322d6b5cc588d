import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import { isDataError, isLockTimeout } from '@tollgate/shared/runtime/failure.ts';
import { keyInProgress } from '../idempotency/idempotency-key.ts';
import {
  type Submission,
  type SubmissionResult,
  type SubmitDeps,
  submitMessages,
} from './submit-messages.ts';

/** Accepts one submission; those that come together are accepted in one transaction. */
export type Submit = (submission: Submission) => Promise<SubmissionResult>;

/** @returns what accepts single submissions in batches; each call has the result of its own. */
export function joinSubmissions(deps: SubmitDeps): Submit {
  const join = createCoalescer<Submission, SubmissionResult>({
    itemsMax: 100,
    delayMsMax: 2,
    runsMax: 2,
    // Whose key is being used by another request is at fault for it, and keeps no other one waiting.
    isDataError: (error) => isDataError(error) || isLockTimeout(error),
    run: (submissions) => submitMessages(deps, submissions),
  });
  return async (submission) => {
    try {
      return await join(submission);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      return { kind: 'refused', problem: keyInProgress() };
    }
  };
}
