/** Keeps the texts of what was refused in order, the newest so many, and takes nothing for true. */
export interface RefusalStore {
  /** The newest, oldest first. */
  newest(count: number): Promise<readonly string[]>;
  /** False, and nothing happened, unless `last` is the newest text (undefined: there is none). Drops what is too old. */
  append(last: string | undefined, text: string): Promise<boolean>;
}

export const KEPT_REFUSALS = 10_000;
