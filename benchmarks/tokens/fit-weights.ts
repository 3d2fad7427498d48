import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { scanTable, scanText } from "../../src/provider/tokens/token-scan.ts";
import { tokenWeights, weightAt } from "../../src/provider/tokens/token-weights.ts";
import { byCategory, type Document } from "./documents.ts";

const special = { disallowedSpecial: new Set<string>() };
const longestPiece = 400;
const charactersPerCategory = 500_000;
/** So little that it moves only what hardly any text shows. */
const pull = 0.5;
const rounds = 2000;
/** Several features fit into one number: no piece has one of them more often than that. */
const radix = 2 ** 13;
const perPass = 4;

interface Piece {
  readonly text: string;
  readonly tokens: number;
  readonly features: Map<number, number>;
}

/** The weights with the least squares of errors over the lines of the documents; what these do not show stays as it is. */
export const fitWeights = (documents: readonly Document[]): Float64Array => {
  const pieces = piecesOf(documents.filter(({ held }) => !held));
  findFeatures(pieces);
  const size = tokenWeights.length;
  const matrix = Array.from({ length: size }, (_, row) => new Float64Array(size).fill(pull, row, row + 1));
  const target = tokenWeights.map((weight) => weight * pull);
  for (const { text, tokens, features } of pieces) {
    // A longer piece errs more; to divide by its tokens would favour the pieces that have few of them.
    const weight = 1 / text.length;
    for (const [row, times] of features) {
      target[row] = (target[row] ?? 0) + weight * times * tokens;
      const line = matrix[row] ?? new Float64Array();
      for (const [column, others] of features) line[column] = (line[column] ?? 0) + weight * times * others;
    }
  }
  return solve(matrix, target);
};

/** Weights as they stand in `token-weights.ts`. */
export const printWeights = (weights: Float64Array): void => {
  const starts = Object.entries(weightAt);
  starts.forEach(([name, start], index) => {
    const values = weights.slice(start, starts[index + 1]?.[1]);
    console.log(`${name}: [${Array.from(values, (value) => Number(value.toFixed(3))).join(", ")}],`);
  });
};

/** A category has as much say as it has text, up to a bound. */
const piecesOf = (documents: readonly Document[]): readonly Piece[] =>
  byCategory(documents).flatMap(([, group]) => {
    const share = Math.min(1, charactersPerCategory / group.reduce((sum, { text }) => sum + text.length, 0));
    return group
      .flatMap(({ text }) => text.match(/[^]{60}[^\n]{0,300}\n*|[^]+$/g) ?? [])
      .filter((text, index) => text !== "" && Math.floor((index + 1) * share) > Math.floor(index * share))
      .map((text) => {
        const piece = text.slice(0, longestPiece);
        return { text: piece, tokens: countTokens(piece, special), features: new Map<number, number>() };
      });
  });

/** The scan is linear in its weights, so with weights of one feature alone it counts that feature. */
const findFeatures = (pieces: readonly Piece[]): void => {
  const probe = new Float64Array(tokenWeights.length);
  for (let first = 0; first < probe.length; first += perPass) {
    probe.fill(0);
    for (let place = 0; place < perPass; place++) probe[first + place] = radix ** place;
    const table = scanTable(probe);
    for (const { text, features } of pieces) {
      let sum = scanText(text, table);
      for (let feature = first; sum > 0; feature++) {
        const times = sum % radix;
        if (times > 0) features.set(feature, times);
        sum = (sum - times) / radix;
      }
    }
  }
};

/** Coordinate descent; no feature may take tokens away. */
const solve = (matrix: readonly Float64Array[], target: Float64Array): Float64Array => {
  const weights = new Float64Array(tokenWeights);
  for (let round = 0; round < rounds; round++) {
    matrix.forEach((line, row) => {
      const error = line.reduce((sum, value, column) => sum - value * (weights[column] ?? 0), target[row] ?? 0);
      weights[row] = Math.max(0, (weights[row] ?? 0) + error / (line[row] ?? 1));
    });
  }
  return weights;
};
