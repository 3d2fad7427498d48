const newline = 0x0a;
const carriageReturn = 0x0d;

/** Whether lines are ended by a carriage return alone, as old programs on the Mac do, going by the beginning of a file. */
export const hasLoneReturns = async (chunks: AsyncGenerator<Buffer>): Promise<boolean> => {
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    // The last byte may be the first half of CR LF.
    return !chunk.includes(newline) && chunk.subarray(0, -1).includes(carriageReturn);
  }
  return false;
};

/** The same bytes with newlines in the place of carriage returns. */
export async function* withNewlines(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = chunk.indexOf(carriageReturn); at !== -1; at = chunk.indexOf(carriageReturn, at + 1)) {
      chunk[at] = newline;
    }
    yield chunk;
  }
}
