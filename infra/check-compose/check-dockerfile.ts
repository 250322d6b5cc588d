import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachesBuild } from './docker-ignore.ts';
import { parseDockerfile, type Stage } from './dockerfile.ts';

/** What is wrong with the Dockerfile, seen from the repository: files that are not there, and what it forgot. */
export function checkDockerfile(root: string, path: string, targets: readonly string[]): string[] {
  const file = parseDockerfile(readFileSync(join(root, path), 'utf8'));
  const names = file.stages.map(({ name }) => name);
  return [
    ...targets
      .filter((target) => !names.includes(target))
      .map((target) => `${path} has no stage "${target}"`),
    ...file.stages.flatMap((stage, index) => checkCopies(root, stage, names.slice(0, index))),
    ...checkManifests(root, file.stages),
    ...checkNodeVersion(root, file.arguments.NODE_VERSION),
  ].map((mistake) => `Dockerfile: ${mistake}`);
}

function checkCopies(root: string, { name, copies }: Stage, earlier: readonly string[]): string[] {
  const dockerIgnore = readFileSync(join(root, '.dockerignore'), 'utf8');
  return copies.flatMap(({ from, sources }) => {
    if (from !== null)
      return earlier.includes(from) ? [] : [`${name} copies from a stage "${from}" that is not before it`];
    return sources.flatMap((source) => {
      if (!existsSync(join(root, source))) return [`${name} copies ${source}, which does not exist`];
      return reachesBuild(source, dockerIgnore)
        ? []
        : [`${name} copies ${source}, which .dockerignore keeps out`];
    });
  });
}

/** npm installs what the manifests say, so one that is not copied is a workspace without its dependencies. */
function checkManifests(root: string, stages: readonly Stage[]): string[] {
  const copied = new Set(stages.flatMap(({ copies }) => copies.flatMap(({ sources }) => sources)));
  const manifests = globSync(['packages/*/package.json', 'services/*/package.json'], { cwd: root });
  return manifests.filter((manifest) => !copied.has(manifest)).map((manifest) => `${manifest} is not copied`);
}

function checkNodeVersion(root: string, version: string | undefined): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const locked: string = lock.packages['node_modules/node'].version;
  return version === locked ? [] : [`NODE_VERSION is ${version}, but package-lock.json brings ${locked}`];
}
