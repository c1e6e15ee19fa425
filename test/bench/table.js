/** The numbers as text for people. Promises aligned columns and the numbers it was given; computes nothing but the ratio. */

export function caseTable(summaries) {
  const rows = summaries.map(({ name, median, min, max, unit, runs }) => [name, median, min, max, unit, runs]);
  return aligned(['case', 'median', 'min', 'max', 'unit', 'runs'], rows);
}

/** Medians with min..max in brackets; below 1 the ratio says that ours is the smaller number. */
export function comparisonTable(ours, theirs) {
  const rows = ours.map((our, index) => {
    const their = theirs[index];
    const ratio = (our.median / their.median).toFixed(2);
    return [our.name, spread(our), spread(their), ratio, our.unit, our.better, our.runs];
  });
  return aligned(['case', 'here', 'compared', 'ratio', 'unit', 'better', 'runs'], rows);
}

export function list(cases) {
  return aligned(
    ['case', 'unit', 'better', 'measures'],
    cases.map(({ name, unit, better, measures }) => [name, unit, better, measures]),
  );
}

function spread({ median, min, max }) {
  return `${median.toFixed(1)} (${min.toFixed(1)}..${max.toFixed(1)})`;
}

/** Numbers to the right with one digit after the point, counts as they are, texts to the left. */
function aligned(head, rows) {
  const cells = rows.map((row) => row.map((cell, column) => text(cell, head[column])));
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) =>
        typeof rows[0][column] === 'number' ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [head, ...cells].map(line).join('\n');
}

function text(cell, title) {
  return typeof cell === 'number' && title !== 'runs' ? cell.toFixed(1) : String(cell);
}
