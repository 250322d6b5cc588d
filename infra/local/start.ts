import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStripe } from '@tollgate/invoicer/src/stripe-client.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { type Access, describeAccess, describePassword } from './closing-words.ts';
import { servicesFolder } from './data-folder.ts';
import { demoOperator } from './demo/demo-tenants.ts';
import { type DemoCaller, prepareDemo } from './demo/prepare-demo.ts';
import type { MergedLog } from './log/merged-log.ts';
import type { Addresses } from './services/addresses.ts';
import { defineServices } from './services/definitions.ts';
import type { KeptService } from './services/keep-running.ts';
import { type RunningServices, startServices } from './services/start-services.ts';
import { InterruptedError, type Shutdown } from './shutdown.ts';
import { type Stack, startStack } from './start-stack.ts';
import { tellStories } from './tell-stories.ts';
import type { Paint } from './terminal/colours.ts';
import { formatDuration } from './terminal/durations.ts';
import type { Progress } from './terminal/progress.ts';
import type { Terminal } from './terminal/terminal.ts';

export type StartDeps = {
  /** The folder whose `.tollgate` holds the data. */
  root: string;
  once: boolean;
  verbose: boolean;
  /** PATH, HOME and TZ of the user: all that is passed on. */
  baseEnvironment: Record<string, string>;
  now: () => Date;
  /** A path as the user would type it. */
  showPath(path: string): string;
  terminal: Terminal;
  paint: Paint;
  progress: Progress;
  log: MergedLog;
  shutdown: Shutdown;
  /** Receives every service that runs, so that it can be killed in a hurry. */
  running: KeptService[];
};

/**
 * Starts everything, tells the story and, unless it was to be `once`, stays until the shutdown is asked for; then
 * stops everything in order. Returns the exit code.
 */
export async function start(deps: StartDeps): Promise<number> {
  const { terminal, paint, log } = deps;
  let exitCode = 1;
  try {
    exitCode = await startAndTell(deps);
    if (!deps.once) await untilInterrupted(deps);
  } catch (error) {
    const isWanted = error instanceof InterruptedError;
    exitCode = isWanted && !deps.once ? 0 : 1;
    if (isWanted && deps.once) terminal.print(paint('red', 'interrupted before the story was over'));
    if (!isWanted) for (const line of describeFailure(error, log, paint)) terminal.print(line);
  }
  if (!deps.verbose) log.setLoudness('alarming');
  return (await stopAll(deps)) ? exitCode : 1;
}

async function stopAll({ shutdown, progress, terminal, paint }: StartDeps): Promise<boolean> {
  if (!shutdown.isNeeded()) return true;
  const failures = await shutdown.run(progress);
  for (const { message } of failures) terminal.print(paint('red', message));
  terminal.print('stopped');
  return failures.length === 0;
}

async function startAndTell(deps: StartDeps): Promise<number> {
  const { shutdown, progress, terminal, paint } = deps;
  const startedMs = performance.now();
  const stack = await startStack({
    ...deps,
    path: deps.baseEnvironment.PATH,
    startedAt: deps.now(),
    // Servers talk about every checkpoint; what matters is in the error when one fails.
    onServerLine: (server, line) => deps.verbose && deps.log.receive(server, line),
    say: terminal.print,
    onServerLost: (what) => shutdown.interrupt(new Error(what)),
  });
  const database = openDatabase({
    url: stack.databaseUrl,
    applicationName: 'tollgate-start',
    connectionsMax: 2,
  });
  try {
    shutdown.checkpoint();
    const services = await progress.step(
      'services',
      () => startAllServices(deps, stack),
      ({ services }) => services.map(({ name }) => name).join(', '),
    );
    shutdown.checkpoint();
    const { secrets, folder } = stack;
    const { addresses } = services;
    const stripe = createStripe({ secretKey: secrets.stripeSecretKey, apiBase: addresses.stripeUrl });
    // After the services, because its subscription is made at the Stripe simulator, which is one of them.
    const demo = { database, stripe, secrets, keysFile: join(folder.path, 'demo.json'), now: deps.now() };
    const callers = await progress.step('demo data', () => prepareDemo(demo));
    shutdown.checkpoint();
    folder.announce(addresses.apiUrl);
    terminal.print(paint('dim', `  ready after ${formatDuration(performance.now() - startedMs)}`));
    const { cronSecret } = secrets;
    const { checkpoint } = shutdown;
    const telling = { ...deps, database, stripe, addresses, cronSecret, checkpoint };
    const succeeded = await tellStories(telling, callers);
    explain(deps, { stack, addresses, callers, succeeded });
    return succeeded ? 0 : 1;
  } finally {
    await database.close();
  }
}

async function startAllServices(deps: StartDeps, stack: Stack): Promise<RunningServices> {
  const { shutdown, terminal, paint, log } = deps;
  // Made here, because the messages in it are nobody else's business.
  const simulatorFolder = join(stack.folder.path, 'simulators');
  mkdirSync(simulatorFolder, { recursive: true, mode: 0o700 });
  const started = await startServices({
    shutdown,
    folder: servicesFolder(stack.folder.path),
    baseEnvironment: deps.baseEnvironment,
    canRestart: !deps.once,
    onLine: log.receive,
    onRestart: (service) => terminal.print(`${service} is ready again`),
    onCrash(service, failure, restartInMs) {
      if (restartInMs === null) return shutdown.interrupt(failure);
      terminal.print(paint('red', failure.message));
      for (const line of log.lastLines(service)) terminal.print(`  ${line}`);
      terminal.print(`starting ${service} again in ${formatDuration(restartInMs)}`);
    },
    define: (ports) =>
      defineServices({
        ...ports,
        ...stack,
        logLevel: deps.verbose ? 'debug' : 'info',
        simulatorFolder,
      }),
  });
  deps.running.push(...started.services);
  return started;
}

type Ending = { stack: Stack; addresses: Addresses; callers: readonly DemoCaller[]; succeeded: boolean };

function explain(deps: StartDeps, { stack, addresses, callers, succeeded }: Ending): void {
  const { terminal, paint } = deps;
  const [caller] = callers;
  const access: Access = {
    operatorEmail: demoOperator.email,
    operatorPassword: stack.isNew ? stack.secrets.operatorPassword : null,
    secretsFile: deps.showPath(join(stack.folder.path, 'secrets.json')),
    tenant: caller?.name ?? '',
    apiKey: caller?.apiKey ?? '',
  };
  // Addresses that are about to go are of no use; a password that is shown only now is.
  if (deps.once) {
    if (stack.isNew) terminal.print(`  ${access.operatorEmail}: ${describePassword(access)}`);
    if (!succeeded) for (const line of deps.log.lastLines()) terminal.print(line);
    return;
  }
  for (const line of describeAccess(addresses, access, paint)) terminal.print(line);
}

async function untilInterrupted({ shutdown, log, terminal, paint }: StartDeps): Promise<void> {
  terminal.print(paint('dim', 'The log of all services follows. Ctrl-C stops everything.'));
  log.setLoudness('all');
  if (!shutdown.signal.aborted) {
    await new Promise((resolve) => shutdown.signal.addEventListener('abort', resolve, { once: true }));
  }
  shutdown.checkpoint();
}

function describeFailure(error: unknown, log: MergedLog, paint: Paint): string[] {
  const message = error instanceof Error ? error.message : String(error);
  const lines = log.lastLines();
  return [
    paint('red', message),
    ...(lines.length === 0 ? [] : ['The last lines of the services:', ...lines]),
  ];
}
