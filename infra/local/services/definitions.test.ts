import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defineServices, type ServiceName } from './definitions.ts';

const secrets = {
  masterKey: 'the master key',
  cronSecret: 'the cron secret',
  operatorPassword: 'the operator password',
  postgresPassword: 'the owner password',
  appRolePassword: 'the app password',
  queuePassword: 'the queue password',
  smsManagerApiKey: 'the provider key',
  smsManagerCallbackSecret: 'the callback secret',
  twilioAccountSid: 'the Twilio account',
  twilioAuthToken: 'the Twilio token',
  stripeSecretKey: 'the Stripe key',
  stripeWebhookSecret: 'the Stripe webhook secret',
};

const services = defineServices({
  secrets,
  apiPort: 3000,
  simulatorPort: 3001,
  stripePort: 3002,
  mailPagePort: 3003,
  twilioPort: 3005,
  smtpPort: 3004,
  databaseUrl: 'postgres://tollgate_app@127.0.0.1:5000/tollgate',
  queueUrl: 'redis://127.0.0.1:6000',
  logLevel: 'info',
  simulatorFolder: '/data/simulators',
});

const environmentOf = (wanted: ServiceName) =>
  services.find(({ name }) => name === wanted)?.environment ?? {};
const whoSees = (value: string) =>
  services.filter(({ environment }) => Object.values(environment).includes(value)).map(({ name }) => name);

test('what others call stays longest', () => {
  expect(services.map(({ name }) => name)).toEqual([
    'simulators',
    'notifier',
    'invoicer',
    'usage-aggregator',
    'sms-sender',
    'api',
  ]);
  expect(services.filter(({ program }) => !existsSync(program))).toEqual([]);
});

test('no service sees the database owner or the operator password', () => {
  const seen = services.flatMap(({ environment }) => Object.values(environment));
  expect(seen.filter((value) => /owner|operator/.test(value))).toEqual([]);
});

test('the world outside sees neither database nor master key', () => {
  const ours = Object.keys(environmentOf('simulators')).filter(
    (name) => !/^(SIMULATOR|SMS_MANAGER|TWILIO|STRIPE|SMTP|MAIL_PAGE)_/.test(name),
  );
  expect(ours).toEqual([]);
});

test('a secret is seen by the one service that needs it and, where it is one of theirs, by the other side', () => {
  expect(whoSees(secrets.smsManagerApiKey)).toEqual(['simulators', 'sms-sender']);
  expect(whoSees(secrets.smsManagerCallbackSecret)).toEqual(['simulators', 'api']);
  expect(whoSees(secrets.twilioAccountSid)).toEqual(['simulators', 'sms-sender']);
  expect(whoSees(secrets.twilioAuthToken)).toEqual(['simulators', 'sms-sender', 'api']);
  expect(whoSees(secrets.stripeSecretKey)).toEqual(['simulators', 'invoicer', 'api']);
  expect(whoSees(secrets.stripeWebhookSecret)).toEqual(['simulators', 'api']);
  expect(whoSees(secrets.cronSecret)).toEqual(['api']);
});

test('every service of ours knows that it is in the sandbox', () => {
  const [, ...ours] = services;
  expect(ours.map(({ environment }) => environment.TOLLGATE_MODE)).toEqual(Array(5).fill('sandbox'));
});

test('what goes out goes to the simulators, which report to the api', () => {
  expect(environmentOf('sms-sender').SMS_MANAGER_BASE_URL).toBe('http://127.0.0.1:3001/v2');
  expect(environmentOf('sms-sender').TWILIO_BASE_URL).toBe('http://127.0.0.1:3005');
  expect(environmentOf('sms-sender').PUBLIC_URL).toBe('http://127.0.0.1:3000');
  expect(environmentOf('invoicer').STRIPE_API_BASE).toBe('http://127.0.0.1:3002');
  expect(environmentOf('notifier').SMTP_URL).toBe('smtp://127.0.0.1:3004');
  expect(environmentOf('simulators')).toMatchObject({
    STRIPE_SIMULATOR_PORT: '3002',
    MAIL_PAGE_PORT: '3003',
    SMTP_PORT: '3004',
    STRIPE_WEBHOOK_URL: 'http://127.0.0.1:3000/v1/webhooks/stripe',
  });
  expect(environmentOf('api').PORT).toBe('3000');
});
