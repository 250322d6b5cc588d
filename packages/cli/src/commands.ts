import type { Command } from './command.ts';
import { createHelp } from './help/help.ts';
import { createOperator } from './operators/create-operator.ts';
import { reconcileCommand } from './reconcile/reconcile.ts';
import { listTenants } from './tenants/list-tenants.ts';

const own: readonly Command[] = [reconcileCommand, listTenants, createOperator];

/** Every command of `tollgate`. */
export const commands: readonly Command[] = [...own, createHelp(own)];
