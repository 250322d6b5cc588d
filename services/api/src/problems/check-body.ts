import { isUtf8 } from 'node:buffer';
import { invalidRequest, Problem } from './problem.ts';
import { pointerTo } from './read-body.ts';

/** The requests that are described here take four levels. */
const DEPTH_MAX = 20;

/**
 * The `verify` of every `express.json`. Throws an error whose cause is the Problem, for a body that would
 * be read as another one than was sent, or that is nested so deep that whoever walks through it runs out of stack.
 */
export function checkBody(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  const problem = findFault(bytes, charset);
  // Express's parser sets `status` on what it catches here, which a Problem does not let it.
  if (problem) throw new Error(problem.message, { cause: problem });
}

function findFault(bytes: Buffer, charset: string): Problem | null {
  if (charset !== 'utf-8') return new Problem('unsupported_media_type', 'send JSON in UTF-8');
  if (!isUtf8(bytes)) return new Problem('invalid_request', 'the body is not valid UTF-8');
  if (isTooDeep(bytes)) {
    return new Problem('invalid_request', `the body is nested more than ${DEPTH_MAX} levels deep`);
  }
  const paths = mayHaveProto(bytes) ? findProto(parse(bytes), []) : [];
  if (paths.length === 0) return null;
  const detail = 'is a name that no field can have';
  return invalidRequest(paths.map((path) => ({ pointer: pointerTo(path), detail })));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];

function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) index = endOfText(bytes, index);
    else if (byte === BRACKET || byte === BRACE) depth += 1;
    else if (byte === BRACKET_END || byte === BRACE_END) depth -= 1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}

/** Where the text that begins at a quote ends; the end of the bytes where it does not. */
function endOfText(bytes: Buffer, start: number): number {
  for (let index = start + 1; index < bytes.length; index += 1) {
    if (bytes[index] === QUOTE) return index;
    if (bytes[index] === BACKSLASH) index += 1;
  }
  return bytes.length;
}

/** How JSON may spell a character of `__proto__`, besides itself; nobody's serializer does. */
const escapes = ['\\u005f', '\\u005F', '\\u0070', '\\u0072', '\\u006f', '\\u006F', '\\u0074'];

/** Costs an ordinary body next to nothing, where parsing it a second time would cost as much as the first. */
function mayHaveProto(bytes: Buffer): boolean {
  return ['__proto__', ...escapes].some((text) => bytes.includes(text));
}

/** Undefined for what is no JSON, which Express's parser refuses by itself. */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The paths of members named `__proto__`. JSON has them like any others, but zod's records drop them without
 * a word: limits that were to be set by `{"__proto__": 5}` would be taken away.
 */
function findProto(value: unknown, path: readonly string[]): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '__proto__' ? [[...path, name]] : findProto(member, [...path, name]),
  );
}
