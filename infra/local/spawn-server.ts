import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { waitUntil } from './wait-until.ts';

const LINES_KEPT = 20;
const LAST_WORDS_MS = 1_000;

/** The account a child runs as; null for our own. */
export type Account = { name: string; uid: number; gid: number } | null;

export type Log = (line: string) => void;

export type SpawnServerOptions = {
  command: string;
  args: string[];
  account: Account;
  log: Log;
  /** Written to its standard input, which is closed without it. */
  input?: string;
  /** Its whole environment; servers get one that is the same everywhere. */
  environment?: Record<string, string>;
  /** Its working directory, `/` by default. */
  folder?: string;
};

export type ServerChild = {
  pid: number;
  /** The process that interrupts the server when ours dies. */
  lifelinePid: number;
  /** Resolves with how it ended: "exit code 1", "signal SIGKILL". */
  exited: Promise<string>;
  hasExited(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Whether it ended within so many milliseconds. */
  endsWithin(limitMs: number): Promise<boolean>;
  /** An error that names the step and carries the child's last log lines. */
  failure(step: string): Promise<Error>;
};

// Nothing is inherited: PGDATA, PGPORT or a broken LANG of the user's shell must not reach the servers.
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Starts a server in its own session, so that Ctrl-C in the terminal reaches only us and we stop things in order,
 * and ties its life to ours by a lifeline. Throws when the program cannot be started.
 */
export async function spawnServer(options: SpawnServerOptions): Promise<ServerChild> {
  const child = spawnDetached(options, ['pipe', 'pipe', 'pipe']);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) keepLines(stream, lines, options.log);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  let closed = false;
  child.once('close', () => {
    closed = true;
  });
  await once(child, 'spawn');
  // A server that dies before it has read its input breaks the pipe; its exit tells more than that error.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');

  const pid = Number(child.pid);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const lifeline = await tieLifeline(pid, options.account).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  // Collected by us before its pid can be given away, so the lifeline never interrupts a stranger.
  child.once('exit', () => lifeline.kill('SIGKILL'));
  if (hasExited()) lifeline.kill('SIGKILL');

  return {
    pid,
    lifelinePid: Number(lifeline.pid),
    exited,
    hasExited,
    signal: (signal) => void child.kill(signal),
    endsWithin: (limitMs) => waitUntil(limitMs, hasExited),
    async failure(step) {
      if (hasExited()) await waitUntil(LAST_WORDS_MS, () => closed);
      const state = hasExited() ? `ended with ${await exited}` : `still runs as pid ${pid}`;
      return new Error(`${step}: ${options.command} ${state}. ${quote(lines)}`);
    },
  };
}

// A shell that waits for the end of a pipe which only we hold open. We may die of anything, kill -9 included:
// the pipe closes and the server is asked to stop.
async function tieLifeline(pid: number, account: Account): Promise<ChildProcess> {
  const script = 'read -r _; kill -s INT "$1"';
  const args = ['-c', script, 'tollgate-lifeline', String(pid)];
  const lifeline = spawnDetached({ command: '/bin/sh', args, account }, ['pipe', 'ignore', 'ignore']);
  await once(lifeline, 'spawn');
  return lifeline;
}

function spawnDetached(
  options: Omit<SpawnServerOptions, 'log' | 'input'>,
  stdio: StdioOptions,
): ChildProcess {
  const { command, args, account, environment = ENVIRONMENT, folder = '/' } = options;
  const ids = account === null ? {} : { uid: account.uid, gid: account.gid };
  return spawn(command, args, { ...ids, cwd: folder, detached: true, env: environment, stdio });
}

function keepLines(stream: Readable | null, lines: string[], log: Log): void {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    log(line);
  });
}

function quote(lines: string[]): string {
  return lines.length === 0 ? 'It logged nothing.' : `Its last lines:\n${lines.join('\n')}`;
}
