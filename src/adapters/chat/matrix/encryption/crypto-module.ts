/** As much of @matrix-org/matrix-sdk-crypto-nodejs as is used; its enumerations are gone when it runs. */
export interface CryptoModule {
  readonly OlmMachine: {
    initialize(
      user: Id,
      device: Id,
      folder: string,
      passphrase: string,
      store: typeof SQLITE,
    ): Promise<Machine>;
  };
  readonly UserId: new (id: string) => Id;
  readonly DeviceId: new (id: string) => Id;
  readonly RoomId: new (id: string) => Id;
  readonly DeviceLists: new (changed: Id[], left: Id[]) => object;
  readonly EncryptionSettings: new () => Settings;
  readonly Attachment: { encrypt(bytes: Uint8Array): HiddenBytes };
}

export interface Machine {
  readonly identityKeys: { readonly ed25519: { toBase64(): string } };
  receiveSyncChanges(
    events: string,
    lists: object,
    keyCounts: Record<string, number>,
    fallbackKeys: string[],
  ): Promise<string>;
  outgoingRequests(): Promise<Request[]>;
  markRequestAsSent(id: string, type: number, answer: string): Promise<boolean>;
  getMissingSessions(users: Id[]): Promise<Request | null>;
  updateTrackedUsers(users: Id[]): Promise<void>;
  shareRoomKey(room: Id, users: Id[], settings: Settings): Promise<Request[]>;
  encryptRoomEvent(room: Id, type: string, content: string): Promise<string>;
  decryptRoomEvent(event: string, room: Id): Promise<Decrypted>;
  close(): void;
}

export interface Id {
  toString(): string;
}

export interface Request {
  readonly id: string;
  readonly type: number;
  readonly body: string;
  /** Of what goes to devices. */
  readonly eventType?: string;
  readonly txnId?: string;
}

interface Settings {
  algorithm: number;
  /** In microseconds. */
  rotationPeriod: bigint;
  rotationPeriodMessages: bigint;
}

interface Decrypted {
  readonly event: string;
  shieldState(strict: boolean): Shield | null;
}

/** What a client would warn people of. */
export interface Shield {
  readonly color: number;
  readonly code: number;
}

interface HiddenBytes {
  readonly encryptedData: Uint8Array;
  readonly mediaEncryptionInfo: string | null;
}

export const SQLITE = 0;
export const MEGOLM = 1;
export const RED = 0;
/** It is a device of the sender, who did not sign it. */
export const UNSIGNED_DEVICE = 2;
export const KEYS_UPLOAD = 0;
export const KEYS_QUERY = 1;
export const KEYS_CLAIM = 2;
export const TO_DEVICE = 3;
