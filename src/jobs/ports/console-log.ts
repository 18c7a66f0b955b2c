import type { HostName, OpId } from '../../domain/ids.ts';

/** On whose behalf a console is read; what has to run for it is fenced by the epoch. */
export interface ConsoleReader {
  readonly op: OpId;
  readonly epoch: number;
}

export interface ConsoleText {
  /** As it came, control sequences included. Of very much, the beginning. */
  readonly text: string;
  /** From here the next call goes on. */
  readonly next: string;
  /** More is there already. */
  readonly more: boolean;
  /** What people should know of how it was read, such as a log that was rotated. */
  readonly remark?: string;
}

/** What hosts print on their serial consoles, kept somewhere while nobody reads it. */
export interface ConsoleLog {
  /** The place after all that was printed until now; from here on what is printed is kept. Twice is harmless. */
  end(host: HostName, reader: ConsoleReader, signal: AbortSignal): Promise<string>;
  /** What was printed after a place. The same place again gives the same text, as long as it is kept. */
  read(
    host: HostName,
    from: string,
    reader: ConsoleReader,
    signal: AbortSignal,
  ): Promise<ConsoleText>;
  /** Lets go of the console, so that people can have it; a later `read` takes it again. Twice is harmless. */
  close(host: HostName, reader: ConsoleReader, signal: AbortSignal): Promise<void>;
}
