import { expect, test } from 'vitest';
import { isStopWord } from './is-stop-word.ts';

test.each(['STOP', 'stop', ' Stop. ', 'Odhlásit', 'odhlásit!', 'KONEC', 'unsubscribe', 'Quit'])(
  '%j asks for no more messages',
  (body) => {
    expect(isStopWord(body)).toBe(true);
  },
);

test.each(['', 'ne', 'stop it', 'Nestopujte mě', 'STOPPED', 'konec směny v 8', 'end of story'])(
  '%j does not',
  (body) => {
    expect(isStopWord(body)).toBe(false);
  },
);
