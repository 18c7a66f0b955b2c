/** What was wrong with a piece of text, and where. Offsets count UTF-16 units of the text that was read. */
export interface Complaint {
  readonly at: number;
  /** The offending word as it was typed. */
  readonly word: string;
  readonly problem: string;
  /** The known word that was most likely meant. */
  readonly meant?: string;
  /** A noun phrase: it follows "Expected". */
  readonly expected: string;
}

/** Thrown and caught inside the grammar only. What leaves it is a result that carries the complaint. */
export class Misread extends Error {
  override readonly name = 'Misread';
  readonly complaint: Complaint;

  constructor(complaint: Complaint) {
    super(complaint.problem);
    this.complaint = complaint;
  }
}

/** Runs a reader and gives what it made or why it could not. Bugs go on flying. */
export function orComplaint<T>(read: () => T): { readonly made: T } | { readonly bad: Complaint } {
  try {
    return { made: read() };
  } catch (error) {
    if (error instanceof Misread) return { bad: error.complaint };
    throw error;
  }
}
