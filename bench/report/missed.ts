import { figureOf, type Measured } from './figure.ts';

/** A line for each measure that missed a goal: how to see where its time goes. */
export function missed(measured: readonly Measured[]): readonly string[] {
  const all = measured.filter((one) => figureOf(one).met === false);
  return [...new Set(all.map(({ measure }) => measure))].map(
    (measure) =>
      `${measure} missed a goal; where its time goes: npm run bench -- --profile ${measure}`,
  );
}
