/** Where the records of rows stand in a file of records. */
export interface RowPlaces {
  /** How many rows the input has. */
  readonly rows: number;
  /** Where the row's record begins, in bytes; `undefined` when it has none. */
  offsetOf(row: number): number | undefined;
  /** In bytes, the line's ending included; 0 without a record. */
  lengthOf(row: number): number;
  /** The CRC-32 of these bytes as they were written; `undefined` when nobody noted it. */
  checksumOf(row: number): number | undefined;
}
