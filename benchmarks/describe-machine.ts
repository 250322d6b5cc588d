import { arch, cpus, platform, totalmem } from 'node:os';

const GIBIBYTE = 2 ** 30;

/** One line that says on what a figure was measured. */
export function describeMachine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / GIBIBYTE);
  return `${cores.length} × ${cores[0]?.model ?? 'unknown'}, ${memory} GiB, ${platform()} ${arch()}, Node ${process.version}`;
}
