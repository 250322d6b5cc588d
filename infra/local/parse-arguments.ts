import { parseArgs } from 'node:util';

export type StartArguments = { kind: 'run'; once: boolean; verbose: boolean; data: string | null };
export type ResetArguments = { kind: 'run'; data: string | null };
export type OtherArguments = { kind: 'help' } | { kind: 'mistake'; message: string };

const common = { data: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } as const;

/** What the words after `npm start --` ask for. */
export function parseStartArguments(words: string[]): StartArguments | OtherArguments {
  return orMistake(() => {
    const { values } = parseArgs({
      args: words,
      options: {
        ...common,
        once: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    return { kind: 'run', once: values.once, verbose: values.verbose, data: values.data ?? null };
  });
}

/** What the words after `npm run reset --` ask for. */
export function parseResetArguments(words: string[]): ResetArguments | OtherArguments {
  return orMistake(() => {
    const { values } = parseArgs({ args: words, options: common });
    return values.help ? { kind: 'help' } : { kind: 'run', data: values.data ?? null };
  });
}

function orMistake<Arguments>(parse: () => Arguments): Arguments | OtherArguments {
  try {
    return parse();
  } catch (error) {
    // Only the first sentence: the rest explains how to pass words that begin with a dash.
    const [message = ''] = error instanceof Error ? error.message.split('. ') : [];
    return { kind: 'mistake', message };
  }
}

export const startHelp = `Usage: npm start [-- <options>]

Starts Tollgate on this machine with its own PostgreSQL and queue, sends two demo messages to a simulated
provider, bills them through a simulated Stripe, proves the books and stays up until Ctrl-C. Nothing leaves
the machine.

  --once           stop after the demo; exit code 0 if both messages were delivered, charged, billed and paid exactly
  --verbose        show the services' logs, debug lines included, from the first moment
  --data <folder>  keep the data in <folder>/.tollgate instead of this checkout's .tollgate
  --help           show this

npm run reset deletes the data.`;

export const resetHelp = `Usage: npm run reset [-- <options>]

Deletes what npm start keeps: messages, accounts, secrets. Refuses while it runs.

  --data <folder>  delete <folder>/.tollgate instead of this checkout's .tollgate
  --help           show this`;
