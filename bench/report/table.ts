/** Rows of cells as lines: the first column to the left, the others to the right. A row without cells is empty. */
export function alignedRows(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, cells) =>
      cells.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)).concat(widest.slice(cells.length)),
    [],
  );
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart((widths[i] ?? 0) + 3)))
      .join(""),
  );
}
