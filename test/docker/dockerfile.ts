/** A Dockerfile as a list of instructions. Promises to take each one in, or to throw; knows nothing of what they do. */

export interface Instruction {
  /** In capitals: `FROM`, `RUN`. */
  readonly name: string;
  /** All behind the name, continued lines joined. */
  readonly text: string;
}

/** Comments are left out, also those between continued lines. */
export function parseDockerfile(source: string): Instruction[] {
  const lines = source.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  const joined = lines.join('\n').replaceAll(/\\\n/g, '');
  return joined.split('\n').map((line) => {
    const [, name, text] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === undefined || text === undefined) throw new Error(`no instruction: ${line}`);
    return { name, text: text.replaceAll(/\s+/g, ' ').trim() };
  });
}

/** The words of an instruction in its exec form: `["node", "-e", "..."]`. */
export function execForm(text: string): string[] {
  const words: unknown = JSON.parse(text);
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new Error(`not in exec form, so a shell would be the first process: ${text}`);
}

/** `a=1 b="two words"` as pairs. */
export function pairs(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w.]+)=("[^"]*"|\S+)/g)];
  return Object.fromEntries(found.map(([, key, value]) => [key, value!.replaceAll('"', '')]));
}
