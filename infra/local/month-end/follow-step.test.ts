import { expect, test } from 'vitest';
import { plain } from '../terminal/colours.ts';
import { createProgress } from '../terminal/progress.ts';
import { createTerminal } from '../terminal/terminal.ts';
import { followStep, type StepDeps, StepFailedError } from './follow-step.ts';
import { done, type Judgement, waiting, wrong } from './judgement.ts';

test('a step is looked at until it is done, and said with its duration', async () => {
  const { written, deps } = prepare([waiting('nothing yet'), done('there it is')]);
  expect(await followStep(deps, 'item')).toBe('there it is');
  expect(written.join('')).toMatch(/^✓ item +\d.*m?s {2}there it is\n$/);
});

test('what is still missing at the end of the time is the reason', async () => {
  const { written, deps } = prepare([waiting('no item')]);
  const failure = new StepFailedError('item: no item, after 0.15 s');
  await expect(followStep({ ...deps, limitMs: 150 }, 'item')).rejects.toThrow(failure);
  expect(written.join('')).toBe('✗ item\n');
});

test('what is wrong is not waited for', async () => {
  const { deps } = prepare([wrong('two items')]);
  await expect(followStep(deps, 'item')).rejects.toThrow(new StepFailedError('item: two items'));
});

test('whoever does not answer is asked again', async () => {
  const { deps } = prepare([done('there it is')]);
  const answers = [() => Promise.reject(new Error('connection refused')), deps.look];
  expect(await followStep({ ...deps, look: () => (answers.shift() ?? deps.look)() }, 'item')).toBe(
    'there it is',
  );
});

test('a step that cannot be set off fails at once, and is set off once', async () => {
  const { deps } = prepare([waiting('no item'), done('there it is')]);
  const begin = () => Promise.reject(new Error('no such subscription'));
  await expect(followStep({ ...deps, begin }, 'item')).rejects.toThrow('item: no such subscription');
  const begun: string[] = [];
  await followStep({ ...deps, begin: async () => void begun.push('begun') }, 'item');
  expect(begun).toHaveLength(1);
});

test('a step gives way to a stop', async () => {
  const { deps } = prepare([waiting('no item')]);
  const checkpoint = () => {
    throw new Error('interrupted');
  };
  await expect(followStep({ ...deps, checkpoint }, 'item')).rejects.toThrow(/^interrupted$/);
});

/** A step that is judged as told, the last judgement for ever. */
function prepare(judgements: Judgement[]): { written: string[]; deps: StepDeps } {
  const written: string[] = [];
  const terminal = createTerminal({ write: (text) => written.push(text) }, undefined);
  const [last] = judgements.slice(-1);
  const look = async () => judgements.shift() ?? last ?? waiting('nothing');
  return { written, deps: { progress: createProgress(terminal, plain), checkpoint() {}, look } };
}
