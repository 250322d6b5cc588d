import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkDockerfile } from './check-dockerfile.ts';
import { checkEnvironments } from './check-environments.ts';
import { checkReferences } from './check-references.ts';
import { ComposeFile } from './compose-file.ts';
import { interpolate } from './interpolate.ts';

export type CheckedFiles = {
  /** The repository's root. */
  root: string;
  composeFile: string;
  /** Values such as an operator would give. */
  environmentFile: string;
};

/** Every mistake that can be found in the container files without Docker; empty when there is none. */
export async function checkCompose({ root, composeFile, environmentFile }: CheckedFiles): Promise<string[]> {
  const variables = parseEnv(readFileSync(environmentFile, 'utf8'));
  const parsed: unknown = parse(readFileSync(composeFile, 'utf8'), { merge: true });
  const { value, missing } = interpolate(parsed, variables);
  if (missing.length > 0) return missing.map((name) => `the environment does not set ${name}`);
  const result = ComposeFile.safeParse(value);
  if (!result.success) return [z.prettifyError(result.error)];
  const { data } = result;
  const targets = Object.values(data.services).flatMap(({ build }) => build?.target ?? []);
  return [
    ...checkReferences(root, data),
    ...checkDockerfile(root, 'infra/Dockerfile', [...new Set(targets)]),
    ...(await checkEnvironments(root, data)),
  ];
}
