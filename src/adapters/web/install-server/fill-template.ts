import type { ImageInstaller } from '../../../domain/inventory.ts';

export type AnswerKind = ImageInstaller['kind'];

/** Signs that mean nothing to a shell, to debconf or to YAML wherever they stand in a word. */
const PLAIN = /^[A-Za-z0-9_@%+,./=-][A-Za-z0-9_@%+:,./=?~-]*$/;
// Every control character, line breaks foremost: each format ends a value there.
const UNPRINTABLE = /[^ -~]/;

/** What a template must have, or its installer could not prove itself. */
const NEEDED = ['nonce', 'report-url'] as const;

/** The template does not do, or a value cannot be said in its format. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Puts values in place of `{host}`, `{nonce}` and so on, escaped for the format. Names that are not known stay as they
 * stand: shells have braces of their own.
 */
export function fillTemplate(
  template: string,
  kind: AnswerKind,
  values: Readonly<Record<string, string>>,
): string {
  for (const name of NEEDED) {
    if (!template.includes(`{${name}}`)) throw new TemplateError(`it has no {${name}}`);
  }
  return template.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : escapeFor(kind, value);
  });
}

function escapeFor(kind: AnswerKind, value: string): string {
  if (UNPRINTABLE.test(value)) throw new TemplateError(`a value has a control character`);
  if (PLAIN.test(value)) return value;
  switch (kind) {
    case 'kickstart':
      // Commands of a kickstart are split as a shell splits them, and %post is a shell (pykickstart uses shlex).
      return `'${value.replaceAll("'", `'\\''`)}'`;
    case 'autoinstall':
      // Every JSON string is a double-quoted YAML scalar (YAML 1.2.2, section 1.2).
      return JSON.stringify(value);
    case 'preseed':
      throw new TemplateError('a value has a sign that debconf has no way to quote');
    default:
      return kind satisfies never;
  }
}
