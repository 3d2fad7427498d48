/** The file system as a run sees it: everything that a run reads or writes goes through here, so that a test can crash at each step. */
export interface Fs {
  /** @throws the system's error, such as `ENOENT` */
  open(path: string, how: OpenHow): Promise<FsFile>;
  /** What is at a path; `undefined` when there is nothing. */
  stat(path: string): Promise<FsStat | undefined>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; that there is none is fine. */
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Removes an empty folder. */
  removeFolder(path: string): Promise<void>;
  /** The names in a folder. */
  list(path: string): Promise<readonly string[]>;
  /** Makes names that were created, renamed or removed in a folder survive a power loss, where the system can. */
  syncFolder(path: string): Promise<void>;
  /** How many bytes may still be written in a folder. */
  freeBytes(path: string): Promise<number>;
}

/**
 * How a file is opened: to be read, to be changed in place, to be appended to, to be written anew, or made only if there
 * is none.
 */
export type OpenHow = "read" | "change" | "append" | "replace" | "create";

/** An open file. */
export interface FsFile {
  /** Appends before it returns: what was written before a request leaves is with the system when it does. Returns how much was taken. */
  appendNow(data: Uint8Array): number;
  /** Appends; returns how much was taken. */
  append(data: Uint8Array): Promise<number>;
  /** Reads into the whole of `into` from a place in the file; returns how much there was. */
  read(into: Uint8Array, position: number): Promise<number>;
  size(): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Makes what was written survive a power loss. After a failure nothing that was not yet synced can be relied on. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** What is known of a path without opening it. */
export interface FsStat {
  readonly kind: "file" | "folder" | "other";
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** The same for two names of one file, and for no other. */
  readonly identity: string;
}
