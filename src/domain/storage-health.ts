/** One of the conditions that a storage raises about itself, e.g. `OSD_DOWN`. */
export interface StorageAlert {
  readonly code: string;
  readonly severity: 'warning' | 'error';
  readonly summary: string;
  /** Somebody told the storage to keep quiet about it. It is there all the same. */
  readonly muted: boolean;
}

export interface StorageNode {
  readonly name: string;
  readonly osds: number;
  readonly down: number;
  /** Its disks are all down and told to stay in (noout): somebody is working on it. */
  readonly inMaintenance: boolean;
}

/** What a storage says of itself at one moment; no number is a guess. */
export interface StorageHealth {
  readonly overall: 'ok' | 'warning' | 'error';
  readonly alerts: readonly StorageAlert[];
  /** Counted in copies of objects, except `unfound`: objects of which no copy is found. */
  readonly objects: {
    readonly degraded: number;
    readonly misplaced: number;
    readonly unfound: number;
  };
  readonly placementGroups: {
    readonly total: number;
    /** What they hold can be read and written. */
    readonly active: number;
    readonly undersized: number;
    readonly degraded: number;
  };
  readonly osds: { readonly total: number; readonly up: number; readonly in: number };
  readonly nodes: readonly StorageNode[];
  /** Set for the whole storage, such as `noout`. */
  readonly flags: readonly string[];
}
