import type { z } from 'zod';
import type { ParameterMistake } from './parameters.ts';
import { invalidRequest, type StripeRefusal } from './stripe-refusal.ts';

type Issue = z.core.$ZodIssue;

/** Returns the refusal of the first mistake in the parameters; unknown names come before wrong values. */
export function refuseParameters(error: z.ZodError): StripeRefusal {
  const issues = error.issues.map(innermost);
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) return invalidRequest('Invalid request');
  return refuseIssue(issue);
}

function refuseIssue(issue: Issue): StripeRefusal {
  const param = nameOf(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const names = issue.keys.map((key) => nameOf([...issue.path, key]));
      const message = `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`;
      return invalidRequest(message, { code: 'parameter_unknown', param: names[0] ?? '' });
    }
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return invalidRequest(`Invalid ${param}: must be one of ${values}`, { param });
    }
    case 'custom':
      return refuseMistake(param, issue.params ?? {}, issue.input);
    case 'invalid_type': {
      if (issue.input === undefined) {
        return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
      }
      const expected =
        issue.expected === 'string' ? 'string' : issue.expected === 'array' ? 'array' : 'object';
      return invalidRequest(`Invalid ${expected}: ${show(issue.input)}`, { param });
    }
    default:
      return invalidRequest(`Invalid ${param}: ${show(issue.input)}`, { param });
  }
}

function refuseMistake(param: string, { code, expected }: ParameterMistake, given: unknown): StripeRefusal {
  const details = code === undefined ? { param } : { code, param };
  if (code === 'parameter_invalid_empty') {
    return invalidRequest(`You passed an empty string for '${param}', which cannot be unset.`, details);
  }
  if (code === 'not_simulated') {
    return invalidRequest(`Stripe takes '${param}', but this simulator does not model it.`, details);
  }
  return invalidRequest(`Invalid ${expected ?? param}: ${show(given)}`, details);
}

// A union reports every alternative; the one that came furthest is the one that was meant.
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const found = issue.errors.flat().map((one) => innermost({ ...one, path: [...issue.path, ...one.path] }));
  return found.find(({ code }) => code === 'custom') ?? found[0] ?? issue;
}

function nameOf(path: readonly PropertyKey[]): string {
  const [first = '', ...rest] = path.map(String);
  return first + rest.map((part) => `[${part}]`).join('');
}

function show(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}
