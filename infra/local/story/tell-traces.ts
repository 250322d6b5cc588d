import type { DemoCaller } from '../demo/prepare-demo.ts';
import type { ToldMessage } from './judge-story.ts';
import { callTollgate } from './tollgate-api.ts';
import { renderTrace } from './trace-line.ts';

/** Each message's way in a line, and why it is not the whole way where it is not. */
export type ToldTraces = { lines: string[]; reasons: string[] };

/** Asks the API for the way of each message. `callers` and `told` are in the same order. */
export async function tellTraces(
  apiUrl: string,
  callers: readonly DemoCaller[],
  told: readonly ToldMessage[],
): Promise<ToldTraces> {
  const traces = await Promise.all(
    callers.map((caller, index) => tell(apiUrl, caller, told[index]?.id ?? null)),
  );
  return { lines: traces.flatMap(({ lines }) => lines), reasons: traces.flatMap(({ reasons }) => reasons) };
}

async function tell(apiUrl: string, { name, apiKey }: DemoCaller, id: string | null): Promise<ToldTraces> {
  if (id === null) return { lines: [], reasons: [] };
  try {
    const trace = await callTollgate(apiUrl, apiKey).readTrace(id);
    const reasons = trace.complete ? [] : [`${name}: ${id} has not come to its end`];
    return { lines: [`${name}: ${renderTrace(trace)}`], reasons };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { lines: [], reasons: [`${name}: ${message}`] };
  }
}
