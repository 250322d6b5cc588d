import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage, noon, runSimulator } from '../../testing/run-simulator.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts';

let folder: string;
let receiver: WebhookReceiver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const start = (now = () => noon) => runSimulator({ statePath: join(folder, 'state.sqlite'), now });

describe('after a restart', () => {
  it('messages taken before are sent and reported', async () => {
    const before = await start();
    await before.send(aMessage({ callback: receiver.url }));
    await before.close();
    const after = await start();
    expect(after.received()).toMatchObject([{ state: 'accepted' }]);
    await after.flushReports();
    expect(receiver.results()).toEqual(['sent', 'delivered']);
    await after.close();
  });

  it('a report in flight when it stopped is posted again under the same request id', async () => {
    const before = await start();
    before.faults.set({ reports: { result: 'sentOnly' } });
    receiver.answers.push('never');
    await before.send(aMessage({ callback: receiver.url }));
    const flushed = before.flushReports();
    await receiver.arrived(1);
    await before.close();
    await flushed;
    const after = await start();
    await after.flushReports();
    expect(receiver.results()).toEqual(['sent', 'sent']);
    const [first, second] = receiver.webhooks;
    expect(second?.headers['x-request-id']).toBe(first?.headers['x-request-id']);
    expect(after.received()[0]?.callbackAnswers).toMatchObject([{ attempts: 1, outcome: 'answered' }]);
    await after.close();
  });

  it('answered reports are not posted again', async () => {
    const before = await start();
    await before.send(aMessage({ callback: receiver.url }));
    await before.flushReports();
    await before.close();
    const after = await start();
    await after.flushReports();
    expect(receiver.webhooks).toHaveLength(2);
    expect(after.received()).toMatchObject([{ state: 'delivered' }]);
    await after.close();
  });

  it('what became due meanwhile is reported without being asked', async () => {
    const before = await start();
    await before.send(aMessage({ callback: receiver.url }));
    await before.close();
    const after = await start(() => new Date(noon.getTime() + 60_000));
    await receiver.arrived(2);
    await after.close();
    expect(receiver.results().sort()).toEqual(['delivered', 'sent']);
  });

  it('faults and the remaining credit are as they were', async () => {
    const before = await start();
    before.faults.set({ credit: 5, always: { kind: 'refuse' }, nextSends: [{ kind: 'keyAsNumber' }] });
    await before.send(aMessage());
    await before.flushReports();
    await before.close();
    const after = await start();
    expect(after.faults.current()).toMatchObject({ credit: 4.11, always: { kind: 'refuse' }, nextSends: [] });
    await after.close();
  });

  it('messages older than 30 days are forgotten', async () => {
    const before = await start();
    await before.send(aMessage());
    await before.close();
    const after = await start(() => new Date(noon.getTime() + 31 * 24 * 60 * 60 * 1000));
    expect(after.received()).toEqual([]);
    await after.close();
  });
});
