const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is already HTML and is not escaped again. */
export interface Html {
  readonly markup: string;
}

/** Tag for templates: every inserted string is escaped, inserted Html (or a list of it) is not. */
export function html(strings: TemplateStringsArray, ...values: (string | number | Html | Html[])[]): Html {
  const inserted = values.map((value) => {
    if (Array.isArray(value)) return value.map(({ markup }) => markup).join('');
    return typeof value === 'object' ? value.markup : escapeHtml(String(value));
  });
  return { markup: String.raw({ raw: strings }, ...inserted) };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
