/** What a look at the books says of a step of the month-end. */
export type Judgement =
  | { kind: 'done'; said: string }
  /** Not yet; `missing` is the reason should it stay so. */
  | { kind: 'waiting'; missing: string }
  /** Never any more: it happened twice, or not as it should. */
  | { kind: 'wrong'; reason: string };

export const done = (said: string): Judgement => ({ kind: 'done', said });
export const waiting = (missing: string): Judgement => ({ kind: 'waiting', missing });
export const wrong = (reason: string): Judgement => ({ kind: 'wrong', reason });

/** One judgement of many: done when all are, and then with all that they say, or `otherwise` where there is nothing. */
export function combine(judgements: readonly Judgement[], otherwise: string): Judgement {
  const said = judgements.map((judgement) => (judgement.kind === 'done' ? judgement.said : ''));
  return firstDoubt(judgements) ?? done(said.join('; ') || otherwise);
}

/** What is wrong, else what is missing; undefined when everything is done. */
export function firstDoubt(judgements: readonly Judgement[]): Judgement | undefined {
  const find = (kind: Judgement['kind']) => judgements.find((judgement) => judgement.kind === kind);
  return find('wrong') ?? find('waiting');
}
