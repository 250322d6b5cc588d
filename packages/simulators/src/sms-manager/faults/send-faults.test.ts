import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { aMessage, type RunningSimulator, runSimulator } from '../../testing/run-simulator.ts';

let simulator: RunningSimulator;
beforeEach(async () => {
  simulator = await runSimulator();
});
afterEach(() => simulator.close());

const recipients = ['420777000001', '420777000002', '420777000003'].map((phone_number) => ({ phone_number }));

describe('a fault of the next send call', () => {
  it.each([400, 401, 403, 429, 500, 503] as const)('answers %i and takes nothing', async (status) => {
    simulator.faults.set({ nextSends: [{ kind: 'status', status, message: 'as told' }] });
    expect(await simulator.send(aMessage())).toEqual({ status, body: { Message: 'as told' } });
    expect(simulator.received()).toEqual([]);
  });

  it('answers 500 after the messages were taken', async () => {
    simulator.faults.set({ nextSends: [{ kind: 'status', status: 500, afterTaking: true }] });
    expect((await simulator.send(aMessage())).status).toBe(500);
    expect(simulator.received()).toHaveLength(1);
  });

  it('answers 400 with the sentence of the authoriser', async () => {
    simulator.faults.set({ nextSends: [{ kind: 'auth400' }] });
    const answer = await simulator.send(aMessage());
    expect(answer.status).toBe(400);
    expect(answer.body.Message).toMatch(/not authorized.*explicit deny/);
  });

  it.each([true, false])('hangs until the client goes (after taking: %s)', async (afterTaking) => {
    simulator.faults.set({ nextSends: [{ kind: 'hang', afterTaking }] });
    const client = new AbortController();
    const used = simulator.next('fault used');
    const answer = simulator.send(aMessage(), '/message', { signal: client.signal });
    await used;
    client.abort();
    await expect(answer).rejects.toThrow();
    expect(simulator.received()).toHaveLength(afterTaking ? 1 : 0);
    expect(simulator.requests()).toEqual({ 'POST /v2/message': { hang: 1 } });
  });

  it.each([true, false])('cuts the connection (after taking: %s)', async (afterTaking) => {
    simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking }] });
    await expect(simulator.send(aMessage())).rejects.toThrow();
    expect(simulator.received()).toHaveLength(afterTaking ? 1 : 0);
    expect(simulator.requests()).toEqual({ 'POST /v2/message': { cut: 1 } });
  });

  it('refuses every key without a reason', async () => {
    simulator.faults.set({ nextSends: [{ kind: 'refuse' }] });
    const { status, body } = await simulator.send(aMessage({ to: recipients }));
    expect({ status, accepted: body.accepted, rejected: body.rejected }).toEqual({
      status: 200,
      accepted: [],
      rejected: [{ key: '0' }, { key: '1' }, { key: '2' }],
    });
    expect(simulator.received()).toEqual([]);
  });

  it('accepts some keys and refuses the others', async () => {
    simulator.faults.set({ nextSends: [{ kind: 'partial', accepted: 2 }] });
    const { body } = await simulator.send(aMessage({ to: recipients }));
    expect(body.accepted).toHaveLength(2);
    expect(body.rejected).toEqual([{ key: '2' }]);
    expect(simulator.received().map(({ to }) => to)).toEqual(['420777000001', '420777000002']);
  });

  it('answers with both lists empty', async () => {
    simulator.faults.set({ nextSends: [{ kind: 'emptyAnswer' }] });
    expect(await simulator.send(aMessage())).toMatchObject({
      status: 200,
      body: { accepted: [], rejected: [] },
    });
  });

  it('answers with keys that are numbers', async () => {
    simulator.faults.set({ nextSends: [{ kind: 'keyAsNumber' }] });
    const { body } = await simulator.send([aMessage(), aMessage()], '/messages');
    expect(body.accepted.map(({ key }: { key: unknown }) => key)).toEqual([0, 1]);
    expect(simulator.received()).toHaveLength(2);
  });
});

describe('faults', () => {
  it('are consumed one per call that is valid, then the lasting one applies', async () => {
    simulator.faults.set({
      nextSends: [{ kind: 'status', status: 503 }, { kind: 'refuse' }],
      always: { kind: 'status', status: 429 },
    });
    const statuses: number[] = [];
    for (const body of [{}, aMessage(), aMessage(), aMessage(), aMessage()]) {
      statuses.push((await simulator.send(body)).status);
    }
    expect(statuses).toEqual([400, 503, 200, 429, 429]);
    simulator.faults.change({ always: undefined });
    expect((await simulator.send(aMessage())).status).toBe(200);
  });

  it('that do not exist are refused and change nothing', () => {
    simulator.faults.set({ listingLagMs: 5 });
    // @ts-expect-error: the types refuse it too.
    expect(() => simulator.faults.set({ sends: [] })).toThrow(ZodError);
    // @ts-expect-error: the types refuse it too.
    expect(() => simulator.faults.change({ always: { kind: 'explode' } })).toThrow(ZodError);
    expect(simulator.faults.current()).toMatchObject({ listingLagMs: 5 });
  });
});
