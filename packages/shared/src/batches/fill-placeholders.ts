export type FilledText =
  | { ok: true; text: string }
  | { ok: false; reason: 'missing_values'; missing: string[] }
  | { ok: false; reason: 'too_long' };

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** Whether there is anything in the text to be filled. */
export function hasPlaceholders(template: string): boolean {
  return template.search(PLACEHOLDER) !== -1;
}

/**
 * The text with every `{{name}}` replaced by the value of exactly that name, or the names without one.
 * Values are text: what looks like a placeholder in them stays as it is. Nothing longer than `lengthMax`
 * UTF-16 units is made, because a short template may ask for a very long text.
 */
export function fillPlaceholders(
  template: string,
  values: Readonly<Record<string, string>>,
  lengthMax: number,
): FilledText {
  const valueFor = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  const missing = new Set<string>();
  let length = template.length;
  for (const [placeholder, name = ''] of template.matchAll(PLACEHOLDER)) {
    const value = valueFor(name);
    if (value === undefined) missing.add(name);
    else length += value.length - placeholder.length;
  }
  if (missing.size > 0) return { ok: false, reason: 'missing_values', missing: [...missing] };
  if (length > lengthMax) return { ok: false, reason: 'too_long' };
  const text = template.replaceAll(PLACEHOLDER, (_, name: string) => valueFor(name) ?? '');
  return { ok: true, text };
}
