import { discardDeadLetters, dryRunDiscard } from '@tollgate/shared/dead-letters/discard-dead-letters.ts';
import {
  dryRunReplay,
  type ReplayDeps,
  replayDeadLetters,
} from '@tollgate/shared/dead-letters/replay-dead-letters.ts';
import { showDeadLetter } from '@tollgate/shared/dead-letters/show-dead-letter.ts';
import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { viewShownDeadLetter } from './dead-letter-view.ts';
import { GroupsQuery, listGroups } from './groups-query.ts';
import { DeadLettersQuery, listPage } from './list-query.ts';
import { viewDiscard, viewReplay } from './operation-view.ts';
import { DiscardRequest, ReplayRequest, toSelection } from './selection-request.ts';

export type DeadLetterRoutesDeps = ReplayDeps & { authenticateOperator: AuthenticateOperator };

/** Dead letters for operators: what was given up, and the decision about it. */
export function deadLetterRoutes(deps: DeadLetterRoutesDeps): Router {
  const { prisma, clock, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/dead-letters', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listPage(prisma, readQuery(DeadLettersQuery, request.query)));
  });

  router.get('/v1/admin/dead-letters/groups', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listGroups(prisma, readQuery(GroupsQuery, request.query), clock.now()));
  });

  router.get('/v1/admin/dead-letters/:id', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const id = fromPublicId('dlq', request.params.id);
    const letter = id && (await showDeadLetter(deps, id, clock.now()));
    if (!letter) throw notFound(request.params.id);
    response.json(viewShownDeadLetter(letter));
  });

  router.post('/v1/admin/dead-letters/replay', async (request, response) => {
    const { email: actor } = await authenticateOperator(request, 'change');
    const { rate, dryRun, reason, ...target } = readBody(ReplayRequest, request.body);
    await requireLetter(target.id);
    const selection = toSelection(target);
    const report = dryRun
      ? await dryRunReplay(deps, { selection, rate })
      : await replayDeadLetters(deps, { selection, rate, actor, reason });
    response.json(viewReplay(report));
  });

  router.post('/v1/admin/dead-letters/discard', async (request, response) => {
    const { email: actor } = await authenticateOperator(request, 'change');
    const { dryRun, reason, ...target } = readBody(DiscardRequest, request.body);
    await requireLetter(target.id);
    const selection = toSelection(target);
    const report = dryRun
      ? await dryRunDiscard(deps, selection)
      : await discardDeadLetters(deps, { selection, actor, reason });
    response.json(viewDiscard(report));
  });

  /** A letter that is named has to be there; one that is resolved already is merely not matched. */
  async function requireLetter(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    if ((await prisma.deadLetter.count({ where: { id } })) === 0) throw notFound(toPublicId('dlq', id));
  }

  return router;
}

function notFound(id: string): Problem {
  return new Problem('not_found', `there is no dead letter ${id}`);
}
