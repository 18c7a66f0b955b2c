/** Where a line stands, `tale.script:7`, so that whoever wrote it finds it. */
interface Placed {
  readonly place: string;
}

/** What is looked for in the channel: the text itself, or a regular expression matched line by line. */
export type Pattern =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string };

/** One line of a demo script. `$op` and `$code` still stand in its texts. */
export type ScriptLine = Placed &
  (
    | { readonly kind: 'say'; readonly who: string; readonly text: string }
    | {
        readonly kind: 'react';
        readonly who: string;
        readonly emoji: string;
        readonly change: 'added' | 'removed';
      }
    | { readonly kind: 'expect'; readonly pattern: Pattern }
    | { readonly kind: 'wait'; readonly pattern: Pattern; readonly limitMs: number }
    | { readonly kind: 'lab'; readonly line: string }
  );
