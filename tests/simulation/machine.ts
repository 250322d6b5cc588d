import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { createRandom, type Random } from './random.ts';

// A run is the same run only if nothing in it asks the real machine: ids would differ, and with them
// the order in which PostgreSQL returns rows. So this process's random bytes and time come from the
// seed. Loaded before anything else, in a process that does nothing but simulate.

/** Timers up to this are a moment's wait for company (coalescer, a mail server's greeting); they fire in the same instant. */
const MOMENT_MS = 100;

let random: Random = createRandom(0, 'machine');
let nowMs = 0;

/** Starts the machine anew: the same seed gives the same ids and bytes. */
export function seedMachine(seed: number, startsAtMs: number): void {
  random = createRandom(seed, 'machine');
  nowMs = startsAtMs;
}

/** Sets what `new Date()` shows in this process. */
export function setMachineTime(ms: number): void {
  nowMs = ms;
}

function fill<Bytes extends NodeJS.ArrayBufferView>(bytes: Bytes): Bytes {
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < view.length; index += 1) view[index] = random.int(0, 255);
  return bytes;
}

function uuid(): string {
  const bytes = fill(Buffer.alloc(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

type Callback<Value> = (error: null, value: Value) => void;

function answer<Value>(value: Value, callback: Callback<Value> | undefined): Value | undefined {
  if (!callback) return value;
  callback(null, value);
  return undefined;
}

Object.assign(crypto, {
  randomBytes: (size: number, callback?: Callback<Buffer>) => answer(fill(Buffer.alloc(size)), callback),
  randomFillSync: fill,
  randomUUID: uuid,
  randomInt(...[first, second, callback]: [number, (number | Callback<number>)?, Callback<number>?]) {
    const hasMinimum = typeof second === 'number';
    const [min, max] = hasMinimum ? [first, second] : [0, first];
    return answer(random.int(min, max - 1), hasMinimum ? callback : second);
  },
});
syncBuiltinESMExports();
Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: fill });
Object.defineProperty(globalThis.crypto, 'randomUUID', { value: uuid });
Math.random = () => random.next();

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number]) {
    super(...(given.length === 0 ? ([nowMs] as const) : given));
  }
  static override now(): number {
    return nowMs;
  }
} as DateConstructor;

const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;
globalThis.setTimeout = Object.assign(
  (run: (...values: unknown[]) => void, ms = 1, ...values: unknown[]) =>
    ms <= MOMENT_MS ? setImmediate(run, ...values) : startTimer(run, ms, ...values),
  startTimer,
) as typeof setTimeout;
globalThis.clearTimeout = ((timer: NodeJS.Timeout | NodeJS.Immediate | undefined) => {
  clearImmediate(timer as NodeJS.Immediate);
  stopTimer(timer as NodeJS.Timeout);
}) as typeof clearTimeout;
