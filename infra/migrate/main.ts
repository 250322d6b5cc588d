import { openSchemaEngine, type SchemaEngine } from './schema-engine.ts';

// npm run db:migrate | db:status | db:diff, for the database at DATABASE_DIRECT_URL.
const commands: Record<string, (engine: SchemaEngine) => Promise<boolean>> = {
  async migrate(engine) {
    const applied = await engine.migrate();
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
    return true;
  },
  async status(engine) {
    const { pending, edited, failed } = await engine.status();
    for (const name of pending) console.log(`pending  ${name}`);
    for (const name of edited) console.log(`edited   ${name}: the file changed after it was applied`);
    for (const name of failed) console.log(`failed   ${name}: see docs/runbooks/failed-migration.md`);
    const current = pending.length + edited.length + failed.length === 0;
    if (current) console.log('The database is up to date.');
    return current;
  },
  async diff(engine) {
    const sql = await engine.diff();
    console.log(sql === '' ? 'Schema and migrations agree.' : sql);
    return sql === '';
  },
};

const name = process.argv[2] ?? '';
const command = commands[name];
const url = process.env.DATABASE_DIRECT_URL ?? process.env.DATABASE_URL;
if (!command) {
  console.error(`Unknown command "${name}": use migrate, status or diff.`);
  process.exitCode = 2;
} else if (!url) {
  console.error('DATABASE_DIRECT_URL is not set: the PostgreSQL address of the role that owns the tables.');
  process.exitCode = 2;
} else {
  const engine = await openSchemaEngine(url);
  const succeeded = await command(engine);
  await engine.close();
  // The engine's ten-second lock timer would keep the process alive.
  process.exit(succeeded ? 0 : 1);
}
