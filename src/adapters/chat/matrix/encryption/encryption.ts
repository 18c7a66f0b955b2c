import type { RoomEvent } from '../room-event.ts';

/** How a room is encrypted, as its state says. */
export interface RoomEncryption {
  readonly algorithm: string;
  /** The keys of so many messages are one. */
  readonly messages: number;
  /** And of so many milliseconds. */
  readonly ms: number;
}

export interface Clear {
  readonly room: string;
  readonly type: string;
  readonly content: object;
}

/** What this device of the bot encrypts and decrypts; its keys are in a folder of its own. */
export interface Encryption {
  /** Takes in the keys that others sent, and has its own ready for them; before every look for what is new in the rooms. */
  catchUp(): Promise<void>;
  /** For every device of everybody who is in the room now. Throws a Failure. */
  encrypt(clear: Clear, how: RoomEncryption): Promise<object>;
  /** Undefined for what cannot be read, or was not encrypted by a device of its sender. */
  decrypt(room: string, event: RoomEvent): Promise<RoomEvent | undefined>;
  /** A file, and what a message has to say of it so that it can be read. */
  hide(bytes: Buffer): { readonly bytes: Buffer; readonly how: object };
  /** Ends what is under way; nothing else may be called afterwards. */
  close(): Promise<void>;
}
