import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SILENT_MS = 60_000;

export type StarterOptions =
  | { kind: 'postgres'; dataRoot: string; password: string; settings: Record<string, string> }
  | { kind: 'redis'; dataRoot: string; binary: string }
  | { kind: 'folder'; root: string };

export type StarterReport = { pid: number; lifelinePid: number; url: string };

export type Starter = StarterReport & { process: ChildProcess; lines: string[]; exited: Promise<unknown> };

/** The starter program as a process of its own group, not yet heard of. */
export function spawnStarter(options: StarterOptions, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const program = fileURLToPath(new URL('./starter.ts', import.meta.url));
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  return spawn(process.execPath, [program, JSON.stringify(options)], {
    env,
    detached: true,
    stdio: [...stdio],
  });
}

/** Starts something in a process of its own and waits until that process says what it started. */
export async function startInChild(options: StarterOptions, env: NodeJS.ProcessEnv = {}): Promise<Starter> {
  const child = spawnStarter(options, env);
  const exited = once(child, 'close');
  const lines: string[] = [];
  if (child.stdout === null) throw new Error('no output to read');
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = exited.then(() => Promise.reject(new Error('the starter ended before it reported')));
  await Promise.race([once(reader, 'line', { signal: AbortSignal.timeout(SILENT_MS) }), ended]);
  ended.catch(() => {});
  return { ...(JSON.parse(lines[0] ?? '') as StarterReport), process: child, lines, exited };
}

/** Ends the starter as `kill -9` would, and the lifeline too: its server is an orphan now. */
export async function killWithLifeline(starter: Starter): Promise<void> {
  process.kill(starter.lifelinePid, 'SIGKILL');
  starter.process.kill('SIGKILL');
  await starter.exited;
}
