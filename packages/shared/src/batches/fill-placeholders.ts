export type FilledText = { ok: true; text: string } | { ok: false; missing: string[] };

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/**
 * The text with every `{{name}}` replaced by the value of exactly that name, or the names without one.
 * Values are text: what looks like a placeholder in them stays as it is.
 */
export function fillPlaceholders(template: string, values: Readonly<Record<string, string>>): FilledText {
  const missing = new Set<string>();
  const text = template.replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) missing.add(name);
    return value ?? placeholder;
  });
  return missing.size === 0 ? { ok: true, text } : { ok: false, missing: [...missing] };
}
