import { readConfig } from './config.ts';
import { startSimulators } from './start-simulators.ts';

const stopMaxMs = 30_000;

const config = readConfig(process.env);
if (!config.valid) {
  log({ msg: 'configuration refused', mistakes: config.mistakes });
  process.exit(1);
}

const simulators = await startSimulators(config, { now: () => new Date(), onEvent: log });

process.once('SIGTERM', stop);
process.once('SIGINT', stop);

log({ msg: 'listening', ...simulators.addresses });

async function stop(): Promise<void> {
  setTimeout(() => process.exit(1), stopMaxMs).unref();
  await simulators.close();
  log({ msg: 'stopped' });
}

function log(event: object): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}
