type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  examples?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
};
type Operation = { requestBody?: { content: Record<string, { schema: Schema }> } };
type Description = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

export type TriedRequest = { method: string; path: string; json?: object };

/** What somebody would send who wants credit; fields that an operation does not know are refused one by one. */
const wishes: Record<string, unknown> = {
  to: '+420777123456',
  body: 'Hello',
  amount: '100.00',
  amountMicros: 100_000_000,
  credit: '100.00',
  currency: 'CZK',
  kind: 'purchase',
  reference: 'wish',
};

/**
 * Requests to every operation of an OpenAPI document and every route of the application: without a body, with every
 * wish, and with a body made from the operation's own schema. `id` stands for every part of a path that is left open.
 */
export function requestsOf(description: Description, routes: readonly string[], id: string): TriedRequest[] {
  const described = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const registered = routes.map((route) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, path, operation: {} as Operation };
  });
  return [...described, ...registered].flatMap(({ method, path, operation }) => {
    const target = { method, path: path.replaceAll(/\{\w+\}|:\w+/g, id) };
    if (method === 'GET' || method === 'HEAD') return [target];
    const schema = operation.requestBody?.content['application/json']?.schema;
    const fitting = schema ? [{ ...target, json: sample(schema, description, '') as object }] : [];
    return [target, { ...target, json: wishes }, ...fitting];
  });
}

/** A value that the schema describes; fields that are wishes get what is wished for. */
function sample(schema: Schema, description: Description, name: string): unknown {
  const named = schema.$ref?.split('/').at(-1);
  if (named !== undefined) return sample(description.components.schemas[named] ?? {}, description, name);
  if (name in wishes) return wishes[name];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return sample(choice, description, name);
  if (schema.const !== undefined) return schema.const;
  const [given] = schema.enum ?? schema.examples ?? [];
  if (given !== undefined) return given;
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const chosen = Object.entries(properties).filter(
        ([field]) => field in wishes || required.includes(field),
      );
      return Object.fromEntries(chosen.map(([field, of]) => [field, sample(of, description, field)]));
    }
    case 'array':
      return [sample(schema.items ?? {}, description, name)];
    case 'number':
    case 'integer':
      return 100;
    case 'boolean':
      return true;
    default:
      return '100';
  }
}
