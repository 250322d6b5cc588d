import { invalidRequest } from './stripe-refusal.ts';

/** A form as nested text: `a[b][0]=x` becomes `{ a: { b: { 0: 'x' } } }`. */
export interface Form {
  [name: string]: string | Form;
}

/** Returns the nested form of a query or body. Throws StripeRefusal for names that contradict one another. */
export function parseForm(text: string): Form {
  const root = emptyForm();
  for (const [name, value] of new URLSearchParams(text)) place(root, name, value);
  return root;
}

function place(root: Form, name: string, value: string): void {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (match === null) throw invalidRequest(`Invalid parameter name: ${name}`, { param: name });
  const parts = [
    match[1] ?? '',
    ...[...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, part]) => part ?? ''),
  ];
  const last = parts.pop() ?? '';
  let node = root;
  for (const part of parts) node = childOf(node, keyIn(node, part), name);
  const key = keyIn(node, last);
  if (typeof node[key] === 'object') throw clash(name);
  node[key] = value;
}

function childOf(node: Form, key: string, name: string): Form {
  const child = node[key] ?? emptyForm();
  if (typeof child === 'string') throw clash(name);
  node[key] = child;
  return child;
}

// `a[]=x` means the next free place of the array.
function keyIn(node: Form, part: string): string {
  return part === '' ? String(Object.keys(node).length) : part;
}

// Without a prototype a parameter called `__proto__` or `constructor` is a name like any other.
function emptyForm(): Form {
  return Object.create(null);
}

function clash(name: string) {
  return invalidRequest(`${name} is given both as a value and as a hash`, { param: name });
}
