/** Sums of hinges, o + sum_i c_i max(0, x - k_i), beside a sine: values, corners, best slopes. */

export const END = 2 * Math.PI;
const N_GRID = 315;
export const GRID = Array.from({length: N_GRID}, (_, i) => (i * END) / (N_GRID - 1));

export function value({offset, kinks, changes}, x) {
  return kinks.reduce((sum, k, i) => sum + changes[i] * Math.max(0, x - k), offset);
}

/** The largest gap to the sine on the grid, the root of the mean square, and all gaps. */
export function errors(hinges) {
  const gaps = GRID.map(x => value(hinges, x) - Math.sin(x));
  const square = gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length;
  return {worst: Math.max(...gaps.map(Math.abs)), typical: Math.sqrt(square), gaps};
}

/** The corners of the broken line, from the left, and its end: [x, y] each. */
export function corners(hinges) {
  const xs = [...hinges.kinks].sort((a, b) => a - b);
  return [...xs, END].map(x => [x, value(hinges, x)]);
}

/** The hinges whose broken line has these corners: the inverse of `corners`. */
export function through(points) {
  let slope = 0;
  const changes = points.slice(1).map(([x, y], i) => {
    const next = (y - points[i][1]) / Math.max(x - points[i][0], 1e-9);
    const change = next - slope;
    slope = next;
    return change;
  });
  return {offset: points[0][1], kinks: points.slice(0, -1).map(([x]) => x), changes};
}

/** Solve a x = b by elimination with the largest pivot; what depends on others gets 0. */
function solved(a, b) {
  const rows = a.map((row, i) => [...row, b[i]]);
  const n = rows.length;
  const pivots = [];
  for (let column = 0, top = 0; column < n; column++) {
    let best = top;
    for (let r = top; r < n; r++)
      if (Math.abs(rows[r][column]) > Math.abs(rows[best][column])) best = r;
    if (Math.abs(rows[best][column]) < 1e-9) continue;
    [rows[top], rows[best]] = [rows[best], rows[top]];
    for (let r = 0; r < n; r++) {
      if (r === top) continue;
      const factor = rows[r][column] / rows[top][column];
      for (let c = column; c <= n; c++) rows[r][c] -= factor * rows[top][c];
    }
    pivots.push([top++, column]);
  }
  const x = Array(n).fill(0);
  for (const [r, c] of pivots) x[c] = rows[r][n] / rows[r][c];
  return x;
}

/** The offset and slope changes of the least squared error on the grid, the kinks as they are. */
export function bestSlopes(kinks) {
  const columns = [() => 1, ...kinks.map(k => x => Math.max(0, x - k))];
  const over = f => GRID.reduce((sum, x) => sum + f(x), 0);
  const gram = columns.map(f => columns.map(g => over(x => f(x) * g(x))));
  const [offset, ...changes] = solved(
    gram,
    columns.map(f => over(x => f(x) * Math.sin(x))),
  );
  return {offset, kinks: [...kinks], changes};
}

/** One step of gradient descent on the mean squared error, in offset, kinks and changes. */
export function descended(hinges, rate) {
  const {gaps} = errors(hinges);
  const scale = (2 * rate) / GRID.length;
  const offset = hinges.offset - scale * gaps.reduce((sum, gap) => sum + gap, 0);
  const kinks = [],
    changes = [];
  hinges.kinks.forEach((k, i) => {
    let kink = 0,
      change = 0;
    GRID.forEach((x, j) => {
      if (x <= k) return;
      kink -= hinges.changes[i] * gaps[j];
      change += (x - k) * gaps[j];
    });
    kinks.push(Math.min(END - 0.02, Math.max(0, k - scale * kink)));
    changes.push(hinges.changes[i] - scale * change);
  });
  return {offset, kinks, changes};
}
