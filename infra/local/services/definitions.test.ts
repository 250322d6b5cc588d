import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defineServices } from './definitions.ts';

const secrets = {
  masterKey: 'the master key',
  cronSecret: 'the cron secret',
  operatorPassword: 'the operator password',
  postgresPassword: 'the owner password',
  appRolePassword: 'the app password',
  queuePassword: 'the queue password',
  smsManagerApiKey: 'the provider key',
  smsManagerCallbackSecret: 'the callback secret',
};

const services = defineServices({
  secrets,
  apiPort: 3000,
  simulatorPort: 3001,
  databaseUrl: 'postgres://tollgate_app@127.0.0.1:5000/tollgate',
  queueUrl: 'redis://127.0.0.1:6000',
  logLevel: 'info',
  simulatorFolder: '/data/simulators',
});

test('what others call stays longest', () => {
  expect(services.map(({ name }) => name)).toEqual(['simulators', 'sms-sender', 'api']);
  expect(services.filter(({ program }) => !existsSync(program))).toEqual([]);
});

test('no service sees the database owner or the operator password', () => {
  const seen = services.flatMap(({ environment }) => Object.values(environment));
  expect(seen.filter((value) => /owner|operator/.test(value))).toEqual([]);
});

test('the provider sees neither database nor master key, and only the sender has the provider key', () => {
  const [simulators, sender, api] = services.map(({ environment }) => environment);
  expect(Object.keys(simulators ?? {}).filter((name) => !/^(SIMULATOR|SMS_MANAGER)_/.test(name))).toEqual([]);
  expect(sender).toMatchObject({ SMS_MANAGER_API_KEY: secrets.smsManagerApiKey, TOLLGATE_MODE: 'sandbox' });
  expect(Object.values(api ?? {})).not.toContain(secrets.smsManagerApiKey);
});

test('the sender sends to the simulator, which reports to the api', () => {
  const [, sender, api] = services.map(({ environment }) => environment);
  expect(sender?.SMS_MANAGER_BASE_URL).toBe('http://127.0.0.1:3001/v2');
  expect(sender?.PUBLIC_URL).toBe('http://127.0.0.1:3000');
  expect(api?.PORT).toBe('3000');
});
