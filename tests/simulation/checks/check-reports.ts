import type { Facts } from './facts.ts';

type Results = Map<string, Set<string>>;

/** Every webhook that the api answered for is on record, and nothing is on record that the provider never did. */
export function checkReports({ messages, taken, arrived }: Facts): string[] {
  const recorded: Results = new Map(
    messages.flatMap(({ attempts }) =>
      attempts.map(({ id, reports }) => [id, new Set(reports.map(({ result }) => result))] as const),
    ),
  );
  const lost = arrived
    .filter(({ source }) => source === 'sms-manager')
    .flatMap(({ body }) => readEvents(body))
    .filter(({ attempt, result }) => !recorded.get(attempt)?.has(result));
  const invented = [...recorded].flatMap(([attempt, results]) =>
    [...results]
      .filter((result) => !(taken.get(attempt) ?? []).some((sms) => happened(sms, result)))
      .map((result) => ({ attempt, result })),
  );
  return [
    ...lost.map(({ attempt, result }) => `the report ${result} of attempt ${attempt} was answered and lost`),
    ...invented.map(({ attempt, result }) => `the provider never reported ${result} of attempt ${attempt}`),
  ];
}

function readEvents(stored: string): { attempt: string; result: string }[] {
  const { attempt, body } = JSON.parse(stored) as { attempt: string; body: string };
  return (JSON.parse(body) as { result: string }[]).map(({ result }) => ({ attempt, result }));
}

function happened({ state, sentAt }: { state: string; sentAt: string | null }, result: string): boolean {
  if (result === 'sending') return true;
  if (result === 'sent') return sentAt !== null;
  // The listing has one flag for everything that was not delivered: a rejection looks like a failure there.
  if (result === 'failed') return state === 'failed' || state === 'rejected';
  return state === result;
}
