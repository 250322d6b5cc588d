import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
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
  return createCoalescer<Submission, SubmissionResult>({
    itemsMax: 100,
    delayMsMax: 2,
    runsMax: 2,
    isDataError,
    run: (submissions) => submitMessages(deps, submissions),
  });
}
