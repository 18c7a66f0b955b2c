/** Bold, italics, underline, strikethrough, monospace, and back to plain. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what IRC writes them with
const DECORATION = /[\x02\x0F\x11\x1D-\x1F]/g;

/**
 * Takes off what only decorates text. Colours and reversed colours stay: they can hide a part of a line from those who
 * read along, so that the grammar refuses them.
 */
export function undecorated(text: string): string {
  return text.replace(DECORATION, '');
}
