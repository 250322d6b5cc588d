import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig } from '@tollgate/shared/runtime/config.ts';
import { z } from 'zod';
import type { ComposeFile } from './compose-file.ts';

/**
 * What our services would say of the environment that compose gives them, by their own config.ts; and variables that
 * they do not know, which are typos.
 */
export async function checkEnvironments(root: string, { services }: ComposeFile): Promise<string[]> {
  const names = readdirSync(join(root, 'services'));
  const mistakes = await Promise.all(
    names.map(async (name) => {
      const service = services[name];
      if (!service) return [`${name} is not in the file`];
      const program = `services/${name}/src/main.ts`;
      if (!service.command?.includes(program)) return [`${name}: does not run ${program}`];
      return (await checkEnvironment(root, name, service.environment ?? {})).map(
        (mistake) => `${name}: ${mistake}`,
      );
    }),
  );
  return mistakes.flat();
}

async function checkEnvironment(
  root: string,
  name: string,
  environment: Record<string, string>,
): Promise<string[]> {
  const path = join(root, 'services', name, 'src/config.ts');
  if (!existsSync(path)) return ['has no config.ts yet'];
  const schema = Object.values<unknown>(await import(path)).find((value) => value instanceof z.ZodObject);
  if (!schema) return ['config.ts exports no schema'];
  const unknown = Object.keys(environment).filter((variable) => !Object.hasOwn(schema.shape, variable));
  return [...unknown.map((variable) => `does not know ${variable}`), ...refusalOf(schema, environment)];
}

function refusalOf(schema: z.ZodObject, environment: Record<string, string>): string[] {
  try {
    readConfig(schema, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [error.message];
    throw error;
  }
}
