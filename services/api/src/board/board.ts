import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Operator } from '@tollgate/shared/operators/operators.ts';
import { allQueues } from '@tollgate/shared/queues/catalog.ts';
import { deadLetterQueueName } from '@tollgate/shared/queues/define-queue.ts';
import type { QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import type { RequestHandler, Router } from 'express';
import { Problem } from '../problems/problem.ts';

const BASE_PATH = '/admin/queues';

/**
 * Bull Board over every queue and its dead letters. Viewers only look; operators and admins may
 * retry, promote and remove single jobs. Dead letters are a mirror and read-only for all: replay goes through Tollgate.
 */
export function queueBoard(connection: QueueConnection): RequestHandler {
  const writable = buildBoard(connection, { readOnly: false });
  const readOnly = buildBoard(connection, { readOnly: true });
  return (request, response, next) => {
    const { role } = response.locals.operator as Operator;
    if (!isAllowed(request.method, request.path)) {
      throw new Problem(
        'forbidden',
        'jobs are retried, promoted and removed here; queues and new jobs are Tollgate’s own',
      );
    }
    const board = role === 'viewer' ? readOnly : writable;
    board(request, response, next);
  };
}

/** Adding jobs or emptying and pausing queues would go around every rule of the services. */
function isAllowed(method: string, path: string): boolean {
  return (
    method === 'GET' ||
    method === 'HEAD' ||
    /^\/api\/queues\/[^/]+\/[^/]+\/(retry|promote|clean)(\/|$)/.test(path)
  );
}

function buildBoard(connection: QueueConnection, { readOnly }: { readOnly: boolean }): Router {
  const serverAdapter = new ExpressAdapter().setBasePath(BASE_PATH) as ExpressAdapter;
  createBullBoard({
    serverAdapter,
    queues: allQueues.flatMap((queue) => [
      new BullMQAdapter(connection.queue(queue.name), { readOnlyMode: readOnly }),
      new BullMQAdapter(connection.queue(deadLetterQueueName(queue)), { readOnlyMode: true }),
    ]),
    options: { uiConfig: { boardTitle: 'Tollgate queues', boardLogo: { path: '' } } },
  });
  return serverAdapter.getRouter() as Router;
}
