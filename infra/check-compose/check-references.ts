import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ComposeFile, ComposeService } from './compose-file.ts';

/** What the services of a compose file refer to and is not there: files, volumes, other services. */
export function checkReferences(root: string, { services, volumes }: ComposeFile): string[] {
  return Object.entries(services).flatMap(([name, service]) =>
    [
      ...missingFiles(service)
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${path} does not exist`),
      ...volumesOf(service)
        .filter((volume) => !volume.startsWith('.') && !Object.hasOwn(volumes, volume))
        .map((volume) => `volume "${volume}" is not declared`),
      ...checkDependencies(service, services),
    ].map((mistake) => `${name}: ${mistake}`),
  );
}

/** Programs, Dockerfiles and mounted files: everything that a service names by its path in the repository. */
function missingFiles(service: ComposeService): string[] {
  const { build, command = [], healthcheck } = service;
  const programs = [...command, ...(healthcheck?.test ?? [])].filter((word) => word.endsWith('.ts'));
  const mounts = volumesOf(service).filter((volume) => volume.startsWith('.'));
  return [...programs, ...mounts, ...(build ? [join(build.context, build.dockerfile)] : [])];
}

function volumesOf({ volumes = [] }: ComposeService): string[] {
  return volumes.map((volume) => volume.split(':')[0] ?? '');
}

function checkDependencies({ depends_on = {} }: ComposeService, services: ComposeFile['services']): string[] {
  return Object.entries(depends_on).flatMap(([name, { condition }]) => {
    const other = services[name];
    if (!other) return [`depends on "${name}", which is no service`];
    if (condition === 'service_healthy' && !other.healthcheck)
      return [`waits for "${name}", which has no health check`];
    return [];
  });
}
