import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { aMessage, call } from './testing/run-simulator.ts';
import { clientOf } from './testing/run-stripe.ts';
import { aMail, connectSmtp } from './testing/smtp-client.ts';
import { startWebhookReceiver } from './testing/webhook-receiver.ts';

const main = join(import.meta.dirname, 'main.ts');
const headers = { 'x-api-key': 'a key', 'content-type': 'application/json' };

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  children = [];
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  const nextLine = async () => JSON.parse(String((await lines.next()).value));
  return { child, exited, nextLine };
}

describe('the simulator as a process', () => {
  it('says when it listens, and stops cleanly on SIGTERM', async () => {
    const { child, exited, nextLine } = run({
      SMS_MANAGER_API_KEY: 'a key',
      SIMULATOR_STATE: join(folder, 'new'),
    });
    const listening = await nextLine();
    expect(listening).not.toHaveProperty('stripeUrl');
    expect(listening).toMatchObject({ msg: 'listening', smsManagerUrl: expect.stringMatching(/:\d+\/v2$/) });
    const body = JSON.stringify(aMessage());
    const answer = await call(`${listening.smsManagerUrl}/message`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    expect(await nextLine()).toMatchObject({ msg: 'messages taken', endpoint: 'message' });
    child.kill('SIGTERM');
    expect(await nextLine()).toMatchObject({ msg: 'stopped' });
    expect(await exited).toEqual([0, null]);
  });

  it('runs Stripe and the mail server too when there is a secret key', async () => {
    const { child, exited, nextLine } = run({
      SMS_MANAGER_API_KEY: 'a key',
      SIMULATOR_STATE: folder,
      STRIPE_SECRET_KEY: 'sk_test_simulated',
      STRIPE_WEBHOOK_SECRET: 'whsec_simulated',
      STRIPE_WEBHOOK_URL: 'http://127.0.0.1:9/hook',
    });
    const { stripeUrl, stripePageUrl, smtpUrl, mailPageUrl } = await nextLine();
    expect((await clientOf(stripeUrl).customers.create({ name: 'ACME' })).name).toBe('ACME');
    const client = await connectSmtp(smtpUrl);
    expect(await client.send({ lines: aMail() })).toMatch(/^250 /);
    expect(await (await fetch(stripePageUrl)).text()).toContain('ACME');
    expect(await (await fetch(mailPageUrl)).text()).toContain('Invoice');
    client.end();
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['mail.sqlite', 'sms-manager.sqlite', 'stripe.sqlite']),
    );
  });

  it('runs Twilio too when an account is named', async () => {
    const { child, exited, nextLine } = run({
      SMS_MANAGER_API_KEY: 'a key',
      SIMULATOR_STATE: folder,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'a token',
    });
    const { twilioUrl, twilioPageUrl } = await nextLine();
    expect((await fetch(`${twilioUrl}/2010-04-01/Accounts/AC${'0'.repeat(32)}.json`)).status).toBe(401);
    expect(await (await fetch(twilioPageUrl)).text()).toContain('Twilio simulator');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(readdirSync(folder)).toContain('twilio.sqlite');
  });

  it('posts reports that were pending when it was killed', async () => {
    const receiver = await startWebhookReceiver();
    receiver.answers.push('never', 'never');
    const environment = { SMS_MANAGER_API_KEY: 'a key', SIMULATOR_STATE: folder };
    const killed = run(environment);
    const { smsManagerUrl } = await killed.nextLine();
    const body = JSON.stringify(aMessage({ callback: receiver.url }));
    await call(`${smsManagerUrl}/message`, { method: 'POST', headers, body });
    await receiver.arrived(1);
    killed.child.kill('SIGKILL');
    await killed.exited;
    receiver.answers.length = 0;
    const before = receiver.webhooks.length;
    const next = run(environment);
    const { pageUrl } = await next.nextLine();
    await call(`${pageUrl}simulator/flush`, { method: 'POST' });
    expect(receiver.results().slice(before)).toContain('delivered');
    const { body: list } = await call(`${pageUrl}simulator/messages`);
    expect(list.messages).toMatchObject([
      { state: 'delivered', callbackAnswers: [{ outcome: 'answered' }, { outcome: 'answered' }] },
    ]);
    next.child.kill('SIGTERM');
    await next.exited;
    await receiver.close();
  });

  it('refuses to start with a wrong configuration, naming every mistake', async () => {
    const { exited, nextLine } = run({ SIMULATOR_PORT: 'http', STRIPE_SECRET_KEY: 'sk_live_1' });
    const { msg, mistakes } = await nextLine();
    expect(msg).toBe('configuration refused');
    expect(mistakes.map((mistake: string) => mistake.split(':')[0])).toEqual([
      'SIMULATOR_PORT',
      'SMS_MANAGER_API_KEY',
      'STRIPE_SECRET_KEY',
    ]);
    expect(await exited).toEqual([1, null]);
  });
});

describe('the configuration', () => {
  it('takes empty values for absent ones', () => {
    expect(
      readConfig({ SMS_MANAGER_API_KEY: 'a key', SMS_MANAGER_CALLBACK_SECRET: '', SIMULATOR_PORT: '' }),
    ).toEqual({
      valid: true,
      port: 0,
      stateFolder: undefined,
      apiKey: 'a key',
      callbackSecret: undefined,
      billing: undefined,
    });
  });
});
