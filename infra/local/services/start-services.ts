import type { Shutdown } from '../shutdown.ts';
import { type Addresses, addressesOf } from './addresses.ts';
import { choosePorts, isAnyTaken, type Ports } from './choose-ports.ts';
import type { ServiceDefinition } from './definitions.ts';
import { type KeepRunningDeps, type KeptService, keepRunning } from './keep-running.ts';
import { type LaunchedService, launchService, stopService } from './launch-service.ts';

const ATTEMPTS_MAX = 3;

export type StartServicesDeps = KeepRunningDeps & {
  shutdown: Shutdown;
  /** The services on these ports, first to start and last to stop first. */
  define(ports: Ports): ServiceDefinition[];
};

export type RunningServices = { services: KeptService[]; addresses: Addresses };

/** Starts all services at once and returns when every one is ready; those that crash later are looked after. */
export async function startServices(deps: StartServicesDeps): Promise<RunningServices> {
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(attempt === 1);
    const definitions = deps.define(ports);
    try {
      const launched = await launchAll(definitions, deps);
      return {
        services: launched.map(([definition, service]) => keep(definition, service, deps)),
        addresses: addressesOf(ports),
      };
    } catch (error) {
      deps.shutdown.checkpoint();
      // Whether a port was the trouble is asked of the port: it may have been taken since we looked.
      if (attempt === ATTEMPTS_MAX || !(await isAnyTaken(ports))) throw error;
    }
  }
}

async function launchAll(definitions: ServiceDefinition[], deps: StartServicesDeps) {
  const failure = new AbortController();
  const abort = AbortSignal.any([deps.shutdown.signal, failure.signal]);
  const launches = definitions.map(async (definition): Promise<[ServiceDefinition, LaunchedService]> => {
    return [definition, await launchService(definition, { ...deps, abort })];
  });
  try {
    return await Promise.all(launches);
  } catch (error) {
    // One is enough to give up; the others must not outlive the attempt.
    failure.abort(error);
    for (const launch of await Promise.allSettled(launches)) {
      if (launch.status === 'fulfilled') await stopService(launch.value[1].child);
    }
    throw error;
  }
}

function keep(definition: ServiceDefinition, launched: LaunchedService, deps: StartServicesDeps) {
  const service = keepRunning(definition, launched, deps);
  deps.shutdown.add(definition.name, service.stop);
  return service;
}
