import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { StripeKinds } from './stripe-kinds.ts';

type Kind = keyof StripeKinds;
/** A value to equal, several to be among, null for an absent value, or that there is any at all. */
type Filter = string | number | boolean | null | string[] | typeof anyValue;

export const anyValue = Symbol('any value');

/** Which objects of a kind: fields by JSON path, an instant of creation, a place in the list. */
export interface ObjectQuery {
  where?: Record<`$.${string}`, Filter | undefined>;
  created?:
    | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
    | undefined;
  /** Only objects made before (older than) the one with this number. */
  beforeSeq?: number | undefined;
  /** Only objects made after (newer than) the one with this number. */
  afterSeq?: number | undefined;
  order: 'oldest first' | 'newest first';
  limit: number;
}

export interface ObjectTable {
  insert<K extends Kind>(kind: K, object: StripeKinds[K], created: number): void;
  save<K extends Kind>(kind: K, object: StripeKinds[K]): void;
  remove(kind: Kind, id: string): void;
  find<K extends Kind>(kind: K, id: string): StripeKinds[K] | undefined;
  /** Returns the object with an id, of whatever kind. */
  findAny(id: string): StripeKinds[Kind] | undefined;
  /** Returns the number that stands for an object's place in its list. */
  seqOf(kind: Kind, id: string): number | undefined;
  list<K extends Kind>(kind: K, query: ObjectQuery): StripeKinds[K][];
  count(kind: Kind, where: NonNullable<ObjectQuery['where']>, created?: ObjectQuery['created']): number;
  /** Forgets the objects of a kind that were made before the instant, in seconds. */
  forgetBefore(kind: Kind, created: number): void;
}

/** Returns the objects of the account, kept as JSON and found by id or by the fields lists filter by. */
export function objectTable(database: DatabaseSync): ObjectTable {
  const insert = database.prepare('INSERT INTO objects (kind, id, created, body) VALUES (?, ?, ?, ?)');
  const save = database.prepare('UPDATE objects SET body = ? WHERE kind = ? AND id = ?');
  const remove = database.prepare('DELETE FROM objects WHERE kind = ? AND id = ?');
  const byId = database.prepare('SELECT seq, body FROM objects WHERE kind = ? AND id = ?');
  const anyById = database.prepare('SELECT body FROM objects WHERE id = ? LIMIT 1');
  const forget = database.prepare('DELETE FROM objects WHERE kind = ? AND created < ?');
  const bodyOf = (row: Record<string, SQLOutputValue> | undefined) =>
    row === undefined ? undefined : JSON.parse(String(row.body));
  return {
    insert: (kind, object, created) => {
      insert.run(kind, object.id, created, JSON.stringify(object));
    },
    save: (kind, object) => {
      save.run(JSON.stringify(object), kind, object.id);
    },
    remove: (kind, id) => {
      remove.run(kind, id);
    },
    find: (kind, id) => bodyOf(byId.get(kind, id)),
    findAny: (id) => bodyOf(anyById.get(id)),
    seqOf: (kind, id) => {
      const seq = byId.get(kind, id)?.seq;
      return seq === undefined ? undefined : Number(seq);
    },
    list: (kind, query) => {
      const { conditions, values } = conditionsOf(kind, query);
      const direction = query.order === 'newest first' ? 'DESC' : 'ASC';
      const sql = `SELECT body FROM objects WHERE ${conditions} ORDER BY seq ${direction} LIMIT ?`;
      return database
        .prepare(sql)
        .all(...values, query.limit)
        .map(bodyOf);
    },
    count: (kind, where, created) => {
      const { conditions, values } = conditionsOf(kind, { where, created });
      const row = database
        .prepare(`SELECT count(*) AS count FROM objects WHERE ${conditions}`)
        .get(...values);
      return Number(row?.count ?? 0);
    },
    forgetBefore: (kind, created) => {
      forget.run(kind, created);
    },
  };
}

const columns: Record<string, string> = { '$.customer': 'customer', '$.invoice': 'invoice' };
const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function conditionsOf(kind: Kind, query: Omit<ObjectQuery, 'order' | 'limit'>) {
  const conditions = ['kind = ?'];
  const values: SQLInputValue[] = [kind];
  const add = (condition: string, ...given: SQLInputValue[]) => {
    conditions.push(condition);
    values.push(...given);
  };
  for (const [path, filter] of Object.entries(query.where ?? {})) {
    // The paths are constants of this program; the values are bound.
    const field = columns[path] ?? `json_extract(body, '${path}')`;
    if (filter === undefined) continue;
    if (filter === null) add(`${field} IS NULL`);
    else if (filter === anyValue) add(`${field} IS NOT NULL`);
    else if (Array.isArray(filter)) add(`${field} IN (${filter.map(() => '?').join(', ')})`, ...filter);
    else add(`${field} = ?`, typeof filter === 'boolean' ? Number(filter) : filter);
  }
  for (const [name, sign] of Object.entries(comparisons)) {
    const instant = query.created?.[name as keyof typeof comparisons];
    if (instant !== undefined) add(`created ${sign} ?`, instant);
  }
  if (query.beforeSeq !== undefined) add('seq < ?', query.beforeSeq);
  if (query.afterSeq !== undefined) add('seq > ?', query.afterSeq);
  return { conditions: conditions.join(' AND '), values };
}
