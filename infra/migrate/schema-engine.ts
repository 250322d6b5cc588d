import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as wasmBindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { createMigrationAdapter } from './migration-adapter.ts';

const repositoryRoot = join(import.meta.dirname, '../..');
const schemaFolder = join(repositoryRoot, 'prisma/schema');
const repositoryMigrations = join(repositoryRoot, 'prisma/migrations');
const noFilters = { externalTables: [], externalEnums: [] };

export type MigrationState = {
  /** Migrations of the repository that the database has not seen, oldest first. */
  pending: string[];
  /** Migrations whose file no longer matches what the database recorded. */
  edited: string[];
  /** Migrations that stopped half-way. */
  failed: string[];
};

export type SchemaEngine = {
  /** Applies what is pending and records it as the Prisma CLI does; returns the names applied. */
  migrate(): Promise<string[]>;
  status(): Promise<MigrationState>;
  /** SQL that is missing in the migrations to reach the schema files; empty when they agree. */
  diff(): Promise<string>;
  close(): Promise<void>;
};

/**
 * Prisma's schema engine as WebAssembly, on the given database: the native engine is a
 * download at install time, which fails on machines that reach only a package registry.
 */
export async function openSchemaEngine(
  databaseUrl: string,
  migrationsFolder = repositoryMigrations,
): Promise<SchemaEngine> {
  await loadWasm();
  const adapter = createMigrationAdapter(databaseUrl);
  const engine = await wasmBindings.SchemaEngine.new(
    { datamodels: await readSchemaFiles() },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );

  return {
    async migrate() {
      const output = await engine.applyMigrations({
        migrationsList: await readMigrations(migrationsFolder),
        filters: noFilters,
      });
      return output.appliedMigrationNames;
    },
    async status() {
      const output = await engine.diagnoseMigrationHistory({
        migrationsList: await readMigrations(migrationsFolder),
        optInToShadowDatabase: false,
        filters: noFilters,
      });
      return {
        pending:
          output.history && 'unappliedMigrationNames' in output.history
            ? output.history.unappliedMigrationNames
            : [],
        edited: output.editedMigrationNames,
        failed: output.failedMigrationNames,
      };
    },
    async diff() {
      const output = await engine.diff({
        from: { tag: 'migrations', ...(await readMigrations(migrationsFolder)) },
        to: {
          tag: 'schemaDatamodel',
          files: (await readSchemaFiles()).map(([path, content]) => ({ path, content })),
        },
        script: true,
        exitCode: null,
        filters: noFilters,
      });
      const sql = output.stdout ?? '';
      return sql.includes('This is an empty migration') ? '' : sql;
    },
    async close() {
      engine.free();
      await adapter.close();
    },
  };
}

// Only the browser's type library describes WebAssembly; this is the part used here.
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

let wasmLoaded: Promise<void> | undefined;

function loadWasm(): Promise<void> {
  wasmLoaded ??= (async () => {
    const main = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
    const bytes = await readFile(join(dirname(main), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': wasmBindings });
    // Where the engine leaves the text of a panic, which would otherwise hide behind a TypeError.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: throwPanic } });
    wasmBindings.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  return wasmLoaded;
}

function throwPanic(message: string): never {
  throw new Error(`Prisma's schema engine panicked: ${message}`);
}

async function readSchemaFiles(): Promise<[string, string][]> {
  const names = (await readdir(schemaFolder)).filter((name) => name.endsWith('.prisma')).sort();
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const path = join(schemaFolder, name);
      return [relative(repositoryRoot, path), await readFile(path, 'utf8')];
    }),
  );
}

async function readMigrations(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok' as const,
          value: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
        },
      },
    })),
  );
  const lockfile = await readFile(join(folder, 'migration_lock.toml'), 'utf8');
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}
