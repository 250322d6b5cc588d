import { join } from 'node:path';
import type { ServiceName as LocalServiceName } from '../../local/services/definitions.ts';
import { keepRunning } from '../../local/services/keep-running.ts';
import { launchService } from '../../local/services/launch-service.ts';

const repositoryRoot = join(import.meta.dirname, '../../..');
const LINES_KEPT = 30;

export type ServiceName = Exclude<LocalServiceName, 'simulators'>;

export type RunningService = {
  name: ServiceName;
  /** Ends it as a power cut would; nothing to do while it is between two lives. */
  kill(): Promise<void>;
  /** Lets it do nothing until it is resumed, as a process that hangs. */
  pause(): void;
  resume(): void;
  /** Ends it in order; throws when it does not end with 0. */
  stop(): Promise<void>;
  /** Whether a process runs at this moment. */
  isAlive(): boolean;
  /** The last lines of its log. */
  lastLines(): string[];
};

export type StartServiceDeps = {
  /** Its working directory: one of its own. */
  folder: string;
  environment: Record<string, string>;
  /** Whether it is started again when it ends without having been stopped. */
  isRestarted: boolean;
  /** Hears how it ended when nobody stopped it, and when it is ready again. */
  onEvent(event: string): void;
};

/** Runs a service as a process of its own and waits until it is ready. */
export async function startService(name: ServiceName, deps: StartServiceDeps): Promise<RunningService> {
  const lines: string[] = [];
  const definition = {
    name,
    program: join(repositoryRoot, `services/${name}/src/main.ts`),
    environment: deps.environment,
    readyMessage: 'ready',
  };
  const launchDeps = {
    folder: deps.folder,
    baseEnvironment: {},
    onLine(_service: string, line: string) {
      lines.push(line);
      if (lines.length > LINES_KEPT) lines.shift();
    },
  };
  const never = new AbortController().signal;
  const launched = await launchService(definition, { ...launchDeps, abort: never }).catch(
    (cause: unknown) => {
      throw new Error(`${name} did not start:\n${lines.join('\n')}`, { cause });
    },
  );
  const kept = keepRunning(definition, launched, {
    ...launchDeps,
    canRestart: deps.isRestarted,
    // What it said last tells why.
    onCrash: (_service, { message }) => deps.onEvent([message, ...lines.slice(-5)].join('\n')),
    onRestart: (service) => deps.onEvent(`${service} is ready again`),
  });
  return {
    name,
    isAlive: () => kept.child() !== null,
    lastLines: () => [...lines],
    async kill() {
      const child = kept.child();
      child?.signal('SIGKILL');
      await child?.exited;
    },
    pause: () => kept.child()?.signal('SIGSTOP'),
    resume: () => kept.child()?.signal('SIGCONT'),
    async stop() {
      const child = kept.child();
      await kept.stop();
      const how = await child?.exited;
      if (how !== undefined && how !== 'exit code 0') {
        throw new Error(`${name} ended with ${how}:\n${lines.join('\n')}`);
      }
    },
  };
}
