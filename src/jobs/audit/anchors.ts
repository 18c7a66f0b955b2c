/** Where anchors are kept: lines outside of the store, which are only ever added to. */
export interface Anchors {
  /** The last line, or undefined where there is none yet. */
  last(): Promise<string | undefined>;
  /**
   * On disk when it returns. A line of whose fate nobody knows may be there. Writes nothing and answers false where the last
   * line is not `after`: anchors began anew meanwhile.
   */
  append(line: string, after: string | undefined): Promise<boolean>;
}
