import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../testing/run-simulator.ts';
import { aMail, connectSmtp, type SmtpClient } from '../testing/smtp-client.ts';
import type { MailEvent } from './mail-event.ts';
import { type SmtpCatcher, startSmtpCatcher } from './start-smtp-catcher.ts';

const now = () => new Date('2026-09-01T10:00:00.000Z');

let catcher: SmtpCatcher;
let client: SmtpClient;
let nextEvent: PromiseWithResolvers<MailEvent>;
beforeEach(async () => {
  nextEvent = Promise.withResolvers();
  catcher = await startSmtpCatcher({ now, onEvent: (event) => nextEvent.resolve(event) });
  client = await connectSmtp(catcher.url);
});
afterEach(async () => {
  client.end();
  await catcher.close();
});

const send = (subject?: string) => client.send({ lines: aMail(subject) });
const subjects = () => catcher.messages().map(({ subject }) => subject);

describe('a mail', () => {
  it('is kept with everything in it and the addresses of its envelope', async () => {
    const to = ['ada@example.com', 'bcc@example.com'];
    expect(await client.send({ from: 'bounce@tollgate.example', to, lines: aMail() })).toMatch(/^250 /);
    expect(catcher.messages()).toMatchObject([
      {
        receivedAt: '2026-09-01T10:00:00.000Z',
        from: 'bounce@tollgate.example',
        to,
        subject: 'Invoice',
        messageId: '<1@tollgate.example>',
        headers: { subject: 'Invoice', 'x-note': 'one\ntwo' },
        text: expect.stringContaining('Příloha'),
        html: expect.stringContaining('<b title="x">Attached</b>'),
        attachments: [{ filename: 'invoice.pdf', mimeType: 'application/pdf', sizeBytes: 5 }],
      },
    ]);
  });

  it('is taken with any user and password', async () => {
    const credentials = Buffer.from('\0user\0password').toString('base64');
    expect(await client.say(`AUTH PLAIN ${credentials}`)).toMatch(/^235 /);
    expect(await send()).toMatch(/^250 /);
  });

  it('follows another on one connection', async () => {
    await send('one');
    await send('two');
    expect(subjects()).toEqual(['one', 'two']);
  });
});

describe('a fault of the next mail', () => {
  it('refuses it after its data, and is used up', async () => {
    catcher.faults.set({ nextMails: [{ kind: 'refuse', code: 451, message: 'as told' }] });
    expect(await send()).toBe('451 as told');
    expect(catcher.messages()).toEqual([]);
    expect(await send()).toMatch(/^250 /);
  });

  it('refuses its recipients', async () => {
    catcher.faults.set({ nextMails: [{ kind: 'refuse', code: 550, at: 'recipient' }] });
    expect(await send()).toMatch(/^550 /);
  });

  it.each([true, false])('cuts the connection (after accepting: %s)', async (afterAccepting) => {
    catcher.faults.set({ nextMails: [{ kind: 'cut', afterAccepting }] });
    expect(await send()).toBeNull();
    expect(catcher.messages()).toHaveLength(afterAccepting ? 1 : 0);
  });

  it('leaves the client waiting', async () => {
    catcher.faults.set({ always: { kind: 'hang', afterAccepting: false } });
    const answer = send();
    expect(await nextEvent.promise).toEqual({ msg: 'mail fault used', fault: 'hang' });
    client.end();
    expect(await answer).toBeNull();
    expect(catcher.messages()).toEqual([]);
  });
});

describe('the mail catcher', () => {
  it('remembers mails and faults over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catcher-'));
    const statePath = join(folder, 'mail.sqlite');
    const before = await startSmtpCatcher({ now, statePath });
    const sender = await connectSmtp(before.url);
    await sender.send({ lines: aMail('kept') });
    before.faults.set({ always: { kind: 'refuse', code: 550 } });
    await before.close();
    const after = await startSmtpCatcher({ now, statePath });
    expect(after.messages()).toMatchObject([{ subject: 'kept' }]);
    expect(after.faults.current().always).toMatchObject({ code: 550 });
    after.reset();
    expect(after.messages()).toEqual([]);
    await after.close();
    rmSync(folder, { recursive: true });
  });

  it('fails to start when a port is taken', async () => {
    const smtpPort = Number(new URL(catcher.url).port);
    await expect(startSmtpCatcher({ now, smtpPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('has a control API', async () => {
    await send();
    const control = (method: string, path: string, body?: string) =>
      call(`${catcher.pageUrl}simulator/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
      });
    expect((await control('GET', 'messages')).body.messages).toMatchObject([{ subject: 'Invoice' }]);
    expect((await control('PUT', 'faults', '{"always":{"kind":"hang"}}')).status).toBe(400);
    const put = await control('PUT', 'faults', '{"nextMails":[{"kind":"refuse","code":421}]}');
    expect(put.body.nextMails).toEqual([{ kind: 'refuse', code: 421, at: 'data' }]);
    expect((await control('POST', 'reset')).status).toBe(204);
    expect(catcher.messages()).toEqual([]);
  });
});

describe('the pages', () => {
  it('list mails, and show one with its HTML where it can do nothing', async () => {
    await send('<i>Invoice</i>');
    const list = await (await fetch(catcher.pageUrl)).text();
    expect(list).toContain('&lt;i&gt;Invoice&lt;/i&gt;');
    const [mail] = catcher.messages();
    const response = await fetch(`${catcher.pageUrl}messages/${mail?.id}`);
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('<iframe sandbox=""');
    expect(page).toContain('Příloha');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|<i>/);
    expect((await fetch(`${catcher.pageUrl}messages/none`)).status).toBe(404);
  });
});
