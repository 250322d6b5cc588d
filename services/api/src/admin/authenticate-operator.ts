import type { Operator } from '@tollgate/shared/operators/operators.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { Request } from 'express';
import { Problem } from '../problems/problem.ts';
import { findOperator } from './operator-session.ts';

/** Who asks; throws a Problem without a session, and for a viewer who wants to change something. */
export type AuthenticateOperator = (request: Request, wish: 'read' | 'change') => Promise<Operator>;

/** Reads the session that `POST /admin/login` opened; scripts send its cookie as browsers do. */
export function createAuthenticateOperator(deps: { db: Db; clock: Clock }): AuthenticateOperator {
  return async (request, wish) => {
    const operator = await findOperator(deps, request);
    if (!operator) {
      throw new Problem('unauthenticated', 'log in with POST /admin/login and send the cookie of its answer');
    }
    if (wish === 'change' && operator.role === 'viewer') {
      throw new Problem('forbidden', 'a viewer may look at this, not change it');
    }
    return operator;
  };
}
