import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { waitUntil } from './wait-until.ts';

const LOOKUP_MS = 5_000;

/** A signal and how many milliseconds it is given to work. */
export type StopStep = readonly [signal: NodeJS.Signals, limitMs: number];

/** Whether the process runs. One that ended but was not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (errorCode(error) !== 'EPERM') return false;
  }
  // A container's first process often never collects orphans, which then answer to signal 0 for ever.
  return process.platform !== 'linux' || !/^\d+ \(.*\) [ZX] /s.test(readOrEmpty(`/proc/${pid}/stat`));
}

/** Waits until the process has ended; false when it still runs after `limitMs` milliseconds. */
export function waitForExit(pid: number, limitMs: number): Promise<boolean> {
  return waitUntil(limitMs, () => !isAlive(pid));
}

/** Sends each signal in turn and waits; true once the process has ended. Throws when it may not be signalled. */
export async function stopProcess(pid: number, steps: readonly StopStep[]): Promise<boolean> {
  for (const [signal, limitMs] of steps) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
    if (await waitForExit(pid, limitMs)) return true;
  }
  return false;
}

/**
 * Whether `pid` is really the program named by the pattern, at work in `folder`: a pid found in an old file may
 * belong to anybody by now. The folder must be its working directory or one of its arguments.
 */
export function isProgramIn(pid: number, program: RegExp, folder: string): boolean {
  if (!isAlive(pid)) return false;
  const command = commandOf(pid);
  if (!program.test(command[0] ?? '')) return false;
  // Both, because root in a container may not read the working directory of another account's process,
  // and a renamed folder is found only there.
  return workingFolderOf(pid) === folder || namesFolder(command, folder);
}

/** The pids of such programs in `folder`. Linux only; empty elsewhere, where processes cannot be listed by folder. */
export function findProgramsIn(program: RegExp, folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => workingFolderOf(pid) === folder && isProgramIn(pid, program, folder));
}

/** The first line of a pid file; null when the file is missing or holds something else. */
export function readPid(file: string): number | null {
  const pid = Number.parseInt(readOrEmpty(file), 10);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

function namesFolder(command: string[], folder: string): boolean {
  // `ps` joins the arguments to one line, /proc keeps them apart.
  return command.includes(folder) || (command.length === 1 && `${command[0]} `.includes(` ${folder} `));
}

function commandOf(pid: number): string[] {
  if (process.platform === 'linux') return readOrEmpty(`/proc/${pid}/cmdline`).split('\0').filter(Boolean);
  return [run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).trim()];
}

function workingFolderOf(pid: number): string | null {
  if (process.platform !== 'linux') {
    const lines = run('lsof', ['-a', '-p', String(pid), '-d', 'cwd', '-Fn']).split('\n');
    return lines.find((line) => line.startsWith('n'))?.slice(1) ?? null;
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function run(command: string, args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8', timeout: LOOKUP_MS }).stdout ?? '';
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
