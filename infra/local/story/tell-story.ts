import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { demoRecipient } from '../demo/demo-tenants.ts';
import type { DemoCaller } from '../demo/prepare-demo.ts';
import type { ToldMessage } from './judge-story.ts';
import { readCharge } from './read-charge.ts';
import { isEnd, reachedSteps } from './story-steps.ts';
import type { StoryMessage } from './story-table.ts';
import { callTollgate, type TollgateApi } from './tollgate-api.ts';

const DELIVERED_MS = 30_000;
const POLL_MS = 100;

export type TellStoryDeps = {
  apiUrl: string;
  db: Db;
  /** Shows how far the messages got. */
  update(messages: readonly StoryMessage[]): void;
  /** Throws when the story has to give way to a stop. */
  checkpoint(): void;
};

type Tale = { api: TollgateApi; body: string; message: StoryMessage; failure: string | null };

/** Sends one message per tenant through the API and follows each to its end, at most 30 s. */
export async function tellStory(deps: TellStoryDeps, callers: readonly DemoCaller[]): Promise<ToldMessage[]> {
  const tales = callers.map((caller) => begin(deps.apiUrl, caller));
  const show = () => deps.update(tales.map(({ message }) => message));
  show();
  await Promise.all(tales.map(send));
  const deadlineMs = performance.now() + DELIVERED_MS;
  const open = () => tales.filter(({ message }) => message.id !== null && !isEnd(message.state));
  while (open().length > 0 && performance.now() < deadlineMs) {
    await Promise.all(open().map(look));
    show();
    await delay(POLL_MS);
    deps.checkpoint();
  }
  return Promise.all(tales.map((tale) => conclude(tale, deps.db)));
}

function begin(apiUrl: string, { name, currency, body, apiKey }: DemoCaller): Tale {
  const fresh = { id: null, state: 'new', reached: {}, before: null, after: null };
  return {
    api: callTollgate(apiUrl, apiKey),
    body,
    message: { tenant: name, currency, ...fresh },
    failure: null,
  };
}

async function send(tale: Tale): Promise<void> {
  await attempt(tale, async () => {
    tale.message.before = await tale.api.readAvailable();
    const message = { to: demoRecipient, body: tale.body, category: 'transactional' } as const;
    tale.message.id = await tale.api.send(message, randomUUID());
  });
}

async function look(tale: Tale): Promise<void> {
  const { id } = tale.message;
  if (id === null) return;
  await attempt(tale, async () => {
    const { state, timeline, lastFailure, failureCode } = await tale.api.readMessage(id);
    tale.message.state = state;
    tale.message.reached = reachedSteps(timeline);
    tale.failure = lastFailure ?? failureCode ?? null;
  });
}

async function conclude(tale: Tale, db: Db): Promise<ToldMessage> {
  await attempt(tale, async () => {
    tale.message.after = await tale.api.readAvailable();
  });
  const { id } = tale.message;
  const charge = id === null ? null : await readCharge(db, id);
  return { ...tale.message, charge, failure: tale.failure };
}

// A call that fails is part of the story: the API may be starting again, and the other message goes on.
async function attempt(tale: Tale, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    tale.failure = error instanceof Error ? error.message : String(error);
  }
}
