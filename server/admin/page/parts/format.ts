/** Milliseconds with three digits or so: "0.084 ms", "1.25 ms", "104 ms". */
export function ms(value: number): string {
  const size = Math.abs(value);
  return `${value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)} ms`;
}

export function bytes(value: number): string {
  if (value < 1_000) return `${Math.round(value)} B`;
  if (value < 1_000_000) return `${digits(value / 1_000)} kB`;
  if (value < 1_000_000_000) return `${digits(value / 1_000_000)} MB`;
  return `${digits(value / 1_000_000_000)} GB`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function percent(value: number): string {
  return `${value.toFixed(value >= 10 ? 0 : 1)} %`;
}

/** "4 d 3 h", "12 min 5 s". */
export function duration(seconds: number): string {
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  if (minutes > 0) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds)} s`;
}

export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

function digits(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
