import './machine.ts';
import type { TestServers } from '@tollgate/shared/testing/test-servers.ts';
import { openLaboratory } from './laboratory.ts';
import { runSeed } from './run-seed.ts';

// A process that simulates seeds for its parent: one message in, one result out.

export type Order =
  | { servers: TestServers; database: string }
  | { seed: number; withSteps: boolean }
  | { stop: true };

let laboratory: Awaited<ReturnType<typeof openLaboratory>> | undefined;

process.on('message', async (order: Order) => {
  if ('servers' in order) {
    laboratory = await openLaboratory(order.servers, order.database);
    process.send?.({ ready: true });
  } else if ('seed' in order && laboratory) {
    const { steps, ...result } = await runSeed(laboratory, order.seed);
    process.send?.({ ...result, steps: order.withSteps ? steps : [] });
  } else if ('stop' in order) {
    await laboratory?.close();
    process.disconnect();
  }
});
