import { createAlarm } from '../../common/alarm.ts';
import type { PendingCallback } from '../state/callback-table.ts';
import type { TwilioEvent } from '../twilio-event.ts';
import { type AdvanceDeps, advanceMessages } from './advance-messages.ts';
import { type PostCallbackDeps, postCallback } from './post-callback.ts';

const atOnceMax = 64;
const perRoundMax = 500;
const attemptsMax = 2;
const farFuture = Number.MAX_SAFE_INTEGER;

export interface DeliverCallbacksDeps extends AdvanceDeps, Omit<PostCallbackDeps, 'stopping'> {
  onEvent: (event: TwilioEvent) => void;
}

export interface CallbackDelivery {
  /** Makes sure that work due at the instant (milliseconds since 1970) is looked for then. */
  wake(at: number): void;
  /** Moves every message to its end and posts everything that waits; resolves when nothing is left. */
  flush(): Promise<void>;
  /** Breaks off posts in flight; they stay due for the next start. */
  stop(): Promise<void>;
}

/** Starts moving messages on and posting their callbacks, each when its due row says so. */
export function deliverCallbacks(deps: DeliverCallbacksDeps): CallbackDelivery {
  const { state, now, onEvent } = deps;
  const stopping = new AbortController();
  const alarm = createAlarm(now, () => void run('due'));
  let running: Promise<void> = Promise.resolve();

  function run(which: 'due' | 'all'): Promise<void> {
    running = running.then(() => round(which)).then(setAlarm);
    return running;
  }

  async function round(which: 'due' | 'all'): Promise<void> {
    while (!stopping.signal.aborted) {
      const until = which === 'due' ? now().getTime() : farFuture;
      if (advanceMessages(deps, which) > 0) continue;
      const callbacks = state.callbacks.due(until, perRoundMax);
      if (callbacks.length === 0) return;
      await postAll(callbacks);
    }
  }

  /** Those of one message one after another, those of different ones side by side. */
  async function postAll(callbacks: PendingCallback[]): Promise<void> {
    const lanes = Map.groupBy(callbacks, ({ sid }) => sid).values();
    const work = async () => {
      for (const lane of lanes) for (const callback of lane) await post(callback);
    };
    await Promise.all(Array.from({ length: atOnceMax }, work));
  }

  async function post(callback: PendingCallback): Promise<void> {
    const { isAnswered, answer } = await postCallback({ ...deps, stopping: stopping.signal }, callback);
    // A post broken off by the stop says nothing about the receiver; the row stays due for the next start.
    if (stopping.signal.aborted) return;
    const attempt = callback.attempts + 1;
    const outcome = isAnswered ? 'answered' : attempt < attemptsMax ? 'pending' : 'dropped';
    state.callbacks.record(callback.seq, outcome, answer);
    onEvent({ msg: `callback ${outcome}`, sid: callback.sid, status: callback.status, attempt, answer });
  }

  function setAlarm(): void {
    if (stopping.signal.aborted) return;
    for (const at of [state.messages.nextStepAt(), state.callbacks.nextAt()]) if (at !== null) alarm.set(at);
  }

  return {
    wake: alarm.set,
    flush: () => run('all'),
    stop: async () => {
      stopping.abort();
      alarm.clear();
      await running;
    },
  };
}
