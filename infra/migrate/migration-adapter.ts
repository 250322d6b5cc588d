import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';

export type MigrationAdapter = SqlMigrationAwareDriverAdapterFactory & {
  /** Ends the connections that the engine leaves open. */
  close(): Promise<void>;
};

/**
 * PrismaPg with the repairs that the schema engine needs: PrismaPg cuts scripts at every semicolon,
 * which breaks function bodies; does not know the catalog's one-byte "char" type; and its shadow
 * database is the real one when it was given a URL, and cannot be dropped otherwise.
 */
export function createMigrationAdapter(databaseUrl: string): MigrationAdapter {
  const config = parseIntoClientConfig(databaseUrl);
  const factory = new PrismaPg(config);
  const opened: SqlDriverAdapter[] = [];
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = repair(await factory.connect());
      opened.push(adapter);
      return adapter;
    },
    connectToShadowDb: () => connectToShadowDatabase(config),
    async close() {
      await Promise.all(opened.splice(0).map((adapter) => adapter.dispose()));
    },
  };
}

async function connectToShadowDatabase(config: pg.ClientConfig): Promise<SqlDriverAdapter> {
  const database = `tollgate_shadow_${randomUUID().replaceAll('-', '')}`;
  const server = new pg.Client(config);
  await server.connect();
  await server.query(`CREATE DATABASE ${database}`);
  const shadow = repair(await new PrismaPg({ ...config, database }).connect());
  const dispose = shadow.dispose.bind(shadow);
  shadow.dispose = async () => {
    await dispose();
    await server.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await server.end();
  };
  return shadow;
}

type PgAdapter = SqlDriverAdapter & { underlyingDriver(): pg.Pool };

function repair(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const pool = (adapter as PgAdapter).underlyingDriver();
  const query = pool.query.bind(pool) as (config: unknown) => Promise<pg.QueryResult>;

  // One simple-protocol query is one implicit transaction: a migration applies whole or not at all.
  adapter.executeScript = async (script) => {
    await query(script).catch((error: pg.DatabaseError) => {
      const { code = '', severity = 'ERROR', message, detail, column, hint } = error;
      throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
    });
  };

  // The engine asks one query at a time, so the latest result belongs to the query being answered.
  let charColumns: boolean[] = [];
  pool.query = (async (config: unknown) => {
    const result = await query(config);
    charColumns = result.fields.map((field) => field.dataTypeID === pg.types.builtins.CHAR);
    for (const field of result.fields) {
      if (field.dataTypeID === pg.types.builtins.CHAR) field.dataTypeID = pg.types.builtins.TEXT;
    }
    return result;
  }) as pg.Pool['query'];
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (sqlQuery) => {
    const result = await queryRaw(sqlQuery);
    const columnTypes = result.columnTypes.map((type, i) =>
      charColumns[i] ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
  return adapter;
}
