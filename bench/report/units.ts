/** Figures as a report shows them: as many digits as mean something. */

export function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(3) : value.toFixed(1);
}

export function microseconds(value: number): string {
  return `${value.toFixed(2)} µs`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

export function frames(count: number): string {
  return `${count.toFixed(1)} frames`;
}
