import type { SimulatorEvent } from '../sms-manager/simulator-event.ts';
import {
  type SmsManagerSimulator,
  type SmsManagerSimulatorOptions,
  startSmsManagerSimulator,
} from '../sms-manager/start-sms-manager-simulator.ts';

export const apiKey = 'key-for-tests';

/** An instant at which the clock of tests stands still, so that nothing is reported before it is flushed. */
export const noon = new Date('2026-03-02T11:00:00.000Z');

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came.
  body: any;
}

export interface RunningSimulator extends SmsManagerSimulator {
  send(body: unknown, path?: string, init?: RequestInit): Promise<Answer>;
  look(path: string): Promise<Answer>;
  /** Resolves with the next event of that kind. */
  next(msg: SimulatorEvent['msg']): Promise<SimulatorEvent>;
}

/** Starts a simulator with a clock that stands still, and ways to talk to it. */
export async function runSimulator(
  options: Partial<SmsManagerSimulatorOptions> = {},
): Promise<RunningSimulator> {
  const awaited: { msg: string; resolve: (event: SimulatorEvent) => void }[] = [];
  const onEvent = (event: SimulatorEvent) => {
    const index = awaited.findIndex(({ msg }) => msg === event.msg);
    if (index >= 0) awaited.splice(index, 1)[0]?.resolve(event);
  };
  const simulator = await startSmsManagerSimulator({ apiKey, now: () => noon, onEvent, ...options });
  return {
    ...simulator,
    send: (body, path = '/message', init = {}) =>
      call(`${simulator.baseUrl}${path}`, {
        method: 'POST',
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        ...init,
      }),
    look: (path) => call(`${simulator.restUrl}${path}`, { headers: { 'x-api-key': apiKey } }),
    next: (msg) => new Promise((resolve) => awaited.push({ msg, resolve })),
  };
}

/** Returns a message that the provider takes, changed as told. */
export function aMessage(changes: object = {}): object {
  return {
    body: 'Your table is booked',
    to: [{ phone_number: '420777123456' }],
    tag: 'transactional',
    flow: [{ sms: { type: 'sms', sender: 'Tollgate' } }],
    ...changes,
  };
}

/** Calls a URL and reads the JSON of the answer. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
