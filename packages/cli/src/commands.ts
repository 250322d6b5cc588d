import type { Command } from './command.ts';
import { discardCommand } from './dead-letters/discard.ts';
import { groupDeadLettersCommand } from './dead-letters/groups.ts';
import { listDeadLettersCommand } from './dead-letters/list.ts';
import { replayCommand } from './dead-letters/replay.ts';
import { showDeadLetterCommand } from './dead-letters/show.ts';
import { createHelp } from './help/help.ts';
import { createOperator } from './operators/create-operator.ts';
import { listProvidersCommand } from './providers/list-providers.ts';
import { listRoutesCommand } from './providers/list-routes.ts';
import { resumeProviderCommand } from './providers/resume-provider.ts';
import { setRouteCommand } from './providers/set-route.ts';
import { reconcileCommand } from './reconcile/reconcile.ts';
import { listTenants } from './tenants/list-tenants.ts';

const own: readonly Command[] = [
  reconcileCommand,
  listTenants,
  createOperator,
  listDeadLettersCommand,
  groupDeadLettersCommand,
  showDeadLetterCommand,
  replayCommand,
  discardCommand,
  listProvidersCommand,
  resumeProviderCommand,
  listRoutesCommand,
  setRouteCommand,
];

/** Every command of `tollgate`. */
export const commands: readonly Command[] = [...own, createHelp(own)];
