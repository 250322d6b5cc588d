import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from './config.ts';
import { startSmsManagerSimulator } from './sms-manager/start-sms-manager-simulator.ts';

const stopMaxMs = 30_000;

const config = readConfig(process.env);
if (!config.valid) {
  log({ msg: 'configuration refused', mistakes: config.mistakes });
  process.exit(1);
}

const { port, stateFolder, apiKey, callbackSecret } = config;
if (stateFolder !== undefined) mkdirSync(stateFolder, { recursive: true });

const smsManager = await startSmsManagerSimulator({
  port,
  apiKey,
  now: () => new Date(),
  onEvent: log,
  ...(callbackSecret === undefined ? {} : { callbackSecret }),
  ...(stateFolder === undefined ? {} : { statePath: join(stateFolder, 'sms-manager.sqlite') }),
});

process.once('SIGTERM', stop);
process.once('SIGINT', stop);

log({
  msg: 'listening',
  smsManagerUrl: smsManager.baseUrl,
  smsManagerRestUrl: smsManager.restUrl,
  pageUrl: smsManager.pageUrl,
});

async function stop(): Promise<void> {
  setTimeout(() => process.exit(1), stopMaxMs).unref();
  await smsManager.close();
  log({ msg: 'stopped' });
}

function log(event: object): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}
