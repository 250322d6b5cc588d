export type CopyInstruction = { from: string | null; sources: string[]; target: string };
export type Stage = { name: string; image: string; copies: CopyInstruction[] };
export type Dockerfile = { arguments: Record<string, string>; stages: Stage[] };

/** The stages of a Dockerfile with what each copies; instructions that check:compose does not ask about are left out. */
export function parseDockerfile(text: string): Dockerfile {
  const result: Dockerfile = { arguments: {}, stages: [] };
  for (const [keyword = '', ...words] of instructionsOf(text)) {
    const [first = '', second = '', third = ''] = words;
    if (keyword === 'ARG') {
      const [name = '', value = ''] = first.split('=');
      result.arguments[name] = value;
    } else if (keyword === 'FROM') {
      if (second !== 'AS') throw new Error(`the stage FROM ${first} has no name`);
      const image = first.replace(/\$\{(\w+)\}/g, (_, name: string) => result.arguments[name] ?? '');
      result.stages.push({ name: third, image, copies: [] });
    } else if (keyword === 'COPY') {
      result.stages.at(-1)?.copies.push(parseCopy(words));
    }
  }
  return result;
}

function parseCopy(words: readonly string[]): CopyInstruction {
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? null;
  const paths = words.filter((word) => !word.startsWith('--'));
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}

function instructionsOf(text: string): string[][] {
  return text
    .replace(/^\s*#.*$/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([keyword]) => keyword !== '');
}
