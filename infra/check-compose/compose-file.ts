import { z } from 'zod';

const duration = z.string().regex(/^(\d+h)?(\d+m)?(\d+s)?$/, { error: 'must be a duration such as 30s' });
const portMapping = z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, {
  error: 'must be published on 127.0.0.1 only, such as 127.0.0.1:3000:3000',
});
// Numbers and booleans are left out on purpose: YAML reads 010 and yes in ways nobody expects of a variable.
const environment = z.record(
  z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  z.string({ error: 'must be a quoted string' }),
);

const healthcheck = z.strictObject({
  test: z.tuple([z.enum(['CMD', 'CMD-SHELL'])], z.string()),
  interval: duration,
  timeout: duration,
  start_period: duration,
  retries: z.int().min(1),
});

const service = z.strictObject({
  image: z.string().regex(/^[a-z0-9./-]+:[\w.-]+$/, { error: 'must name a version' }),
  build: z.strictObject({ context: z.string(), dockerfile: z.string(), target: z.string() }).optional(),
  command: z.array(z.string()).min(1).optional(),
  environment: environment.optional(),
  ports: z.array(portMapping).optional(),
  volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)).optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .optional(),
  healthcheck: healthcheck.optional(),
  restart: z.string().regex(/^(unless-stopped|on-failure:\d+)$/),
  stop_grace_period: duration.optional(),
  init: z.boolean().optional(),
  read_only: z.literal(true),
  tmpfs: z.array(z.string().startsWith('/')),
  cap_drop: z.tuple([z.literal('ALL')]).optional(),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  pids_limit: z.int().min(1).optional(),
  shm_size: z
    .string()
    .regex(/^\d+mb$/)
    .optional(),
  logging: z.strictObject({
    driver: z.literal('json-file'),
    options: z.strictObject({ 'max-size': z.string(), 'max-file': z.string() }),
  }),
});

/**
 * What docker-compose.yml uses of the Compose specification (https://github.com/compose-spec/compose-spec), and what we
 * ask of it: a key that is not listed is a typo until it is added here.
 */
export const ComposeFile = z
  .looseObject({
    name: z.string(),
    services: z.record(z.string().regex(/^[a-z][a-z-]*$/), service),
    volumes: z.record(z.string(), z.null()),
  })
  .superRefine((file, context) => {
    const known = ['name', 'services', 'volumes'];
    for (const key of Object.keys(file)) {
      if (known.includes(key) || key.startsWith('x-')) continue;
      context.addIssue({ code: 'custom', path: [key], message: 'is not a key that we use' });
    }
  });

export type ComposeFile = z.infer<typeof ComposeFile>;
export type ComposeService = z.infer<typeof service>;
